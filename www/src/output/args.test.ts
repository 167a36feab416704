import { expect, test } from 'vitest';
import { splitArgs } from './args';

test.each([
  ['', []],
  ['  a  b ', ['a', 'b']],
  ['"a b" c', ['a b', 'c']],
  ["'a\\b' x", ['a\\b', 'x']],
  ['a\\ b', ['a b']],
  ['--x="1 2"', ['--x=1 2']],
  ['""', ['']],
])('%s', (line, args) => {
  expect(splitArgs(line)).toEqual(args);
});

test('an open quote is a mistake', () => {
  expect(splitArgs('"a')).toBeNull();
});
