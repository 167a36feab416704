import * as Y from 'yjs';
import { newId } from './messages';

/**
 * Protected ranges of a file: docs/PROTOCOL.md, "Protected ranges". The root map `protected` holds, by
 * an id, `{ start, end, why }` with the relative positions of the first and the last unit. Only owners
 * may change the map; the server puts back whatever changes the text between.
 */
const ROOT = 'protected';

/** UTF-16 units from `from` up to `to` of the text. */
export interface ProtectedRange {
  id: string;
  from: number;
  to: number;
  why: string;
}

export function protectedMap(text: Y.Text): Y.Map<unknown> | null {
  return text.doc?.getMap(ROOT) ?? null;
}

/** In the order of the text. What a script wrote there may be anything: what is no range is left out. */
export function protectedRanges(text: Y.Text): ProtectedRange[] {
  const ranges: ProtectedRange[] = [];
  protectedMap(text)?.forEach((value, id) => {
    const { start, end, why } = (value ?? {}) as Record<string, unknown>;
    const from = position(start, text);
    const to = position(end, text);
    if (from === null || to === null || from >= to) return;
    ranges.push({ id, from, to, why: typeof why === 'string' ? why.slice(0, 200) : '' });
  });
  return ranges.sort((a, b) => a.from - b.from);
}

/**
 * Protects the lines that hold `from` to `to`. The line breaks around belong to the range, so that
 * nothing can be written at the ends of its lines either.
 */
export function protectLines(text: Y.Text, from: number, to: number): void {
  const all = text.toString();
  const start = Math.max(0, all.lastIndexOf('\n', from - 1));
  const next = all.indexOf('\n', to);
  const end = next < 0 ? all.length : next + 1;
  if (start >= end) return;
  protectedMap(text)?.set(newId(), {
    start: Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(text, start, 0)),
    end: Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(text, end, -1)),
  });
}

/** Lifts every protection that touches `from` to `to`. */
export function unprotect(text: Y.Text, from: number, to: number): void {
  text.doc?.transact(() => {
    for (const range of protectedRanges(text)) {
      if (range.from <= to && from <= range.to) protectedMap(text)?.delete(range.id);
    }
  });
}

/** Whether replacing `from` to `to` by something changes what is protected. */
export function touches(range: ProtectedRange, from: number, to: number): boolean {
  return from === to ? range.from < from && from < range.to : from < range.to && range.from < to;
}

function position(value: unknown, text: Y.Text): number | null {
  if (typeof value !== 'object' || value === null || !text.doc) return null;
  try {
    const relative = Y.createRelativePositionFromJSON(value);
    const found = Y.createAbsolutePositionFromRelativePosition(relative, text.doc);
    return found?.type === text ? found.index : null;
  } catch {
    return null;
  }
}
