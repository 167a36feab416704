import { expect, test } from 'vitest';
import { StreamFilter } from './streamFilter';

const bytes = (s: string) => new TextEncoder().encode(s);

test('text, tabs, new lines and colours pass', () => {
  const filter = new StreamFilter();
  expect(filter.push(bytes('a\tb\r\n\x1b[1;31mred'))).toBe('a\tb\r\n\x1b[1;31mred');
});

test.each([
  ['window title', '\x1b]0;evil\x07'],
  ['clipboard', '\x1b]52;c;aGk=\x1b\\'],
  ['hyperlink', '\x1b]8;;http://evil\x1b\\'],
  ['status report', '\x1b[6n'],
  ['device attributes', '\x1b[c'],
  ['other screen', '\x1b[?1049h'],
  ['bracketed paste', '\x1b[?2004h'],
  ['device control', '\x1bP$q m\x1b\\'],
  ['full reset', '\x1bc'],
  ['character set', '\x1b(0'],
  ['8-bit control', '\u009b'],
  ['bell', '\x07'],
])('%s is dropped', (_name, sequence) => {
  expect(new StreamFilter().push(bytes(`a${sequence}b`))).toBe('ab');
});

test('a sequence that is cut between pieces is put together', () => {
  const filter = new StreamFilter();
  expect(filter.push(bytes('a\x1b'))).toBe('a');
  expect(filter.push(bytes('[3'))).toBe('');
  expect(filter.push(bytes('2mb'))).toBe('\x1b[32mb');
});

test('a character that is cut between pieces is put together', () => {
  const filter = new StreamFilter();
  const [a, b, c] = bytes('é!');
  expect(filter.push(new Uint8Array([a ?? 0]))).toBe('');
  expect(filter.push(new Uint8Array([b ?? 0, c ?? 0]))).toBe('é!');
});

test('bytes that are no text are shown as such', () => {
  expect(new StreamFilter().push(new Uint8Array([0x61, 0xff, 0xfe, 0x62]))).toBe('a\ufffd\ufffdb');
});

test('an endless sequence does not keep the rest back for ever', () => {
  const filter = new StreamFilter();
  filter.push(bytes(`\x1b]${'x'.repeat(5000)}`));
  expect(filter.push(bytes('seen'))).toBe('seen');
});

test('a reset goes back to the colour of the stream', () => {
  const filter = new StreamFilter('\x1b[31m');
  expect(filter.push(bytes('\x1b[32mok\x1b[0mbad'))).toBe('\x1b[32mok\x1b[0m\x1b[31mbad');
  expect(filter.push(bytes('\x1b[0;1mx'))).toBe('\x1b[0m\x1b[31m\x1b[1mx');
  expect(filter.style).toBe('\x1b[0m\x1b[31m\x1b[1m');
});
