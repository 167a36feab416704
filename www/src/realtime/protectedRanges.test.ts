import { expect, test } from 'vitest';
import * as Y from 'yjs';
import {
  protectedMap,
  protectedRanges,
  protectLines,
  touches,
  unprotect,
  type ProtectedRange,
} from './protectedRanges';

function textOf(content: string): Y.Text {
  const text = new Y.Doc().getText('text');
  text.insert(0, content);
  return text;
}
const places = (text: Y.Text) => protectedRanges(text).map(({ from, to }) => [from, to]);

test('lines are protected with the line breaks around them', () => {
  const text = textOf('one\ntwo\nthree');
  protectLines(text, 5, 6);
  expect(places(text)).toEqual([[3, 8]]);
});

test('the first and the last line have no line break around', () => {
  const text = textOf('one\ntwo');
  protectLines(text, 0, 7);
  expect(places(text)).toEqual([[0, 7]]);
});

test('a range follows what is written before and after it', () => {
  const text = textOf('one\ntwo\nthree');
  protectLines(text, 4, 4);
  text.insert(0, 'zero\n');
  text.insert(text.length, '\nfour');
  text.insert(13, 'x');
  expect(places(text)).toEqual([[8, 13]]);
});

test('what touches it is lifted, the rest stays', () => {
  const text = textOf('one\ntwo\nthree\nfour\nfive');
  protectLines(text, 0, 0);
  protectLines(text, 15, 15);
  unprotect(text, 1, 2);
  expect(places(text)).toEqual([[13, 19]]);
});

test('anything else in the map is no range', () => {
  const text = textOf('one');
  for (const [i, value] of [1, null, 'x', {}, { start: 1, end: {} }].entries())
    protectedMap(text)?.set(String(i), value);
  expect(protectedRanges(text)).toEqual([]);
});

test.each([
  [0, 3, false],
  [3, 3, false],
  [4, 4, true],
  [8, 8, false],
  [2, 4, true],
  [7, 9, true],
  [8, 9, false],
])('a change from %i to %i', (from, to, expected) => {
  expect(touches({ from: 3, to: 8 } as ProtectedRange, from, to)).toBe(expected);
});
