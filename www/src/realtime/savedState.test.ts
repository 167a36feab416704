import { expect, test } from 'vitest';
import type { ConnectionState } from './connection';
import { savedState, type DocStatus } from './savedState';

const open: ConnectionState = { kind: 'open' };
const waiting: ConnectionState = { kind: 'waiting' };
const doc = (part: Partial<DocStatus> = {}): DocStatus => ({
  connection: open,
  synced: true,
  unsaved: 0,
  ...part,
});

test('everything stored is saved', () => {
  expect(savedState(open, [doc(), doc()], true)).toEqual({ kind: 'saved' });
});

test('one edit under way anywhere is saving', () => {
  expect(savedState(open, [doc(), doc({ unsaved: 1 })], true)).toEqual({ kind: 'saving' });
});

test('without a network all edits kept here are counted', () => {
  const docs = [doc({ connection: waiting, unsaved: 2 }), doc({ connection: waiting, unsaved: 1 })];
  expect(savedState(waiting, docs, false)).toEqual({ kind: 'offline', edits: 3 });
});

test('one lost line is reconnecting, never saved', () => {
  expect(savedState(open, [doc({ connection: waiting, synced: false })], true)).toEqual({
    kind: 'reconnecting',
    edits: 0,
  });
  expect(savedState(waiting, [doc()], true)).toEqual({ kind: 'reconnecting', edits: 0 });
});

test('a document that is not in step yet is connecting', () => {
  expect(savedState(open, [doc({ synced: false })], true)).toEqual({ kind: 'connecting' });
});

test('a room that ended is stopped', () => {
  expect(savedState({ kind: 'stopped', code: 4410, reason: '' }, [doc()], true).kind).toBe(
    'stopped',
  );
});
