import { expect, test } from 'vitest';
import { decodeOutput, encodeStdin, newId } from './messages';

const RUN = '0123456789abcdefghij';

test('an output frame gives run, stream, offset and bytes', () => {
  const frame = new Uint8Array(32);
  frame[0] = 0x10;
  for (let i = 0; i < 20; i++) frame[1 + i] = RUN.charCodeAt(i);
  frame[21] = 2;
  frame[22] = 0x34;
  frame[23] = 0x12;
  frame.set([0xff, 0x41], 30);
  expect(decodeOutput(frame.buffer)).toEqual({
    run: RUN,
    stream: 2,
    offset: 0x1234,
    bytes: new Uint8Array([0xff, 0x41]),
  });
});

test('frames that are no output are not taken for it', () => {
  expect(decodeOutput(new ArrayBuffer(0))).toBeNull();
  expect(decodeOutput(new ArrayBuffer(40))).toBeNull();
});

test('input is framed with its run', () => {
  const frame = encodeStdin(RUN, new Uint8Array([1, 2]));
  expect(frame[0]).toBe(0x11);
  expect(String.fromCharCode(...frame.slice(1, 21))).toBe(RUN);
  expect([...frame.slice(21)]).toEqual([1, 2]);
});

test('ids are in the server’s form', () => {
  expect(newId()).toMatch(/^[0-9a-v]{20}$/);
});
