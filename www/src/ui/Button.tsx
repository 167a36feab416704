import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { Link, type LinkProps } from 'react-router';
import { cx } from './cx';
import css from './Button.module.css';

type Look = 'primary' | 'plain' | 'quiet' | 'danger';

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: Look;
  icon?: ReactNode;
  /** Something is under way: pressing again does nothing. */
  busy?: boolean;
}

export function Button({ look = 'plain', icon, busy, children, className, ...rest }: Props) {
  const disabled = rest.disabled || busy;
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled}
      aria-busy={busy || undefined}
      className={cx(css.button, css[look], className)}
    >
      {icon}
      {children}
    </button>
  );
}

/** Leads to another page and looks like a button. */
export function LinkButton({ look = 'plain', ...rest }: LinkProps & { look?: Look }) {
  return <Link {...rest} className={cx(css.button, css[look])} />;
}

interface IconProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'aria-label'> {
  /** Says what it does: read aloud and shown on hover. */
  label: string;
  pressed?: boolean;
}

export function IconButton({ label, pressed, className, children, ...rest }: IconProps) {
  return (
    <button
      type="button"
      title={label}
      {...rest}
      aria-label={label}
      aria-pressed={pressed}
      className={cx(css.icon, className)}
    >
      {children}
    </button>
  );
}
