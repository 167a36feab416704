import { defaultKeymap, indentWithTab } from '@codemirror/commands';
import {
  bracketMatching,
  codeFolding,
  foldGutter,
  foldKeymap,
  indentOnInput,
  indentUnit,
} from '@codemirror/language';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import {
  crosshairCursor,
  drawSelection,
  dropCursor,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  rectangularSelection,
} from '@codemirror/view';
import { yCollab, yUndoManagerKeymap } from 'y-codemirror.next';
import { t } from '../i18n';
import type { DocSession } from '../realtime/docSession';
import { indentOf } from './languages';
import { peersExtension } from './peers';
import { protection } from './protect';
import { theme } from './theme';

/** CR_LIMIT_FILE_TEXT_BYTES: a longer file could not be run. */
export const MOST_BYTES = 1024 * 1024;

export const language = new Compartment();
export const access = new Compartment();
const search = new Compartment();

export function accessExtension(readOnly: boolean): Extension {
  return [
    EditorState.readOnly.of(readOnly),
    EditorView.contentAttributes.of(readOnly ? { 'aria-readonly': 'true' } : {}),
  ];
}

export interface SetupOptions {
  session: DocSession;
  path: string;
  readOnly: boolean;
  /** The change would make the file have so many bytes, more than it may; it was not made. */
  onTooLarge: (bytes: number) => void;
  /** Little more fits into the file. */
  onNearlyFull: () => void;
  /** The change would have touched protected lines; it was not made. */
  onProtected: () => void;
}

export function setup(options: SetupOptions): Extension {
  const { session, path, readOnly, onTooLarge, onNearlyFull, onProtected } = options;
  return [
    // Only \n ends a line, as in the document: a \r would otherwise shift every position after it.
    EditorState.lineSeparator.of('\n'),
    EditorView.clipboardInputFilter.of((text) => text.replace(/\r\n?/g, '\n')),
    sizeLimit(onTooLarge, onNearlyFull),
    protection(session.text, onProtected),
    replaceByState,
    access.of(accessExtension(readOnly)),
    yCollab(session.text, null, { undoManager: session.undo }),
    peersExtension(session.awareness, session.text),
    language.of([]),
    indentUnit.of(' '.repeat(indentOf(path))),
    EditorState.tabSize.of(4),
    lineNumbers(),
    highlightActiveLineGutter(),
    highlightSpecialChars(),
    foldGutter(),
    codeFolding(),
    drawSelection(),
    dropCursor(),
    EditorState.allowMultipleSelections.of(true),
    rectangularSelection(),
    crosshairCursor(),
    indentOnInput(),
    bracketMatching(),
    highlightActiveLine(),
    search.of([]),
    keymap.of([
      ...yUndoManagerKeymap,
      { key: 'Mod-f', run: openSearch },
      ...foldKeymap,
      indentWithTab,
      // Mod-Enter runs the program; the default would add a line.
      ...defaultKeymap.filter((k) => k.key !== 'Mod-Enter'),
    ]),
    EditorView.contentAttributes.of({
      'aria-label': t.editor.label(path),
      spellcheck: 'false',
      autocorrect: 'off',
      autocapitalize: 'off',
    }),
    theme,
  ];
}

/**
 * Typing over a selection: left to the browser, it would keep the look of what was there by a style
 * attribute, which a strict policy forbids.
 */
const replaceByState = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { state } = view;
    const plain = event.inputType === 'insertText' && event.data && !view.composing;
    if (!plain || state.readOnly || state.selection.main.empty) return false;
    event.preventDefault();
    view.dispatch(state.replaceSelection(event.data ?? ''), {
      userEvent: 'input.type',
      scrollIntoView: true,
    });
    return true;
  },
});

/** From here on the limit is named. */
const NEARLY_FULL = 0.9 * MOST_BYTES;

function sizeLimit(onTooLarge: SetupOptions['onTooLarge'], onNearlyFull: () => void): Extension {
  return EditorState.transactionFilter.of((tr) => {
    const mine = tr.isUserEvent('input') || tr.isUserEvent('move');
    const longer = tr.newDoc.length > tr.startState.doc.length;
    // A UTF-16 unit is at most three bytes: short texts need no counting.
    if (!tr.docChanged || !mine || !longer || tr.newDoc.length * 3 <= NEARLY_FULL) return tr;
    const bytes = byteLength(tr.newDoc.toString());
    if (bytes > MOST_BYTES) {
      onTooLarge(bytes);
      return [];
    }
    if (bytes > NEARLY_FULL && byteLength(tr.startState.doc.toString()) <= NEARLY_FULL) {
      onNearlyFull();
    }
    return tr;
  });
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Find and replace is loaded when it is first asked for. */
function openSearch(view: EditorView): boolean {
  void import('./search').then(({ searchExtension, openSearchPanel }) => {
    view.dispatch({ effects: search.reconfigure(searchExtension) });
    openSearchPanel(view);
  });
  return true;
}
