import { expect, test } from 'vitest';
import { findPlaces, summarizeError } from './errorLinks';

const files = ['main.py', 'src/util.py', 'main.c', 'main.js', 'a b.py'];

test.each([
  ['  File "main.py", line 3, in <module>', 'main.py', 3],
  ['  File "/work/src/util.py", line 12', 'src/util.py', 12],
  ['  File "/work/a b.py", line 1', 'a b.py', 1],
  ['main.c:3:5: error: expected', 'main.c', 3],
  ['/work/main.js:7', 'main.js', 7],
  ['    at f (/work/main.js:2:11)', 'main.js', 2],
  ['    at file:///work/main.js:2:11', 'main.js', 2],
])('%s', (text, path, line) => {
  expect(findPlaces(text, files)).toMatchObject([{ path, line }]);
});

test('what is not a file of the room is no place', () => {
  expect(findPlaces('File "/usr/lib/python3.11/json.py", line 3', files)).toEqual([]);
  expect(findPlaces('see https://example.org:80 and 12:30:11', files)).toEqual([]);
});

test('a place says where it stands', () => {
  const [place] = findPlaces('x main.c:3:5: y', files);
  expect(place).toMatchObject({ start: 2, end: 12, column: 5 });
});

test('a Python error is its last frame in the room and its name', () => {
  const text = [
    'Traceback (most recent call last):',
    '  File "/work/main.py", line 9, in <module>',
    '  File "/work/src/util.py", line 2, in f',
    '  File "/usr/lib/python3.11/json/__init__.py", line 1, in loads',
    'json.decoder.JSONDecodeError: Expecting value',
  ].join('\n');
  const { place, text: name } = summarizeError(text, files);
  expect(place).toMatchObject({ path: 'src/util.py', line: 2 });
  expect(name).toBe('json.decoder.JSONDecodeError: Expecting value');
});

test('a compiler error is the first one, without colours', () => {
  const text =
    'main.c: In function\n\x1b[1mmain.c:3:5:\x1b[m error: ‘x’ undeclared\nmain.c:9:1: error: b';
  expect(summarizeError(text, files)).toMatchObject({
    place: { path: 'main.c', line: 3 },
    text: '‘x’ undeclared',
  });
});

test('a Node error is its first place in the room', () => {
  const text =
    '/work/main.js:2\n  foo()\n  ^\n\nReferenceError: foo is not defined\n    at Object.<anonymous> (/work/main.js:2:3)';
  expect(summarizeError(text, files)).toMatchObject({
    place: { path: 'main.js', line: 2 },
    text: 'ReferenceError: foo is not defined',
  });
});

test('nothing to say is nothing', () => {
  expect(summarizeError('Segmentation fault', files)).toEqual({ place: null, text: null });
});
