import { expect, test } from 'vitest';
import { en } from './en';

function texts(value: unknown, path: string): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') {
    const args =
      path.includes('clock') || path.includes('until') || path.includes('changed') ? [1e12] : [];
    return [
      [path, String((value as (...a: unknown[]) => string)(...(args.length ? args : [2, 3, 'x'])))],
    ];
  }
  return Object.entries(value as object).flatMap(([key, inner]) => texts(inner, `${path}.${key}`));
}

test('there is a text everywhere', () => {
  for (const [path, text] of texts({ ...en, saved: { ...en.saved, withEdits: 'x' } }, 'en')) {
    expect(text.trim(), path).not.toBe('');
    expect(text, path).not.toContain('undefined');
  }
});

test('numbers are named in the singular and the plural', () => {
  expect(en.saved.withEdits('offline', 1)).toBe('Offline 1 edit kept here');
  expect(en.saved.withEdits('offline', 3)).toBe('Offline 3 edits kept here');
  expect(en.share.lasts(3600)).toBe('1 hour');
  expect(en.share.lasts(7 * 86_400)).toBe('7 days');
});
