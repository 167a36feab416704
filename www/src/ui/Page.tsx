import { useEffect, type ReactNode } from 'react';
import { Link } from 'react-router';
import { t } from '../i18n';
import { cx } from './cx';
import { ThemeToggle } from './ThemeToggle';
import css from './Page.module.css';

interface Props {
  title: string;
  children: ReactNode;
  actions?: ReactNode;
  /** Something small in the middle: a form, a notice. */
  narrow?: boolean;
}

/** A page outside the room: the bar with the name, and one column. */
export function Page({ title, children, actions, narrow }: Props) {
  useTitle(title);
  return (
    <div className={css.page}>
      <header className={css.bar}>
        <Link to="/rooms" className={css.brand}>
          <img src="icon.svg" alt="" width={24} height={24} />
          {t.common.product}
        </Link>
        <div className={css.actions}>
          {actions}
          <ThemeToggle />
        </div>
      </header>
      <main className={cx(css.main, narrow && css.narrow)}>{children}</main>
    </div>
  );
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === t.common.product ? title : `${title} · ${t.common.product}`;
  }, [title]);
}

export function Card({ children }: { children: ReactNode }) {
  return <div className={css.card}>{children}</div>;
}

/** A page in a few words: what happened, and what one can do. */
export function Message({
  title,
  level: Heading = 'h1',
  text,
  children,
}: {
  title: string;
  level?: 'h1' | 'h2';
  text?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className={css.message}>
      <Heading className={css.title}>{title}</Heading>
      {text && <p>{text}</p>}
      {children && <div className={css.choices}>{children}</div>}
    </div>
  );
}

export function Notice({
  tone = 'warn',
  children,
}: {
  tone?: 'warn' | 'bad';
  children: ReactNode;
}) {
  return (
    <div
      className={cx(css.notice, tone === 'bad' && css.bad)}
      role={tone === 'bad' ? 'alert' : undefined}
    >
      {children}
    </div>
  );
}
