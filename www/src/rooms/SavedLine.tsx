import { Check, CloudOff, LoaderCircle, TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import { t } from '../i18n';
import { savedState, type SavedState } from '../realtime/savedState';
import { useStore } from '../realtime/store';
import { useOnline } from '../ui/media';
import { announce } from '../ui/toasts';
import type { LiveRoom } from './useRoom';
import css from './RoomPage.module.css';

/** A state shorter than this is not shown: typing would make the line flicker. */
const SETTLE_MS = 300;

/** The one small place that tells how the connection and the edits are. */
export function SavedLine({ channel, docs }: LiveRoom) {
  const { connection } = useStore(channel.state);
  const statuses = useStore(docs.statuses);
  const online = useOnline();
  const now = savedState(connection, statuses, online);
  const shown = useSettled(now);
  useAnnouncements(shown.kind);
  return (
    <span className={css.saved} data-state={shown.kind} title={t.saved.hint[shown.kind]}>
      <Icon kind={shown.kind} />
      {'edits' in shown ? t.saved.withEdits(shown.kind, shown.edits) : t.saved[shown.kind]}
    </span>
  );
}

function Icon({ kind }: { kind: SavedState['kind'] }) {
  if (kind === 'saved') return <Check size={14} aria-hidden="true" />;
  if (kind === 'offline') return <CloudOff size={14} aria-hidden="true" />;
  if (kind === 'stopped') return <TriangleAlert size={14} aria-hidden="true" />;
  return <LoaderCircle size={14} className={css.turning} aria-hidden="true" />;
}

function useSettled(state: SavedState): SavedState {
  const [shown, setShown] = useState(state);
  const key = JSON.stringify(state);
  useEffect(() => {
    const next = JSON.parse(key) as SavedState;
    // "Saved" is told at once; what may be over in a moment is told when it lasts.
    const timer = setTimeout(() => setShown(next), next.kind === 'saved' ? 0 : SETTLE_MS);
    return () => clearTimeout(timer);
  }, [key]);
  return shown;
}

/** Losing the line and having it back are said aloud. */
function useAnnouncements(kind: SavedState['kind']): void {
  const [lost, setLost] = useState(false);
  useEffect(() => {
    if (!lost && (kind === 'offline' || kind === 'reconnecting')) {
      setLost(true);
      announce(t.saved.lost);
    } else if (lost && kind === 'saved') {
      setLost(false);
      announce(t.saved.back);
    }
  }, [kind, lost]);
}
