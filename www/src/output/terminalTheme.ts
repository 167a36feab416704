import type { ITheme } from '@xterm/xterm';

const LIGHT: ITheme = {
  black: '#1b1d24',
  red: '#b3261e',
  green: '#14713d',
  yellow: '#8a5300',
  blue: '#2450c9',
  magenta: '#8a2bb3',
  cyan: '#0a6b77',
  white: '#575d6b',
  brightBlack: '#656b78',
  brightRed: '#c2322a',
  brightGreen: '#1c7f47',
  brightYellow: '#946000',
  brightBlue: '#3155cf',
  brightMagenta: '#9b3fd1',
  brightCyan: '#0f7986',
  brightWhite: '#1b1d24',
};
const DARK: ITheme = {
  black: '#4a5060',
  red: '#ff8f87',
  green: '#5fcf8f',
  yellow: '#edb35c',
  blue: '#8db4ff',
  magenta: '#d19bf5',
  cyan: '#6fd0dc',
  white: '#c8ccd6',
  brightBlack: '#8e96a6',
  brightRed: '#ffaaa4',
  brightGreen: '#85e0ab',
  brightYellow: '#f5ca86',
  brightBlue: '#b3ccff',
  brightMagenta: '#e0bcf9',
  brightCyan: '#97e0e9',
  brightWhite: '#ffffff',
};

/** The page's own colours where the terminal meets it. `element` is where it will be drawn. */
export function terminalTheme(element: HTMLElement): ITheme {
  const style = getComputedStyle(element);
  const dark = luminance(style.backgroundColor) < 0.5;
  return {
    ...(dark ? DARK : LIGHT),
    background: style.backgroundColor,
    foreground: style.color,
    cursor: style.backgroundColor,
    selectionBackground: dark ? '#31426f' : '#cfdcff',
    scrollbarSliderBackground: dark ? '#ffffff22' : '#00000022',
    scrollbarSliderHoverBackground: dark ? '#ffffff44' : '#00000044',
    scrollbarSliderActiveBackground: dark ? '#ffffff55' : '#00000055',
  };
}

function luminance(rgb: string): number {
  const [r = 255, g = 255, b = 255] = (rgb.match(/\d+/g) ?? []).map(Number);
  return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
}
