import { expect, test } from 'vitest';
import css from './tokens.css?raw';

type Rgb = [number, number, number];

/** The tokens as one of the two themes has them; colours that are partly seen through are left out. */
function tokensOf(theme: 'light' | 'dark'): Map<string, Rgb> {
  const found = new Map<string, Rgb>();
  for (const [, name = '', value = ''] of css.matchAll(/--([\w-]+):\s*([^;]+);/g)) {
    const both = /^light-dark\((#\w{6}), (#\w{6})\)$/.exec(value);
    const colour = (both ? both[theme === 'light' ? 1 : 2] : value) ?? '';
    if (/^#\w{6}$/.test(colour)) found.set(name, rgb(colour));
  }
  return found;
}

function rgb(hex: string): Rgb {
  const at = (i: number) => parseInt(hex.slice(i, i + 2), 16);
  return [at(1), at(3), at(5)];
}

/** Relative luminance, as WCAG 2.2 defines it. */
function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((c) => {
    const part = c / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const TEXT = 4.5;
const SHAPE = 3;
const GROUNDS = ['bg', 'surface', 'raised'];
const peers = Array.from({ length: 12 }, (_, i) => `peer-${i}`);

/** What is drawn on what, and the least contrast that WCAG AA asks for. */
const PAIRS: { on: string[]; drawn: string[]; least: number }[] = [
  { on: [...GROUNDS, 'hover', 'active'], drawn: ['text', 'text-2'], least: TEXT },
  { on: [...GROUNDS, 'accent-soft'], drawn: ['text', 'accent'], least: TEXT },
  { on: GROUNDS, drawn: ['ok', 'warn', 'danger'], least: TEXT },
  { on: ['warn-soft', 'danger-soft', 'selection'], drawn: ['text'], least: TEXT },
  { on: ['accent-fill', 'accent-fill-hover', 'danger-fill'], drawn: ['on-accent'], least: TEXT },
  { on: peers, drawn: ['on-accent'], least: TEXT },
  {
    on: ['surface'],
    drawn: ['keyword', 'string', 'number', 'comment', 'function', 'type'].map((s) => `syn-${s}`),
    least: TEXT,
  },
  // The edges of fields, the ring of the focus, the carets and rings of people.
  { on: GROUNDS, drawn: ['line-strong', 'accent', ...peers], least: SHAPE },
];

test.each(['light', 'dark'] as const)(
  '%s: what is drawn can be told from what is below it',
  (theme) => {
    const tokens = tokensOf(theme);
    const of = (name: string) => {
      const colour = tokens.get(name);
      if (!colour) throw new Error(`--${name} is no plain colour`);
      return colour;
    };
    const faint = PAIRS.flatMap(({ on, drawn, least }) =>
      on.flatMap((ground) =>
        drawn
          .map((name) => ({ name, ground, ratio: contrast(of(name), of(ground)), least }))
          .filter(({ ratio }) => ratio < least),
      ),
    );
    expect(faint).toEqual([]);
  },
);
