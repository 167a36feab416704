import { useId, useRef, useState } from 'react';
import { t } from '../i18n';
import type { NameProblem } from './tree';
import css from './FileTree.module.css';

interface Props {
  label: string;
  initial: string;
  check: (name: string) => NameProblem | null;
  onDone: (name: string) => void;
  onCancel: () => void;
}

/** A name in the tree as it is typed: Enter takes it, Escape does not. */
export function NameInput({ label, initial, check, onDone, onCancel }: Props) {
  const [name, setName] = useState(initial);
  const [asked, setAsked] = useState(false);
  const over = useRef(false);
  const id = useId();
  const problem = name === initial && initial !== '' ? null : check(name.trim());
  const shown = problem && (problem !== 'empty' || asked) ? t.files.problem[problem] : null;

  const finish = (how: 'enter' | 'leave' | 'escape') => {
    if (over.current) return;
    const unchanged = name.trim() === '' || name === initial;
    if (how === 'escape' || unchanged || (how === 'leave' && problem)) {
      over.current = true;
      onCancel();
    } else if (problem) {
      setAsked(true);
    } else {
      over.current = true;
      onDone(name.trim());
    }
  };
  return (
    <span className={css.inputBox}>
      <input
        className={css.input}
        aria-label={label}
        aria-invalid={shown ? true : undefined}
        aria-describedby={shown ? id : undefined}
        value={name}
        onChange={(e) => setName(e.target.value)}
        onKeyDown={(e) => {
          e.stopPropagation();
          if (e.key === 'Enter' && !e.nativeEvent.isComposing) finish('enter');
          if (e.key === 'Escape') finish('escape');
        }}
        onBlur={() => finish('leave')}
        onFocus={(e) => selectStem(e.target)}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        autoFocus
      />
      {shown && (
        <span id={id} className={css.problem} role="alert">
          {shown}
        </span>
      )}
    </span>
  );
}

/** Selects the name without its extension, which mostly stays. */
function selectStem(input: HTMLInputElement): void {
  const dot = input.value.lastIndexOf('.');
  input.setSelectionRange(0, dot > 0 ? dot : input.value.length);
}
