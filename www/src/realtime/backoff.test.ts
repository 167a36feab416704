import { expect, test } from 'vitest';
import { Backoff } from './backoff';

test('waits double each time up to the most', () => {
  const backoff = new Backoff(100, 1000, () => 1);
  expect([1, 2, 3, 4, 5, 6].map(() => backoff.next())).toEqual([100, 200, 400, 800, 1000, 1000]);
});

test('waits are spread and start over after a reset', () => {
  const backoff = new Backoff(100, 1000, () => 0);
  expect([backoff.next(), backoff.next()]).toEqual([50, 100]);
  backoff.reset();
  expect(backoff.next()).toBe(50);
});
