import { afterEach, expect, test, vi } from 'vitest';
import { remember, remembered } from './remember';

afterEach(() => vi.unstubAllGlobals());

test('what was chosen comes back', () => {
  remember('coderoom.test', 'dark');
  expect(remembered('coderoom.test')).toBe('dark');
  expect(remembered('coderoom.other')).toBeNull();
});

test('a browser that forbids storage is no error', () => {
  const forbidden = () => {
    throw new DOMException('no', 'SecurityError');
  };
  vi.stubGlobal('localStorage', { getItem: forbidden, setItem: forbidden });
  remember('coderoom.test', 'dark');
  expect(remembered('coderoom.test')).toBeNull();
});
