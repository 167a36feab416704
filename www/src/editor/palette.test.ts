import { expect, test } from 'vitest';
import css from '../ui/tokens.css?raw';
import { PALETTE } from './palette';

test('the colours of people are the same for other editors as in this interface', () => {
  const tokens = [...css.matchAll(/--peer-(\d+): (#\w{6});/g)];
  expect(tokens.map(([, index]) => Number(index))).toEqual(PALETTE.map((_, i) => i));
  expect(tokens.map(([, , colour]) => colour)).toEqual([...PALETTE]);
});
