import { useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { cx } from './cx';
import css from './Splitter.module.css';

interface Props {
  label: string;
  /** Which way sizes change: between columns or between rows. */
  axis: 'x' | 'y';
  /** The panel is after the line (right of it, or below it). */
  after?: boolean;
  /** Size of the panel in px, and its limits. */
  size: number;
  min: number;
  max: number;
  onSize: (size: number) => void;
}

const STEP = 24;

/** The line between two panels, moved by pointer or arrow keys. */
export function Splitter({ label, axis, after, size, min, max, onSize }: Props) {
  const drag = useRef<{ from: number; size: number } | null>(null);
  const set = (next: number) => onSize(Math.round(Math.min(max, Math.max(min, next))));
  const at = (e: PointerEvent) => (axis === 'x' ? e.clientX : e.clientY);
  const sign = after ? -1 : 1;

  const down = (e: PointerEvent<HTMLDivElement>) => {
    e.currentTarget.setPointerCapture(e.pointerId);
    drag.current = { from: at(e), size };
  };
  const move = (e: PointerEvent) => {
    if (drag.current) set(drag.current.size + sign * (at(e) - drag.current.from));
  };
  const key = (e: KeyboardEvent) => {
    const [less, more] = axis === 'x' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    if (e.key === less) set(size - sign * STEP);
    else if (e.key === more) set(size + sign * STEP);
    else return;
    e.preventDefault();
  };

  return (
    <div
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={axis === 'x' ? 'vertical' : 'horizontal'}
      aria-valuenow={size}
      aria-valuemin={min}
      aria-valuemax={max}
      className={cx(css.splitter, axis === 'x' ? css.column : css.row)}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={() => (drag.current = null)}
      onKeyDown={key}
    />
  );
}
