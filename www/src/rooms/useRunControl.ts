import { useRef, useState } from 'react';
import { t } from '../i18n';
import { splitArgs } from '../output/args';
import type { RunSettings } from '../output/RunBar';
import type { FileEntry } from '../realtime/messages';
import type { RoomChannel } from '../realtime/roomChannel';
import { isActive, type RoomState } from '../realtime/roomState';
import { toast } from '../ui/toasts';
import { entries } from './useTabs';

/** Run and Stop: which file, with what, and starting it. */
export function useRunControl(channel: RoomChannel, state: RoomState, active: FileEntry | null) {
  const [settings, setSettings] = useState<RunSettings>({ entry: null, args: '', seconds: '' });
  const [stdin, setStdin] = useState('');
  // Not state: drawing the page anew would come before the program, on a machine with few processors.
  const starting = useRef(false);
  const runnable = entries(state);
  const open = runnable.find((f) => f.id === active?.id);
  const entry = runnable.find((f) => f.path === settings.entry) ?? open ?? runnable[0];

  const start = async (): Promise<boolean> => {
    if (!entry || starting.current) {
      if (!entry) toast(t.run.nothing);
      return false;
    }
    starting.current = true;
    const mine = state.runs.filter((r) => isActive(r) && r.user_id === state.you?.user_id);
    for (const run of mine) if (run.user_id !== '') channel.stop(run.id);
    try {
      await channel.run({
        entry: entry.path,
        args: splitArgs(settings.args) ?? [],
        stdin,
        stdinOpen: stdin === '',
        ...(settings.seconds && { wall_limit_ms: Math.round(Number(settings.seconds) * 1000) }),
      });
      return true;
    } catch (error) {
      toast(error instanceof Error ? error.message : t.errors.unexpected(0), { tone: 'bad' });
      return false;
    } finally {
      starting.current = false;
    }
  };
  return {
    settings,
    setSettings,
    stdin,
    setStdin,
    entries: runnable.map((f) => f.path),
    openEntry: open?.path ?? null,
    entry: entry?.path ?? null,
    start,
  };
}
