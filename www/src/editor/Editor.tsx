import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useImperativeHandle, useRef, type Ref } from 'react';
import { protectLines, unprotect } from '../realtime/protectedRanges';
import type { DocSession } from '../realtime/docSession';
import { languageFor } from './languages';
import { peersOf } from './peers';
import { access, accessExtension, language, setup, type SetupOptions } from './setup';
import '../ui/peers.css';
import './peers.css';

export interface EditorHandle {
  /** 1-based line and column, as in error messages. */
  goTo: (line: number, column?: number) => void;
  focus: () => void;
  /** Protects the selected lines, or lifts the protections that touch them. */
  protect: (on: boolean) => void;
}

interface Props {
  session: DocSession;
  path: string;
  readOnly: boolean;
  /** Room connection of the person who is followed. */
  follow: string | null;
  onTooLarge: (bytes: number) => void;
  onNearlyFull: () => void;
  onProtected: () => void;
  /** This person typed or clicked here. */
  onActivity: () => void;
  ref?: Ref<EditorHandle>;
}

export function Editor({
  session,
  path,
  readOnly,
  follow,
  onTooLarge,
  onNearlyFull,
  onProtected,
  onActivity,
  ref,
}: Props) {
  const parent = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef({ path, readOnly, onTooLarge, onNearlyFull, onProtected, onActivity });
  useEffect(() => {
    latest.current = { path, readOnly, onTooLarge, onNearlyFull, onProtected, onActivity };
  });

  useEffect(() => {
    if (!parent.current) return;
    const made = makeView(parent.current, session, {
      ...latest.current,
      onTooLarge: (bytes) => latest.current.onTooLarge(bytes),
      onNearlyFull: () => latest.current.onNearlyFull(),
      onProtected: () => latest.current.onProtected(),
    });
    view.current = made;
    return () => {
      const { anchor, head } = made.state.selection.main;
      Object.assign(session.view, { anchor, head, scrollTop: made.scrollDOM.scrollTop });
      made.destroy();
      view.current = null;
    };
  }, [session]);

  useEffect(() => {
    let current = true;
    void languageFor(path).then((extension) => {
      if (current) view.current?.dispatch({ effects: language.reconfigure(extension) });
    });
    return () => {
      current = false;
    };
  }, [session, path]);

  useEffect(() => {
    view.current?.dispatch({ effects: access.reconfigure(accessExtension(readOnly)) });
  }, [session, readOnly]);

  useEffect(() => (follow ? followPeer(session, view, follow) : undefined), [session, follow]);

  useImperativeHandle(ref, () => ({
    goTo: (line, column = 1) => goTo(view.current, line, column),
    focus: () => view.current?.focus(),
    protect: (on) => {
      if (!view.current) return;
      const { from, to } = view.current.state.selection.main;
      (on ? protectLines : unprotect)(session.text, from, to);
    },
  }));

  const active = () => latest.current.onActivity();
  return <div ref={parent} className="cr-editor" onPointerDown={active} onKeyDown={active} />;
}

function makeView(
  parent: HTMLElement,
  session: DocSession,
  options: Omit<SetupOptions, 'session'>,
): EditorView {
  const doc = session.text.toString();
  const clamp = (at: number) => Math.min(at, doc.length);
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc,
      selection: { anchor: clamp(session.view.anchor), head: clamp(session.view.head) },
      extensions: setup({ session, ...options }),
    }),
  });
  // The cursor is in the text, unless that would bring up a phone's keyboard or take over a field.
  if (matchMedia('(pointer: fine)').matches && isIdle(document.activeElement)) view.focus();
  view.requestMeasure({
    read: () => undefined,
    write: () => (view.scrollDOM.scrollTop = session.view.scrollTop),
  });
  return view;
}

function isIdle(element: Element | null): boolean {
  return !element || element === document.body || element.getAttribute('role') === 'treeitem';
}

function goTo(view: EditorView | null, lineNumber: number, column: number): void {
  if (!view) return;
  const line = view.state.doc.line(Math.min(Math.max(1, lineNumber), view.state.doc.lines));
  const at = Math.min(line.from + Math.max(0, column - 1), line.to);
  view.dispatch({
    selection: { anchor: at },
    effects: EditorView.scrollIntoView(at, { y: 'center' }),
  });
  view.focus();
}

/** Keeps the followed person's cursor in sight; moves only when it is not. */
function followPeer(
  session: DocSession,
  view: { current: EditorView | null },
  conn: string,
): () => void {
  const look = () => {
    const peer = peersOf(session.awareness, session.text).find((p) => p.conn === conn);
    const editor = view.current;
    if (!peer || !editor || peer.head > editor.state.doc.length) return;
    const effects = EditorView.scrollIntoView(peer.head, { y: 'nearest', yMargin: 60 });
    requestAnimationFrame(() => view.current?.dispatch({ effects }));
  };
  look();
  session.awareness.on('change', look);
  return () => session.awareness.off('change', look);
}
