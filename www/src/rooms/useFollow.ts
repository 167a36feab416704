import { useEffect, useState } from 'react';
import { t } from '../i18n';
import type { RoomState } from '../realtime/roomState';
import { announce } from '../ui/toasts';

/** Following somebody: their file opens here too. Escape leaves, as does typing or clicking. */
export function useFollow(state: RoomState, active: string | null, open: (file: string) => void) {
  const [conn, setConn] = useState<string | null>(null);
  const person = state.people.find((p) => p.conn === conn) ?? null;
  const file = person?.file ?? null;
  const exists = file !== null && state.files.some((f) => f.id === file);
  const name = person?.name;

  useEffect(() => {
    if (exists && file && file !== active) open(file);
    // Only when the followed person goes elsewhere, not when we do.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [file, exists]);

  useEffect(() => {
    if (!conn) return;
    if (name === undefined) return setConn(null);
    announce(t.people.following(name));
    const leave = (event: KeyboardEvent) => {
      if (event.key === 'Escape') setConn(null);
    };
    addEventListener('keydown', leave);
    return () => removeEventListener('keydown', leave);
  }, [conn, name]);

  return { person, follow: setConn };
}
