import { cx } from './cx';
import css from './Avatar.module.css';
import './peers.css';

interface Props {
  name: string;
  /** Index into the colours of people. */
  color: number;
  small?: boolean;
}

/** Initials in a ring of the person's colour. The name stands beside it or in a label. */
export function Avatar({ name, color, small }: Props) {
  return (
    <span
      className={cx(css.avatar, small && css.small, `cr-peer-${color % 12}`)}
      aria-hidden="true"
    >
      {initials(name)}
    </span>
  );
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const first = firstCharacter(words[0] ?? '');
  const last = words.length > 1 ? firstCharacter(words.at(-1) ?? '') : '';
  return (first + last).toUpperCase() || '?';
}

function firstCharacter(word: string): string {
  return [...word][0] ?? '';
}
