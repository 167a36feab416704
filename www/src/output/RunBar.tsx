import { Play, Settings2, Square } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { t } from '../i18n';
import type { Limits, RunInfo } from '../realtime/messages';
import { Button, IconButton } from '../ui/Button';
import { EntryOptions } from './EntryOptions';
import { useNow } from './useRuns';
import { runMs } from './verdict';
import css from './RunBar.module.css';

const RunSettingsDialog = lazy(() => import('./RunSettingsDialog'));

export interface RunSettings {
  /** Null: the file that is open. */
  entry: string | null;
  args: string;
  /** Seconds; empty: the server's own limit. */
  seconds: string;
}

interface Props {
  entries: string[];
  /** The open file, when it can be run. */
  openEntry: string | null;
  /** What Run runs. */
  entry: string | null;
  settings: RunSettings;
  onSettings: (settings: RunSettings) => void;
  /** The run that is shown: Stop is about this one. */
  run: RunInfo | null;
  canRun: boolean;
  limits: Limits;
  /** Beside a phone's tabs: Run or Stop alone, the rest is in the panel of the output. */
  compact?: boolean;
  onRun: () => void;
  onStop: () => void;
}

export function RunBar(props: Props) {
  const { entries, openEntry, entry, settings, onSettings, run, canRun, compact } = props;
  const { onRun, onStop } = props;
  const [open, setOpen] = useState(false);
  const going = run !== null && run.state !== 'finished';
  const now = useNow(run?.state === 'running');
  if (!canRun) return null;
  return (
    <div className={css.bar} role="toolbar" aria-label={t.run.bar}>
      {!compact && (
        <>
          <select
            className={css.entry}
            aria-label={t.run.entry}
            title={t.run.entry}
            value={settings.entry ?? ''}
            onChange={(e) => onSettings({ ...settings, entry: e.target.value || null })}
          >
            <EntryOptions entries={entries} open={openEntry} />
          </select>
          <IconButton label={t.run.settings} onClick={() => setOpen(true)}>
            <Settings2 size={16} />
          </IconButton>
        </>
      )}
      {going && (
        <Button
          className={css.run}
          onClick={onStop}
          icon={<Square size={12} fill="currentColor" />}
        >
          {t.run.stop}
          <span className={css.time}>
            {run.state === 'queued' ? queued(run) : t.output.elapsed(runMs(run, now))}
          </span>
        </Button>
      )}
      {!(compact && going) && (
        <Button
          look="primary"
          className={css.run}
          disabled={!entry}
          title={entry ? t.run.hint(entry) : t.run.nothing}
          onClick={onRun}
          icon={<Play size={14} fill="currentColor" />}
        >
          {t.run.run}
          {compact && entry && entry !== openEntry && (
            <span className={css.other}>{entry.slice(entry.lastIndexOf('/') + 1)}</span>
          )}
        </Button>
      )}
      {open && (
        <Suspense>
          <RunSettingsDialog {...props} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </div>
  );
}

function queued(run: RunInfo): string {
  return run.position && !run.waiting ? t.run.inLine(run.position) : t.run.queued;
}
