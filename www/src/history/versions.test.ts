import { expect, test } from 'vitest';
import type { Member, Version } from '../api/types';
import { authorsOf, byDay, versionOf } from './versions';

const version = (part: Partial<Version>): Version => ({
  seq: 9,
  from_seq: 5,
  started_at: 1,
  ended_at: 2,
  updates: 3,
  authors: [],
  ...part,
});
const members = [{ user_id: 'u1', name: 'Ada' }] as Member[];

test.each([
  [['u1'], 'Ada'],
  [['me', 'u1'], 'You, Ada'],
  [['u7', 'u8'], 'somebody who left'],
  [['@tok', 'u1'], 'a script, Ada'],
  [[], 'a script'],
])('authors %j', (authors, text) => {
  expect(authorsOf(version({ authors }), members, 'me')).toBe(text);
});

test('a heading for each day, in the given order', () => {
  const now = new Date(2026, 4, 3, 12).getTime();
  const at = (day: number, hour: number) => new Date(2026, 4, day, hour).getTime();
  const list = [at(3, 10), at(3, 1), at(2, 23), at(1, 9)].map((ended_at) => version({ ended_at }));
  const days = byDay([...list, version({ ended_at: null })], now);
  expect(days.map((d) => d.title)).toEqual(['Today', 'Yesterday', '1 May', 'Earlier']);
  expect(days[0]?.versions).toHaveLength(2);
});

test('a moment belongs to the version around it', () => {
  const list = [version({ from_seq: 5, seq: 9 }), version({ from_seq: 1, seq: 4 })];
  expect(versionOf(list, 9)?.seq).toBe(9);
  expect(versionOf(list, 3)?.seq).toBe(4);
  expect(versionOf(list, 10)).toBeUndefined();
  expect(versionOf(list, null)).toBeUndefined();
});
