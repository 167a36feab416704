import { useCallback, useEffect, useState } from 'react';
import { RUN_SETTLE_MS, type RoomChannel } from '../realtime/roomChannel';
import type { RunInfo } from '../realtime/messages';
import { isActive, type RoomState } from '../realtime/roomState';
import { Store, useStore } from '../realtime/store';
import { announce } from '../ui/toasts';
import { t } from '../i18n';
import { verdict } from './verdict';

export interface Runs {
  /** The run whose output is shown. */
  shown: RunInfo | null;
  /** The same as it is at this moment, which may be drawn a little later. */
  current: () => RunInfo | null;
  active: RunInfo[];
  select: (run: string) => void;
}

/**
 * Which run is looked at: one's own when it was just started; somebody else's new run unless the one
 * that is shown is still going; after a reload the current run, or else the last one.
 */
export function useRuns(channel: RoomChannel): Runs {
  const { runs } = useStore(channel.state);
  const [choice] = useState(() => new Store<string | null>(null));
  useStore(choice);
  const shown = shownRun(runs, choice.get());
  const current = useCallback(
    () => shownRun(channel.state.get().runs, choice.get()),
    [channel, choice],
  );

  useEffect(
    () =>
      channel.watch((message, before) => {
        if (message.type !== 'run.status') return;
        const { run } = message;
        const known = before.runs.find((r) => r.id === run.id);
        if (!known && isActive(run)) {
          const mine = run.user_id !== '' && run.user_id === before.you?.user_id;
          const looked = shownRun(before.runs, choice.get());
          if (mine || !looked || !isActive(looked)) choice.setSoon(run.id, RUN_SETTLE_MS);
          announce(t.output.started(run.user_name, run.entry));
        }
        if (run.result && known && isActive(known)) {
          announce(`${run.entry}: ${verdict(run.result).text}`);
        }
      }),
    [channel, choice],
  );
  return { shown, current, active: runs.filter(isActive), select: (id) => choice.set(id) };
}

function shownRun(runs: RoomState['runs'], chosen: string | null): RunInfo | null {
  return runs.find((r) => r.id === chosen) ?? runs.find(isActive) ?? runs[0] ?? null;
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
