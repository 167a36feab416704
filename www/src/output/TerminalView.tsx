import { useEffect, useRef, type RefObject } from 'react';
import { t } from '../i18n';
import type { RunInfo } from '../realtime/messages';
import type { RoomChannel } from '../realtime/roomChannel';
import type { RunOutput } from '../realtime/runOutput';
import { useDark } from '../ui/theme';
import type { Place } from './errorLinks';
import { openTerminal, type OutputTerminal } from './terminal';
import css from './OutputPanel.module.css';

interface Props {
  channel: RoomChannel;
  /** The run that is to be shown at this moment. */
  current: () => RunInfo | null;
  output: RunOutput | null;
  paths: readonly string[];
  onPlace: (place: Place) => void;
  /** Set to a function that gives what is on the screen as text. */
  textRef: RefObject<(() => string) | null>;
}

/** Loaded when the first output is shown: xterm.js is as large as the editor. */
export default function TerminalView(props: Props) {
  const { channel, current, output, paths, onPlace, textRef } = props;
  const parent = useRef<HTMLDivElement>(null);
  const terminal = useRef<OutputTerminal | null>(null);
  const latest = useRef({ paths, onPlace });
  const dark = useDark();

  useEffect(() => {
    latest.current = { paths, onPlace };
  });

  useEffect(() => {
    if (!parent.current) return;
    const made = openTerminal(parent.current, {
      label: t.output.title,
      paths: () => latest.current.paths,
      onPlace: (place) => latest.current.onPlace(place),
    });
    terminal.current = made;
    textRef.current = made.text;
    return () => {
      textRef.current = null;
      terminal.current = null;
      made.dispose();
    };
  }, [textRef]);

  useEffect(() => terminal.current?.show(output), [output]);
  // What a new run prints is on the screen before the rest of the page hears of the run.
  useEffect(
    () =>
      channel.watchOutput((run) => {
        if (current()?.id === run) terminal.current?.show(channel.output(run));
      }),
    [channel, current],
  );
  useEffect(() => {
    terminal.current?.restyle();
  }, [dark]);

  // The terminal measures its parent, padding included: the padding is around that.
  return (
    <div className={css.terminal}>
      <div ref={parent} className={css.screen} />
    </div>
  );
}
