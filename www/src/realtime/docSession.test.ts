import * as encoding from 'lib0/encoding';
import { expect, test, vi } from 'vitest';
import type { EditWords } from './editWords';
import { DocSession, DocSessions } from './docSession';
import { MemorySocket } from './memorySocket';

function refused(number: number, reason: string): Uint8Array {
  const e = encoding.createEncoder();
  encoding.writeVarUint(e, 101);
  encoding.writeVarUint(e, number);
  encoding.writeVarString(e, reason);
  return encoding.toUint8Array(e);
}

async function open() {
  const sockets: MemorySocket[] = [];
  const denied: { reason: string; edit: EditWords | null; text: string }[] = [];
  const mended: (EditWords | null)[] = [];
  const docs = new DocSessions(
    (file, onDenied) =>
      new DocSession({
        user: 'u',
        room: 'r',
        file,
        keep: false,
        address: () => Promise.resolve('ws://x/'),
        onDenied,
        onMended: (edit) => mended.push(edit),
        open: (url) => {
          const socket = new MemorySocket(url);
          sockets.push(socket);
          return socket;
        },
      }),
    (reason, edit, text) => denied.push({ reason, edit, text }),
  );
  docs.open('f');
  await vi.waitFor(() => expect(sockets).toHaveLength(1));
  const socket = sockets[0] as MemorySocket;
  socket.accept();
  const session = docs.sessions.get().get('f') as DocSession;
  // As if the server had asked and been answered: that was message 1.
  socket.receive(Uint8Array.of(0, 0, 1, 0));
  return { docs, session, socket, denied, mended };
}

test('an edit that was mended costs nothing: what is here stays, with what can be undone', async () => {
  const { docs, session, socket, denied, mended } = await open();
  session.text.insert(0, 'kept');
  session.text.insert(4, ' and more');
  socket.receive(refused(2, 'protected: that part of the file cannot be changed'));
  expect(docs.sessions.get().get('f')).toBe(session);
  expect(session.text.toString()).toBe('kept and more');
  expect(mended).toEqual([{ text: 'kept', line: 1 }]);
  expect(denied).toEqual([]);
  docs.destroy();
});

test('an edit that was not taken: the copy goes, its text and which edit it was are told', async () => {
  const { docs, session, socket, denied } = await open();
  session.text.insert(0, 'first\n');
  session.text.insert(6, 'second');
  socket.receive(refused(3, 'read-only: viewers cannot edit'));
  expect(denied).toEqual([
    {
      reason: 'read-only: viewers cannot edit',
      edit: { text: 'second', line: 2 },
      text: 'first\nsecond',
    },
  ]);
  await vi.waitFor(() => expect(docs.sessions.get().get('f')).toBeDefined());
  expect(docs.sessions.get().get('f')).not.toBe(session);
  docs.destroy();
});
