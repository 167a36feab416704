import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Store } from './store';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watched() {
  const store = new Store(0);
  const told: number[] = [];
  store.subscribe(() => told.push(store.get()));
  return { store, told };
}

test('a value that is told soon is there at once', () => {
  const { store, told } = watched();
  store.setSoon(1, 50);
  store.setSoon(2, 50);
  expect(store.get()).toBe(2);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(50);
  expect(told).toEqual([2]);
});

test('the next plain value tells both, once', () => {
  const { store, told } = watched();
  store.setSoon(1, 50);
  store.set(2);
  vi.advanceTimersByTime(100);
  expect(told).toEqual([2]);
});

test('setting the held value again tells it now', () => {
  const { store, told } = watched();
  store.setSoon(1, 50);
  store.set(1);
  expect(told).toEqual([1]);
});
