import { useEffect, useState } from 'react';
import { socketUrl } from '../api/base';
import { api } from '../api/client';
import { mayEdit } from '../api/types';
import { t } from '../i18n';
import { peerColor } from '../editor/palette';
import { DocSession, DocSessions } from '../realtime/docSession';
import { RoomChannel } from '../realtime/roomChannel';
import { copyText } from '../ui/copy';
import { toast } from '../ui/toasts';

/** The live parts of one room, for as long as its page is open. */
export interface LiveRoom {
  channel: RoomChannel;
  docs: DocSessions;
}

export function useLiveRoom(room: string, user: string): LiveRoom | null {
  const [live, setLive] = useState<LiveRoom | null>(null);
  useEffect(() => {
    const made = openRoom(room, user);
    setLive(made);
    return () => {
      setLive(null);
      made.docs.destroy();
      made.channel.destroy();
    };
  }, [room, user]);
  return live;
}

function openRoom(room: string, user: string): LiveRoom {
  const ticket = async () => (await api.ticket(room)).ticket;
  const channel = new RoomChannel({
    address: async () => socketUrl(`room/${room}`, { ticket: await ticket() }),
  });
  const docs = new DocSessions(
    (file, onDenied) => {
      const you = channel.state.get().you;
      return new DocSession({
        user,
        room,
        file,
        keep: you !== null && mayEdit(you.role),
        address: async () =>
          socketUrl(`doc/${room}/${file}`, { ticket: await ticket(), saved: '1' }),
        onDenied,
      });
    },
    (_file, reason, text) => toast(refusal(reason), { action: copyOf(text), ms: REFUSED_MS }),
  );
  channel.watch((message) => {
    if (message.type === 'welcome') {
      docs.setUser(awarenessUser(message.you));
      docs.retryNow();
    }
  });
  return { channel, docs };
}

/** Long enough to read it and to decide. */
const REFUSED_MS = 20_000;

function refusal(reason: string): string {
  if (reason.startsWith('read-only')) return t.room.refusedReadOnly;
  if (reason.startsWith('protected')) return t.room.refusedProtected;
  return t.room.refused;
}

function copyOf(text: string) {
  const run = () => void copyText(text).then((done) => done && toast(t.room.copiedMine));
  return { label: t.room.copyMine, run };
}

function awarenessUser(you: { conn: string; name: string; color: number }) {
  const color = peerColor(you.color);
  return { name: you.name, color, colorLight: `${color}33`, index: you.color, conn: you.conn };
}
