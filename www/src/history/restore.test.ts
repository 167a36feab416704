import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import type { DocSession } from '../realtime/docSession';
import type { RoomChannel } from '../realtime/roomChannel';
import { restore } from './restore';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function stage() {
  const doc = new Y.Doc();
  const text = doc.getText('text');
  text.insert(0, 'now');
  let refuse: (error: Error) => void = () => undefined;
  const done = vi.fn();
  const channel = {
    restore: () => ({ refused: new Promise((_, reject) => (refuse = reject)), done }),
  } as unknown as RoomChannel;
  const session = { doc, text } as unknown as DocSession;
  const work = restore(channel, session, 'f', { seq: 3, text: 'then' });
  return { text, doc, done, work, refuse: (e: Error) => refuse(e) };
}

test('is done when the text is that of the version', async () => {
  const { doc, text, done, work } = stage();
  doc.transact(() => {
    text.delete(0, 3);
    text.insert(0, 'then');
  });
  await work;
  expect(done).toHaveBeenCalledOnce();
});

test('is done although somebody types meanwhile', async () => {
  const { text, work, done } = stage();
  text.insert(0, 'then, and more: ');
  await vi.advanceTimersByTimeAsync(2000);
  await work;
  expect(done).toHaveBeenCalledOnce();
});

test('a refusal is told', async () => {
  const { work, refuse } = stage();
  refuse(new Error('there is no such moment'));
  await expect(work).rejects.toThrow('no such moment');
});
