import { expect, test } from 'vitest';
import { RunOutput } from './runOutput';

const bytes = (s: string) => new TextEncoder().encode(s);
const text = (o: RunOutput) => o.pieces.map((p) => new TextDecoder().decode(p.bytes)).join('');

test('pieces are put one after the other', () => {
  const output = new RunOutput();
  output.push(0, 1, bytes('ab'));
  output.push(2, 2, bytes('cd'));
  expect(text(output)).toBe('abcd');
  expect(output.pieces.map((p) => p.stream)).toEqual([1, 2]);
});

test('what is here already is not repeated after a reconnect', () => {
  const output = new RunOutput();
  output.push(0, 1, bytes('abcd'));
  output.push(0, 1, bytes('abcdef'));
  output.push(2, 1, bytes('cd'));
  expect(text(output)).toBe('abcdef');
});

test('a late joiner takes the end that is still there', () => {
  const output = new RunOutput();
  output.push(1000, 1, bytes('end'));
  output.push(1003, 1, bytes('!'));
  expect(text(output)).toBe('end!');
});

test('what was typed does not move offsets', () => {
  const output = new RunOutput();
  output.push(0, 1, bytes('? '));
  output.echo('Ada\n');
  output.push(2, 1, bytes('Hi'));
  expect(text(output)).toBe('? Ada\nHi');
});
