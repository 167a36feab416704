import {
  EditorState,
  RangeSet,
  StateEffect,
  StateField,
  type Extension,
  type Text,
  type Transaction,
} from '@codemirror/state';
import { Decoration, EditorView, gutter, GutterMarker, ViewPlugin } from '@codemirror/view';
import { ySyncAnnotation } from 'y-codemirror.next';
import type * as Y from 'yjs';
import { t } from '../i18n';
import {
  protectedMap,
  protectedRanges,
  touches,
  type ProtectedRange,
} from '../realtime/protectedRanges';
import './protect.css';

const setRanges = StateEffect.define<readonly ProtectedRange[]>();

const ranges = StateField.define<readonly ProtectedRange[]>({
  create: () => [],
  update(value, tr) {
    for (const effect of tr.effects) if (effect.is(setRanges)) return effect.value;
    if (!tr.docChanged || value.length === 0) return value;
    return value.map((r) => ({
      ...r,
      from: tr.changes.mapPos(r.from, 1),
      to: tr.changes.mapPos(r.to, -1),
    }));
  },
  provide: (field) =>
    EditorView.decorations.from(field, (value) => (view) => {
      const marks = linesOf(view.state.doc, value).map((at) => shade.range(at));
      return Decoration.set(marks);
    }),
});

const shade = Decoration.line({ class: 'cr-protected' });

/** Where the protected lines begin. The line breaks around them are protected, too, but not shaded. */
function linesOf(doc: Text, value: readonly ProtectedRange[]): number[] {
  const starts = new Set<number>();
  for (const range of value) {
    const to = Math.min(range.to, doc.length);
    const from = Math.min(range.from, to);
    const first = from + (doc.sliceString(from, from + 1) === '\n' && from + 1 < to ? 1 : 0);
    const last = to - (to - 1 > first && doc.sliceString(to - 1, to) === '\n' ? 1 : 0);
    for (let at = doc.lineAt(first); ; at = doc.line(at.number + 1)) {
      starts.add(at.from);
      if (at.to >= last || at.number === doc.lines) break;
    }
  }
  return [...starts].sort((a, b) => a - b);
}

class Lock extends GutterMarker {
  override toDOM(): Node {
    const lock = document.createElement('span');
    lock.className = 'cr-lock';
    lock.title = t.editor.protected;
    return lock;
  }
}
const lock = new Lock();

const locks = gutter({
  class: 'cr-locks',
  markers: (view) =>
    RangeSet.of(linesOf(view.state.doc, view.state.field(ranges)).map((at) => lock.range(at))),
});

/** Whether the transaction, made in this editor, changes what is protected. */
function isForbidden(tr: Transaction): boolean {
  const known = tr.startState.field(ranges, false) ?? [];
  // Others' edits, and taking back one's own, come by the document: the server has the last word there.
  if (!tr.docChanged || known.length === 0 || tr.annotation(ySyncAnnotation)) return false;
  let forbidden = false;
  tr.changes.iterChanges((from, to) => {
    forbidden ||= known.some((range) => touches(range, from, to));
  });
  return forbidden;
}

/** Shows what is protected, and keeps this person from typing there before the server has to. */
export function protection(text: Y.Text, onForbidden: () => void): Extension {
  return [
    ranges.init(() => protectedRanges(text)),
    locks,
    EditorState.transactionFilter.of((tr) => {
      if (!isForbidden(tr)) return tr;
      onForbidden();
      return [];
    }),
    ViewPlugin.fromClass(
      class {
        #scheduled = false;
        constructor(readonly view: EditorView) {
          protectedMap(text)?.observeDeep(this.#changed);
        }
        destroy(): void {
          protectedMap(text)?.unobserveDeep(this.#changed);
        }
        // A change of the text may come in the same transaction: the view has it a moment later.
        #changed = (): void => {
          if (this.#scheduled) return;
          this.#scheduled = true;
          queueMicrotask(() => {
            this.#scheduled = false;
            this.view.dispatch({ effects: setRanges.of(protectedRanges(text)) });
          });
        };
      },
    ),
  ];
}
