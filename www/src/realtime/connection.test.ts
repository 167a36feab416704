import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiError } from '../api/problem';
import { Backoff } from './backoff';
import { Connection, type ConnectionState } from './connection';
import { MemorySocket } from './memorySocket';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function connect(address = () => Promise.resolve('ws://x/')) {
  const sockets: MemorySocket[] = [];
  const states: ConnectionState['kind'][] = [];
  const messages: unknown[] = [];
  const connection = new Connection({
    address,
    silenceMs: 1000,
    backoff: new Backoff(100, 1000, () => 1),
    open: (url) => {
      const socket = new MemorySocket(url);
      sockets.push(socket);
      return socket;
    },
    onOpen: () => undefined,
    onMessage: (data) => messages.push(data),
    onState: (state) => states.push(state.kind),
  });
  connection.start();
  return { connection, sockets, states, messages };
}
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

test('asks for a fresh address for each attempt and comes back', async () => {
  let tickets = 0;
  const { sockets, states } = connect(() => Promise.resolve(`ws://x/?ticket=${++tickets}`));
  await settle();
  sockets[0]?.accept();
  sockets[0]?.drop();
  await settle(100);
  sockets[1]?.accept();
  expect(sockets.map((s) => s.url)).toEqual(['ws://x/?ticket=1', 'ws://x/?ticket=2']);
  expect(states).toEqual(['connecting', 'open', 'waiting', 'open']);
});

test.each([4400, 4403, 4404, 4410, 4413])('stops at close code %i', async (code) => {
  const { sockets, states } = connect();
  await settle();
  sockets[0]?.accept();
  sockets[0]?.drop(code, 'no');
  await settle(60_000);
  expect(sockets).toHaveLength(1);
  expect(states.at(-1)).toBe('stopped');
});

test.each([4500, 4503, 4508, 4512, 1011, 1006])('comes back after close code %i', async (code) => {
  const { sockets } = connect();
  await settle();
  sockets[0]?.accept();
  sockets[0]?.drop(code);
  await settle(100);
  expect(sockets).toHaveLength(2);
});

test('pauses before coming back when it was too fast', async () => {
  const { sockets } = connect();
  await settle();
  sockets[0]?.accept();
  sockets[0]?.drop(4429);
  await settle(4000);
  expect(sockets).toHaveLength(1);
  await settle(1000);
  expect(sockets).toHaveLength(2);
});

test('gives up after some refused tickets', async () => {
  const { sockets, states } = connect();
  for (let i = 0; i < 3; i++) {
    await settle(10_000);
    sockets[i]?.accept();
    sockets[i]?.drop(4401);
  }
  await settle(60_000);
  expect(sockets).toHaveLength(3);
  expect(states.at(-1)).toBe('stopped');
});

test('retries while the API cannot be reached, stops when it refuses', async () => {
  const answers = [
    new ApiError('network', 0, ''),
    new ApiError('unavailable', 503, ''),
    new ApiError('not_found', 404, ''),
  ];
  const { sockets, states } = connect(() => Promise.reject(answers.shift() ?? new Error()));
  await settle(5000);
  expect(sockets).toHaveLength(0);
  expect(states).toEqual(['connecting', 'waiting', 'waiting', 'stopped']);
});

test('takes a silent line for dead', async () => {
  const { sockets, states } = connect();
  await settle();
  sockets[0]?.accept();
  await settle(900);
  sockets[0]?.receive('{}');
  await settle(900);
  expect(states.at(-1)).toBe('open');
  await settle(200);
  expect(states.at(-1)).toBe('waiting');
});

test('says nothing more after it was stopped', async () => {
  const { connection, sockets, states } = connect();
  await settle();
  sockets[0]?.accept();
  connection.stop();
  await settle(60_000);
  expect(states).toEqual(['connecting', 'open']);
  expect(connection.send('x')).toBe(false);
});
