import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Awareness } from 'y-protocols/awareness';
import * as syncProtocol from 'y-protocols/sync';
import * as Y from 'yjs';
import { Backoff } from './backoff';
import { DocProvider } from './docProvider';
import { editWords } from './editWords';
import { MemorySocket } from './memorySocket';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

function message(type: number, write: (e: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, type);
  write(encoder);
  return encoding.toUint8Array(encoder);
}

/** The server's side of a document: applies what comes, and says what it was told to. */
class Server {
  readonly doc = new Y.Doc();
  socket: MemorySocket | undefined;
  /** Step 2 and update messages on this connection. */
  count = 0;
  #read = 0;

  greet(): void {
    this.count = 0;
    this.#read = 0;
    this.socket?.accept();
    this.socket?.receive(message(0, (e) => syncProtocol.writeSyncStep1(e, this.doc)));
    this.work();
  }

  work(): void {
    const sent = this.socket?.sent ?? [];
    for (; this.#read < sent.length; this.#read++) {
      const decoder = decoding.createDecoder(sent[this.#read] as Uint8Array);
      if (decoding.readVarUint(decoder) !== 0) continue;
      const kind = decoding.readVarUint(decoder);
      const body = decoding.readVarUint8Array(decoder);
      if (kind === 0) {
        this.socket?.receive(message(0, (e) => syncProtocol.writeSyncStep2(e, this.doc, body)));
      } else {
        this.count += 1;
        Y.applyUpdate(this.doc, body);
      }
    }
  }

  saved(count = this.count): void {
    this.socket?.receive(
      message(100, (e) => {
        encoding.writeVarUint(e, count);
        encoding.writeVarUint8Array(e, Y.encodeStateVector(this.doc));
      }),
    );
  }
}

async function open() {
  const server = new Server();
  const doc = new Y.Doc();
  const denied: string[] = [];
  const deniedEdits: (string | null)[] = [];
  const mended: (string | null)[] = [];
  const said = (edit: Uint8Array | null) =>
    edit && (editWords(doc.getText('text'), edit)?.text ?? '?');
  const provider = new DocProvider({
    doc,
    awareness: new Awareness(doc),
    address: () => Promise.resolve('ws://x/'),
    onDenied: (reason, edit) => {
      denied.push(reason);
      deniedEdits.push(said(edit));
    },
    onMended: (edit) => mended.push(said(edit)),
    backoff: new Backoff(100, 100, () => 1),
    open: (url) => (server.socket = new MemorySocket(url)),
  });
  await settle();
  return { server, doc, text: doc.getText('text'), provider, denied, deniedEdits, mended };
}

test('gets what the server has and is in step then', async () => {
  const { server, text, provider } = await open();
  server.doc.getText('text').insert(0, 'print(1)');
  expect(provider.status.get().synced).toBe(false);
  server.greet();
  expect(text.toString()).toBe('print(1)');
  expect(provider.status.get()).toEqual({ connection: { kind: 'open' }, synced: true, unsaved: 0 });
});

test('an edit is unsaved until the server has stored it', async () => {
  const { server, text, provider } = await open();
  server.greet();
  text.insert(0, 'a');
  text.insert(1, 'b');
  server.work();
  expect(provider.status.get().unsaved).toBe(2);
  server.saved(server.count - 1);
  expect(provider.status.get().unsaved).toBe(1);
  server.saved();
  expect(provider.status.get().unsaved).toBe(0);
  expect(server.doc.getText('text').toString()).toBe('ab');
});

test('edits without a line are counted, sent on return, and saved once stored', async () => {
  const { server, text, provider } = await open();
  server.greet();
  server.socket?.drop();
  text.insert(0, 'offline');
  expect(provider.status.get()).toMatchObject({ connection: { kind: 'waiting' }, unsaved: 1 });
  await settle(100);
  server.greet();
  expect(server.doc.getText('text').toString()).toBe('offline');
  expect(provider.status.get().unsaved).toBe(1);
  server.saved();
  expect(provider.status.get().unsaved).toBe(0);
});

test('what an old connection counted says nothing about a new one', async () => {
  const { server, text, provider } = await open();
  server.greet();
  for (const c of 'hello') text.insert(text.length, c);
  server.work();
  server.socket?.drop();
  await settle(100);
  server.socket?.accept();
  server.saved(0);
  expect(provider.status.get().unsaved).toBe(5);
  server.greet();
  server.saved();
  expect(provider.status.get().unsaved).toBe(0);
  expect(server.doc.getText('text').toString()).toBe('hello');
});

test('answers to quiet line checks do not count as edits', async () => {
  const { server, provider } = await open();
  server.greet();
  server.saved();
  server.socket?.receive(message(0, (e) => syncProtocol.writeSyncStep1(e, server.doc)));
  expect(provider.status.get().unsaved).toBe(0);
});

/** What the server says of a message: as ours, and again as stock clients know it. */
function refuse(server: Server, number: number, reason: string): void {
  server.socket?.receive(
    message(101, (e) => {
      encoding.writeVarUint(e, number);
      encoding.writeVarString(e, reason);
    }),
  );
  server.socket?.receive(
    message(2, (e) => {
      encoding.writeVarUint(e, 0);
      encoding.writeVarString(e, `${reason} (message ${number})`);
    }),
  );
}

test('which edit was refused is told, once, and waits no longer', async () => {
  const { server, text, provider, denied, deniedEdits } = await open();
  server.greet();
  server.saved();
  text.insert(0, 'x');
  expect(provider.status.get().unsaved).toBe(1);
  refuse(server, 2, 'read-only: viewer');
  refuse(server, 3, 'read-only: viewer');
  expect(provider.status.get().unsaved).toBe(0);
  expect(denied).toEqual(['read-only: viewer']);
  expect(deniedEdits).toEqual(['x']);
});

test('an edit that was mended is told each time, and is stored like any other', async () => {
  const { server, text, provider, denied, mended } = await open();
  server.greet();
  server.saved();
  text.insert(0, 'one');
  text.insert(3, 'two');
  server.work();
  refuse(server, 2, 'protected: that part cannot be changed');
  refuse(server, 3, 'protected: that part cannot be changed');
  expect(denied).toEqual([]);
  expect(mended).toEqual(['one', 'two']);
  expect(provider.status.get().unsaved).toBe(2);
  server.saved();
  expect(provider.status.get().unsaved).toBe(0);
});

test('edits made without a line are refused together, and all of them are told', async () => {
  const { server, text, provider, denied, deniedEdits, mended } = await open();
  server.greet();
  server.saved();
  server.socket?.drop();
  for (const word of ['one', 'two', 'six']) text.insert(text.length, word);
  await settle(100);
  server.greet();
  refuse(server, 1, 'protected: that part cannot be changed');
  expect(mended).toEqual(['onetwosix']);
  expect(provider.status.get().unsaved).toBe(3);
  refuse(server, 1, 'read-only: viewer');
  expect(denied).toEqual(['read-only: viewer']);
  expect(deniedEdits).toEqual(['onetwosix']);
  expect(provider.status.get().unsaved).toBe(0);
});

test('edits of others are not ours to save', async () => {
  const { server, text, provider } = await open();
  server.greet();
  const other = new Y.Doc();
  other.getText('text').insert(0, 'theirs');
  const update = Y.encodeStateAsUpdate(other);
  server.socket?.receive(message(0, (e) => syncProtocol.writeUpdate(e, update)));
  expect(text.toString()).toBe('theirs');
  expect(provider.status.get().unsaved).toBe(0);
});
