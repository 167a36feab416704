import { unifiedMergeView } from '@codemirror/merge';
import { Compartment, EditorState, Text } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { defaultKeymap } from '@codemirror/commands';
import { useEffect, useRef } from 'react';
import { languageFor } from '../editor/languages';
import { theme } from '../editor/theme';
import { t } from '../i18n';
import './preview.css';

interface Props {
  path: string;
  /** What is shown. */
  text: string;
  /** What it is compared with. */
  now: string;
}

/** A version's text: what Restore would bring back is marked +, what it would take away −. */
export function Preview({ path, text, now }: Props) {
  const parent = useRef<HTMLDivElement>(null);
  const view = useRef<{ view: EditorView; compare: Compartment } | null>(null);
  const latest = useRef(now);
  useEffect(() => {
    latest.current = now;
  });

  useEffect(() => {
    if (!parent.current) return;
    const compare = new Compartment();
    const language = new Compartment();
    const made = new EditorView({
      parent: parent.current,
      state: EditorState.create({
        doc: textOf(text),
        extensions: [
          EditorState.lineSeparator.of('\n'),
          EditorState.readOnly.of(true),
          EditorView.contentAttributes.of({
            'aria-label': t.history.preview(path),
            'aria-readonly': 'true',
          }),
          lineNumbers(),
          keymap.of(defaultKeymap),
          language.of([]),
          theme,
          compare.of(comparedWith(latest.current, text)),
        ],
      }),
    });
    view.current = { view: made, compare };
    let current = true;
    void languageFor(path).then((extension) => {
      if (current) made.dispatch({ effects: language.reconfigure(extension) });
    });
    return () => {
      current = false;
      view.current = null;
      made.destroy();
    };
  }, [path, text]);

  useEffect(() => {
    const { view: made, compare } = view.current ?? {};
    if (made && compare) made.dispatch({ effects: compare.reconfigure(comparedWith(now, text)) });
  }, [now, text]);

  return <div ref={parent} className="cr-editor cr-preview" />;
}

/** Where nothing differs, nothing is folded away: one came to see the text. */
function comparedWith(now: string, text: string) {
  return unifiedMergeView({
    original: textOf(now),
    mergeControls: false,
    collapseUnchanged: now === text ? undefined : { margin: 4, minSize: 8 },
    diffConfig: { scanLimit: 2000, timeout: 200 },
  });
}

/** Only \n ends a line, as in the document. */
function textOf(text: string): Text {
  return Text.of(text.split('\n'));
}
