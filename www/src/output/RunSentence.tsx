import { useEffect, useState } from 'react';
import { t } from '../i18n';
import type { RunInfo } from '../realtime/messages';
import type { RunOutput } from '../realtime/runOutput';
import { cx } from '../ui/cx';
import { summarizeError, type Place } from './errorLinks';
import { useNow } from './useRuns';
import { runMs, verdict, waiting } from './verdict';
import css from './OutputPanel.module.css';

interface Props {
  run: RunInfo;
  output: RunOutput;
  paths: readonly string[];
  onPlace: (place: Place) => void;
}

/** One line above the output: who runs what, how long already, and how it ended. */
export function RunSentence({ run, output, paths, onPlace }: Props) {
  const going = run.state === 'running';
  const now = useNow(going);
  const ended = run.result ? verdict(run.result) : null;
  return (
    <div className={css.sentence}>
      <span className={cx(css.verdict, ended && css[ended.tone])}>
        {ended?.text ?? progress(run, now)}
      </span>
      {run.result && run.result.verdict !== 'ok' && (
        <Cause run={run} output={output} paths={paths} onPlace={onPlace} />
      )}
      <span className={css.who}>{t.output.who(run.entry, run.user_name)}</span>
      {run.result?.truncated && <span className={css.who}>{t.output.truncated}</span>}
    </div>
  );
}

function progress(run: RunInfo, now: number): string {
  if (run.state === 'queued') return waiting(run);
  const elapsed = t.output.elapsed(runMs(run, now));
  return run.phase === 'compile' ? t.output.compiling(elapsed) : t.output.runningFor(elapsed);
}

/** "Line 3: NameError: …", leading there. */
function Cause({ output, paths, onPlace }: Props) {
  const [errors, setErrors] = useState('');
  useEffect(() => {
    const read = () => setErrors(errorText(output));
    read();
    return output.subscribe(read);
  }, [output]);
  const { place, text } = summarizeError(errors, paths);
  if (!place) return null;
  return (
    <button type="button" className={css.link} onClick={() => onPlace(place)}>
      {text ? t.output.cause(place.path, place.line, text) : t.output.place(place.path, place.line)}
    </button>
  );
}

const MOST_BYTES = 64 * 1024;

/** The end of what went to standard error and what the compiler said. */
function errorText(output: RunOutput): string {
  const decoder = new TextDecoder();
  const text = output.pieces
    .filter((p) => p.stream === 2 || p.stream === 3)
    .map((p) => decoder.decode(p.bytes, { stream: true }))
    .join('');
  return text.slice(-MOST_BYTES);
}
