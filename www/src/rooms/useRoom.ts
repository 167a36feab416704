import { useEffect, useState } from 'react';
import { socketUrl } from '../api/base';
import { api } from '../api/client';
import { mayEdit } from '../api/types';
import { t } from '../i18n';
import { peerColor } from '../editor/palette';
import { DocSession, DocSessions } from '../realtime/docSession';
import type { EditWords } from '../realtime/editWords';
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
        onMended: (edit) => toast(mended(edit), { ...copyOf(edit?.text), ms: REFUSED_MS }),
      });
    },
    (reason, edit, text) => toast(refusal(reason, edit), { ...copyOf(text), ms: REFUSED_MS }),
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
/** Characters of an edit that are shown. */
const SHORT = 30;

function refusal(reason: string, edit: EditWords | null): string {
  const what = edit?.text.trim() ? t.room.yourEdit(short(edit.text), edit.line) : t.room.lastEdit;
  return reason.startsWith('read-only') ? t.room.refusedReadOnly(what) : t.room.refused(what);
}

function mended(edit: EditWords | null): string {
  if (!edit) return t.room.mended(t.room.lastEdit);
  if (!edit.text.trim()) return t.room.mended(t.room.yourDelete(edit.line));
  return t.room.mended(t.room.yourEdit(short(edit.text), edit.line));
}

function short(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length > SHORT ? `${line.slice(0, SHORT)}…` : line;
}

/** What was written is not lost: nothing to offer when nothing was. */
function copyOf(text: string | undefined) {
  if (!text) return {};
  const run = () => void copyText(text).then((done) => done && toast(t.room.copiedMine));
  return { action: { label: t.room.copyMine, run } };
}

function awarenessUser(you: { conn: string; name: string; color: number }) {
  const color = peerColor(you.color);
  return { name: you.name, color, colorLight: `${color}33`, index: you.color, conn: you.conn };
}
