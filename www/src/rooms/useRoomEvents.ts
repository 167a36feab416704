import { useEffect } from 'react';
import { t } from '../i18n';
import type { ServerMessage } from '../realtime/messages';
import type { RoomState } from '../realtime/roomState';
import { announce, toast } from '../ui/toasts';
import type { LiveRoom } from './useRoom';

/** What happens in the room, told quietly; a change of one's own role is shown. */
export function useRoomEvents({ channel }: LiveRoom): void {
  useEffect(
    () =>
      channel.watch((message, before) => {
        const text = said(message, before);
        if (text) announce(text);
        if (message.type === 'role.changed') toast(t.room.roleChanged(t.roles[message.role]));
        if (message.type === 'error' && !message.ref) toast(message.message, { tone: 'bad' });
      }),
    [channel],
  );
}

function said(message: ServerMessage, before: RoomState): string | null {
  if (message.type === 'presence.joined') {
    const known = before.people.some((p) => p.user_id !== '' && p.user_id === message.user_id);
    return known ? null : t.people.joined(message.name);
  }
  if (message.type === 'presence.left') {
    const person = before.people.find((p) => p.conn === message.conn);
    const still = before.people.some(
      (p) => p.conn !== message.conn && p.user_id !== '' && p.user_id === person?.user_id,
    );
    return person && !still ? t.people.left(person.name) : null;
  }
  if (message.type === 'chat.message' && message.user_id !== before.you?.user_id) {
    return t.chat.said(message.name, message.text.slice(0, 200));
  }
  return null;
}
