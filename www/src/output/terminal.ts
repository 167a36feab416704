import { FitAddon } from '@xterm/addon-fit';
import { Terminal, type ILink } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import type { RunOutput, Stream } from '../realtime/runOutput';
import { findPlaces, type Place } from './errorLinks';
import { runFilters } from './streamFilter';
import { terminalTheme } from './terminalTheme';

export interface OutputTerminal {
  show: (output: RunOutput | null) => void;
  /** Dark or light was switched. */
  restyle: () => void;
  text: () => string;
  dispose: () => void;
}

interface Options {
  label: string;
  paths: () => readonly string[];
  onPlace: (place: Place) => void;
}

/**
 * xterm.js as the output's screen. Nothing that the terminal says (answers to reports, keys) goes
 * anywhere: input is a field of its own. Only what StreamFilter lets through is written.
 */
export function openTerminal(parent: HTMLElement, options: Options): OutputTerminal {
  const terminal = new Terminal({
    convertEol: true,
    disableStdin: true,
    cursorInactiveStyle: 'none',
    cursorBlink: false,
    fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--mono'),
    fontSize: 13,
    lineHeight: 1.25,
    scrollback: 20_000,
    minimumContrastRatio: 4.5,
    screenReaderMode: false,
    theme: terminalTheme(parent),
    linkHandler: null,
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.open(parent);
  terminal.textarea?.setAttribute('aria-label', options.label);
  // Tab leaves the terminal, as it does any other element: there is nothing to type in it.
  terminal.attachCustomKeyEventHandler((event) => event.key !== 'Tab');
  registerLinks(terminal, options);
  const sizes = new ResizeObserver(() => parent.clientWidth > 0 && fit.fit());
  sizes.observe(parent);
  const feed = feeder(terminal);
  return {
    show: feed.show,
    restyle: () => (terminal.options.theme = terminalTheme(parent)),
    text: () => screenText(terminal),
    dispose: () => {
      feed.show(null);
      sizes.disconnect();
      terminal.dispose();
    },
  };
}

/** Writes a run's output as it grows, and from the start when it starts anew. */
function feeder(terminal: Terminal) {
  let output: RunOutput | null = null;
  let unsubscribe: (() => void) | undefined;
  let filters = runFilters();
  let last: Stream | null = null;
  let shown = 0;
  let generation = 0;

  const clear = () => {
    // Pending writes of another run must not appear after the reset: it goes through the same queue.
    terminal.write('\x1bc\x1b[?25l');
    filters = runFilters();
    last = null;
    shown = 0;
  };
  const more = () => {
    if (!output) return;
    if (output.generation !== generation) {
      generation = output.generation;
      clear();
    }
    for (; shown < output.pieces.length; shown++) {
      const piece = output.pieces[shown];
      if (!piece) continue;
      const filter = filters[piece.stream];
      const before = piece.stream === last ? '' : filter.style;
      last = piece.stream;
      terminal.write(before + filter.push(piece.bytes));
    }
  };
  return {
    show: (next: RunOutput | null) => {
      if (next === output) return;
      unsubscribe?.();
      output = next;
      generation = next?.generation ?? 0;
      clear();
      unsubscribe = next?.subscribe(more);
      more();
    },
  };
}

/** Names of places in the room's files, like `File "main.py", line 3`, lead there. */
function registerLinks(terminal: Terminal, options: Options): void {
  terminal.registerLinkProvider({
    provideLinks(row, callback) {
      const { text, first } = wrappedLine(terminal, row - 1);
      const links = findPlaces(text, options.paths()).map((place): ILink => {
        return {
          text: text.slice(place.start, place.end),
          range: {
            start: cell(terminal, first, place.start),
            end: cell(terminal, first, place.end - 1),
          },
          activate: () => options.onPlace(place),
        };
      });
      callback(links.length > 0 ? links : undefined);
    },
  });
}

function cell(terminal: Terminal, firstRow: number, offset: number): { x: number; y: number } {
  return {
    x: (offset % terminal.cols) + 1,
    y: firstRow + Math.floor(offset / terminal.cols) + 1,
  };
}

/** The whole line that a row of the screen is part of. */
function wrappedLine(terminal: Terminal, row: number): { text: string; first: number } {
  const buffer = terminal.buffer.active;
  let first = row;
  while (first > 0 && buffer.getLine(first)?.isWrapped) first -= 1;
  let text = buffer.getLine(first)?.translateToString(false) ?? '';
  for (let next = first + 1; buffer.getLine(next)?.isWrapped; next++) {
    text += buffer.getLine(next)?.translateToString(false) ?? '';
  }
  return { text, first };
}

function screenText(terminal: Terminal): string {
  const buffer = terminal.buffer.active;
  let text = '';
  for (let row = 0; row < buffer.length; row++) {
    const line = buffer.getLine(row);
    const wrapsOn = buffer.getLine(row + 1)?.isWrapped ?? false;
    text += (line?.translateToString(!wrapsOn) ?? '') + (wrapsOn ? '' : '\n');
  }
  return text.replace(/\n+$/, '\n');
}
