import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Backoff } from './backoff';
import { MemorySocket } from './memorySocket';
import type { RunInfo } from './messages';
import { RoomChannel, RUN_SETTLE_MS } from './roomChannel';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

const you = { conn: 'c1', user_id: 'u1', name: 'Ada', role: 'editor', color: 1, file: null };
const welcome = {
  type: 'welcome',
  you,
  room: { id: 'r', name: 'Room', language: 'python' },
  people: [you],
  files: [],
  chat: [],
  runs: [],
  limits: { wall_ms: 10_000, wall_max_ms: 180_000, output_bytes: 1000 },
  languages: [],
};
const run = (part: Partial<RunInfo>): RunInfo => ({
  id: '0123456789abcdefghij',
  state: 'queued',
  attempt: 0,
  entry: 'main.py',
  language: 'python',
  args: [],
  stdin_open: true,
  user_id: 'u1',
  user_name: 'Ada',
  created_at: 1,
  ...part,
});

async function open() {
  const sockets: MemorySocket[] = [];
  const channel = new RoomChannel({
    address: () => Promise.resolve('ws://x/'),
    backoff: new Backoff(100, 100, () => 1),
    open: (url) => {
      const socket = new MemorySocket(url);
      sockets.push(socket);
      return socket;
    },
  });
  await settle();
  const server = {
    get socket() {
      return sockets.at(-1) as MemorySocket;
    },
    say: (message: object) => server.socket.receive(JSON.stringify(message)),
    heard: () =>
      server.socket.sent
        .filter((m) => typeof m === 'string')
        .map((m) => JSON.parse(m) as { type: string } & Record<string, unknown>),
    welcome: () => {
      server.socket.accept();
      server.say(welcome);
    },
  };
  return { channel, server };
}

test('a run is started when its first status comes', async () => {
  const { channel, server } = await open();
  server.welcome();
  const id = channel.run({ entry: 'main.py', args: ['a'], stdin: '', stdinOpen: true });
  expect(server.heard().at(-1)).toMatchObject({ type: 'run.start', args: ['a'], stdin_open: true });
  server.say({ type: 'run.status', run: run({}) });
  expect(await id).toBe(run({}).id);
});

test('a refused run says why', async () => {
  const { channel, server } = await open();
  server.welcome();
  const id = channel.run({ entry: 'x', args: [], stdinOpen: true });
  const ref = server.heard().at(-1)?.['ref'];
  server.say({ type: 'error', code: 'limit', message: '4 runs at once are enough', ref });
  await expect(id).rejects.toThrow('4 runs at once');
});

test('long input follows in frames and is then closed', async () => {
  const { channel, server } = await open();
  server.welcome();
  const id = channel.run({
    entry: 'main.py',
    args: [],
    stdin: 'x'.repeat(40_000),
    stdinOpen: false,
  });
  expect(server.heard().at(-1)).not.toHaveProperty('stdin');
  server.say({ type: 'run.status', run: run({}) });
  await id;
  const frames = server.socket.sent.filter((m) => typeof m !== 'string');
  expect(frames.reduce((sum, f) => sum + f.length - 21, 0)).toBe(40_000);
  expect(server.heard().at(-1)?.type).toBe('run.stdin_close');
});

test('a message that was typed without a line is sent once when it is back', async () => {
  const { channel, server } = await open();
  server.welcome();
  server.socket.drop();
  channel.say('hello');
  await settle();
  expect(channel.state.get().chat).toMatchObject([{ text: 'hello', state: 'failed' }]);
  await settle(100);
  server.welcome();
  const sent = server.heard().filter((m) => m.type === 'chat.send');
  expect(sent).toHaveLength(1);
  server.say({
    type: 'chat.message',
    id: sent[0]?.['id'],
    user_id: 'u1',
    name: 'Ada',
    text: 'hello',
    at: 5,
  });
  expect(channel.state.get().chat).toMatchObject([{ text: 'hello', state: 'sent' }]);
});

test('a run that is tried again loses what it printed before', async () => {
  const { channel, server } = await open();
  server.welcome();
  const id = run({}).id;
  server.say({ type: 'run.status', run: run({ state: 'running', attempt: 1 }) });
  channel.output(id).push(0, 1, new Uint8Array([65]));
  server.say({ type: 'run.status', run: run({ state: 'running', attempt: 1, phase: 'run' }) });
  expect(channel.output(id).length).toBe(1);
  server.say({ type: 'run.status', run: run({ state: 'running', attempt: 2 }) });
  expect(channel.output(id).length).toBe(0);
});

test('people come, change and go', async () => {
  const { channel, server } = await open();
  server.welcome();
  const grace = { ...you, conn: 'c2', user_id: 'u2', name: 'Grace' };
  server.say({ type: 'presence.joined', ...grace });
  server.say({ type: 'presence.changed', ...grace, file: 'f1' });
  expect(channel.state.get().people.map((p) => [p.name, p.file])).toEqual([
    ['Ada', null],
    ['Grace', 'f1'],
  ]);
  server.say({ type: 'presence.left', conn: 'c2' });
  expect(channel.state.get().people).toHaveLength(1);
});

test('who draws hears of a run that begins a little later, its output at once', async () => {
  const { channel, server } = await open();
  server.welcome();
  const drawn: string[] = [];
  const printed: string[] = [];
  channel.state.subscribe(() => drawn.push(channel.state.get().runs[0]?.state ?? ''));
  channel.watchOutput((id) => printed.push(id));
  server.say({ type: 'run.status', run: run({}) });
  server.say({ type: 'run.status', run: run({ state: 'running', attempt: 1 }) });
  expect(channel.state.get().runs[0]?.state).toBe('running');
  const frame = new Uint8Array(31);
  frame[0] = 0x10;
  frame.set(new TextEncoder().encode(run({}).id), 1);
  frame[21] = 1;
  server.socket.receive(frame);
  expect(printed).toEqual([run({}).id]);
  expect(drawn).toEqual([]);
  await settle(RUN_SETTLE_MS);
  expect(drawn).toEqual(['running']);
});

test('a version is back when the server says so; the answer leads back again', async () => {
  const { channel, server } = await open();
  server.welcome();
  const before = channel.restore('f1', { seq: 3 });
  const asked = server.heard().at(-1);
  expect(asked).toMatchObject({ type: 'doc.restore', file: 'f1', seq: 3 });
  server.say({ type: 'doc.restored', file: 'f1', seq: 9, before: { seq: 1 }, ref: 'another' });
  server.say({
    type: 'doc.restored',
    file: 'f1',
    seq: 3,
    before: { seq: 8, updates: 2 },
    ref: asked?.['ref'],
  });
  const moment = await before;
  expect(moment).toEqual({ seq: 8, updates: 2 });
  const undone = channel.restore('f1', moment);
  const again = server.heard().at(-1);
  expect(again).toMatchObject({ type: 'doc.restore', file: 'f1', seq: 8, updates: 2 });
  server.say({ type: 'error', code: 'rate', message: 'wait a little', ref: again?.['ref'] });
  await expect(undone).rejects.toThrow('wait a little');
});
