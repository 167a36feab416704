import css from './Skeleton.module.css';

/** Grey lines in the place of what is still loading. */
export function Skeleton({ lines, label }: { lines: number; label: string }) {
  return (
    <div className={css.skeleton} role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, i) => (
        <div key={i} className={css.line} />
      ))}
    </div>
  );
}
