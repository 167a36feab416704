import { useId, type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes } from 'react';
import { cx } from './cx';
import css from './Field.module.css';

interface Props extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  /** The label is for screen readers only. */
  bare?: boolean;
}

/** A labelled input with its hint and its error beside it. */
export function Field({ label, hint, error, bare, className, ...rest }: Props) {
  const id = useId();
  const about = error ? `${id}-error` : hint ? `${id}-hint` : undefined;
  return (
    <div className={cx(css.field, className)}>
      <label htmlFor={id} className={bare ? 'sr-only' : css.label}>
        {label}
      </label>
      <input
        {...rest}
        id={id}
        className={css.input}
        aria-invalid={error ? true : undefined}
        aria-describedby={about}
      />
      {error ? (
        <p id={`${id}-error`} className={css.error} role="alert">
          {error}
        </p>
      ) : (
        hint && (
          <p id={`${id}-hint`} className={css.hint}>
            {hint}
          </p>
        )
      )}
    </div>
  );
}

interface SelectProps extends SelectHTMLAttributes<HTMLSelectElement> {
  label: string;
  bare?: boolean;
  children: ReactNode;
}

export function Select({ label, bare, children, className, ...rest }: SelectProps) {
  const id = useId();
  return (
    <div className={cx(css.field, className)}>
      <label htmlFor={id} className={bare ? 'sr-only' : css.label}>
        {label}
      </label>
      <select {...rest} id={id} className={css.input}>
        {children}
      </select>
    </div>
  );
}
