import { useEffect, useState } from 'react';
import type { RoomChannel } from '../realtime/roomChannel';
import type { RunInfo } from '../realtime/messages';
import { isActive } from '../realtime/roomState';
import { useStore } from '../realtime/store';
import { announce } from '../ui/toasts';
import { t } from '../i18n';
import { verdict } from './verdict';

export interface Runs {
  /** The run whose output is shown. */
  shown: RunInfo | null;
  active: RunInfo[];
  select: (run: string) => void;
}

/**
 * Which run is looked at: one's own when it was just started; somebody else's new run unless the one
 * that is shown is still going; after a reload the current run, or else the last one.
 */
export function useRuns(channel: RoomChannel): Runs {
  const { runs } = useStore(channel.state);
  const [chosen, select] = useState<string | null>(null);
  const active = runs.filter(isActive);
  const shown = runs.find((r) => r.id === chosen) ?? active[0] ?? runs[0] ?? null;
  const shownId = shown?.id;
  const shownActive = shown !== null && isActive(shown);

  useEffect(
    () =>
      channel.watch((message, before) => {
        if (message.type !== 'run.status') return;
        const { run } = message;
        const known = before.runs.find((r) => r.id === run.id);
        if (!known && isActive(run)) {
          const mine = run.user_id !== '' && run.user_id === before.you?.user_id;
          if (mine || !shownActive) select(run.id);
          announce(t.output.started(run.user_name, run.entry));
        }
        if (run.result && known && isActive(known)) {
          announce(`${run.entry}: ${verdict(run.result).text}`);
        }
      }),
    [channel, shownId, shownActive],
  );
  return { shown, active, select };
}

/** The time, ticking while something runs. */
export function useNow(ticking: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!ticking) return;
    const timer = setInterval(() => setNow(Date.now()), 100);
    return () => clearInterval(timer);
  }, [ticking]);
  return now;
}
