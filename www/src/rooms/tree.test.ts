import { expect, test } from 'vitest';
import type { FileEntry } from '../realtime/messages';
import { checkPath, rows } from './tree';

const files: FileEntry[] = [
  { id: '1', path: 'src', kind: 'folder' },
  { id: '2', path: 'src/b.py', kind: 'file' },
  { id: '3', path: 'main10.py', kind: 'file' },
  { id: '4', path: 'main2.py', kind: 'file' },
  { id: '5', path: 'src/a', kind: 'folder' },
];

test('folders come first, names as people count, children after their folder', () => {
  const shown = rows(files, new Set());
  expect(shown.map((r) => [r.name, r.depth])).toEqual([
    ['src', 0],
    ['a', 1],
    ['b.py', 1],
    ['main2.py', 0],
    ['main10.py', 0],
  ]);
});

test('a closed folder hides what is in it', () => {
  expect(rows(files, new Set(['1'])).map((r) => r.name)).toEqual(['src', 'main2.py', 'main10.py']);
});

test.each([
  ['', 'empty'],
  ['a//b', 'empty'],
  ['..', 'dots'],
  ['a/../b', 'dots'],
  ['a\\b', 'character'],
  ['a\u0007', 'character'],
  ['é'.repeat(65), 'long'],
  ['MAIN2.py', 'taken'],
  ['new.py', null],
])('name %j: %s', (path, problem) => {
  expect(checkPath(path, files)).toBe(problem);
});

test('something may keep its own name in other letters', () => {
  expect(checkPath('Main2.py', files, '4')).toBeNull();
});
