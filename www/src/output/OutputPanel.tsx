import { Copy } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { t } from '../i18n';
import type { RunInfo } from '../realtime/messages';
import type { RoomChannel } from '../realtime/roomChannel';
import { useStore } from '../realtime/store';
import { Button, IconButton } from '../ui/Button';
import { copyText } from '../ui/copy';
import { cx } from '../ui/cx';
import { toast } from '../ui/toasts';
import type { Place } from './errorLinks';
import { InputLine } from './InputLine';
import { RunSentence } from './RunSentence';
import { useStoredOutput } from './stored';
import { useNow, type Runs } from './useRuns';
import { runMs } from './verdict';
import css from './OutputPanel.module.css';

const TerminalView = lazy(() => import('./TerminalView'));

interface Props {
  channel: RoomChannel;
  room: string;
  runs: Runs;
  canRun: boolean;
  stdin: string;
  onStdin: (text: string) => void;
  onPlace: (place: Place) => void;
}

export function OutputPanel(props: Props) {
  const { channel, runs, canRun, stdin } = props;
  const [tab, setTab] = useState<'output' | 'input'>('output');
  const text = useRef<(() => string) | null>(null);
  const shownId = runs.shown?.id;

  // A run that starts is what one wants to see.
  useEffect(() => setTab('output'), [shownId, canRun]);

  const copy = async () => {
    if (await copyText(text.current?.() ?? '')) toast(t.output.copied);
  };
  return (
    <section className={css.panel} aria-label={t.output.title}>
      <div className={css.bar}>
        <div role="tablist" aria-label={t.output.title} className={css.tabs}>
          <Tab id="output" current={tab} onSelect={setTab} label={t.output.title} />
          {canRun && (
            <Tab
              id="input"
              current={tab}
              onSelect={setTab}
              label={stdin ? t.output.inputFilled : t.output.input}
            />
          )}
        </div>
        <Chips runs={runs} />
        {runs.shown && tab === 'output' && (
          <IconButton label={t.output.copy} onClick={() => void copy()}>
            <Copy size={14} />
          </IconButton>
        )}
      </div>
      <div
        className={css.body}
        role="tabpanel"
        hidden={tab !== 'output'}
        aria-label={t.output.title}
      >
        {runs.shown ? (
          <Shown {...props} run={runs.shown} text={text} />
        ) : (
          <p className={css.empty}>{canRun ? t.output.empty : t.output.emptyViewer}</p>
        )}
      </div>
      {tab === 'input' && <InputTab {...props} />}
      {runs.shown && isOpenForInput(runs.shown) && canRun && tab === 'output' && (
        <OpenInput channel={channel} run={runs.shown.id} />
      )}
    </section>
  );
}

function isOpenForInput(run: RunInfo): boolean {
  return run.state === 'running' && run.stdin_open && run.phase !== 'compile';
}

function OpenInput({ channel, run }: { channel: RoomChannel; run: string }) {
  const { stdinClosed } = useStore(channel.state);
  return stdinClosed.has(run) ? null : <InputLine key={run} channel={channel} run={run} />;
}

function Shown({
  channel,
  room,
  runs,
  run,
  text,
  onPlace,
}: Props & { run: RunInfo; text: React.RefObject<(() => string) | null> }) {
  const { files } = useStore(channel.state);
  const stored = useStoredOutput(channel, room, run);
  const output = channel.output(run.id);
  const paths = files.filter((f) => f.kind === 'file').map((f) => f.path);
  return (
    <>
      <RunSentence run={run} output={output} paths={paths} onPlace={onPlace} />
      {stored.failed && (
        <p className={css.note}>
          {t.output.notLoaded} <Button onClick={stored.retry}>{t.common.retry}</Button>
        </p>
      )}
      <Suspense fallback={<div className={css.terminal} />}>
        <TerminalView
          channel={channel}
          current={runs.current}
          output={output}
          paths={paths}
          onPlace={onPlace}
          textRef={text}
        />
      </Suspense>
    </>
  );
}

interface TabProps {
  id: 'output' | 'input';
  current: string;
  label: string;
  onSelect: (id: 'output' | 'input') => void;
}

function Tab({ id, current, label, onSelect }: TabProps) {
  return (
    <button
      type="button"
      role="tab"
      aria-selected={current === id}
      className={css.tab}
      onClick={() => onSelect(id)}
    >
      {label}
    </button>
  );
}

/** The runs that are going, when there are several: press one to see its output. */
function Chips({ runs }: { runs: Runs }) {
  const several = runs.active.length > 1;
  const elsewhere = runs.active.filter((r) => r.id !== runs.shown?.id);
  const now = useNow(several || elsewhere.length > 0);
  if (!several && elsewhere.length === 0) return <div className={css.chips} />;
  return (
    <div className={css.chips} role="group" aria-label={t.output.running}>
      {runs.active.map((run) => (
        <button
          key={run.id}
          type="button"
          className={cx(css.chip)}
          aria-pressed={run.id === runs.shown?.id}
          onClick={() => runs.select(run.id)}
        >
          {run.user_name} · {run.entry} · {t.output.elapsed(runMs(run, now))}
        </button>
      ))}
    </div>
  );
}

function InputTab({ stdin, onStdin }: Props) {
  return (
    <div className={css.inputTab} role="tabpanel" aria-label={t.output.input}>
      <p className={css.note} id="stdin-hint">
        {t.output.inputHint}
      </p>
      <textarea
        value={stdin}
        onChange={(e) => onStdin(e.target.value)}
        aria-label={t.output.input}
        aria-describedby="stdin-hint"
        spellCheck={false}
        autoCapitalize="off"
      />
    </div>
  );
}
