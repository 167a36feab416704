import type { Stream } from '../realtime/runOutput';

/**
 * One stream's bytes as text that is safe to give to the terminal. Bytes that are not UTF-8 become
 * U+FFFD, also when a character is cut between two pieces. Of escape sequences only colours, erasing
 * and moving the cursor pass; the rest (titles, clipboard, reports, other screens, strings) is
 * dropped. An unfinished sequence waits for its end, so that streams do not cut each other's.
 */
export class StreamFilter {
  readonly #decoder = new TextDecoder('utf-8', { fatal: false });
  #rest = '';
  /** What sets the terminal to this stream's colours as they are now. */
  style: string;

  /** `base`: the colour of this stream, restored where the program resets colours. */
  constructor(private readonly base: string = '') {
    this.style = RESET + base;
  }

  push(bytes: Uint8Array): string {
    return this.text(this.#decoder.decode(bytes, { stream: true }));
  }

  text(input: string): string {
    const text = this.#rest + input;
    this.#rest = '';
    let out = '';
    let at = 0;
    while (at < text.length) {
      const next = nextControl(text, at);
      out += text.slice(at, next);
      if (next >= text.length) break;
      if (text[next] !== ESC) {
        at = next + 1; // a control character that is not for output
        continue;
      }
      const end = sequenceEnd(text, next);
      if (end === null) {
        if (text.length - next <= LONGEST) this.#rest = text.slice(next);
        break;
      }
      out += this.#allowed(text.slice(next, end));
      at = end;
    }
    return out;
  }

  #allowed(sequence: string): string {
    const match = ALLOWED.exec(sequence);
    if (!match) return '';
    return match[2] === 'm' ? this.#colour(match[1] ?? '') : sequence;
  }

  /** A reset goes back to the stream's own colour. */
  #colour(parameters: string): string {
    const reset = /^0*(;|$)/.exec(parameters);
    const rest = reset ? parameters.slice(reset[0].length) : parameters;
    const change = rest ? `${ESC}[${rest}m` : '';
    if (reset) this.style = RESET + this.base;
    const before = reset ? this.style : '';
    if (this.style.length < LONGEST) this.style += change;
    return before + change;
  }
}

const ESC = '\x1b';
const RESET = '\x1b[0m';
/** An unfinished sequence longer than this is not waited for. */
const LONGEST = 4096;
/** CSI with plain parameters: m colours, A–G and H/f moving, J/K erasing. */
// eslint-disable-next-line no-control-regex -- escape sequences are what this is about
const ALLOWED = /^\x1b\[([0-9;:]*)([mABCDEFGHfJK])$/;

/** Index of the next character that may not simply pass. \t \n \r \b pass. */
function nextControl(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 0x20 ? c !== 9 && c !== 10 && c !== 13 && c !== 8 : c >= 0x7f && c < 0xa0) return i;
  }
  return text.length;
}

/** Where the sequence that starts at `from` ends, or null when its end has not come yet. */
function sequenceEnd(text: string, from: number): number | null {
  const kind = text[from + 1];
  if (kind === undefined) return null;
  if (kind === '[') {
    for (let i = from + 2; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c >= 0x40 && c <= 0x7e) return i + 1;
      if (c < 0x20 || c > 0x7e) return i; // broken off: what follows is text again
    }
    return null;
  }
  if (kind === ']' || kind === 'P' || kind === '_' || kind === '^' || kind === 'X') {
    for (let i = from + 2; i < text.length; i++) {
      if (text[i] === '\x07') return i + 1;
      if (text[i] === ESC)
        return text[i + 1] === '\\' ? i + 2 : text[i + 1] === undefined ? null : i;
    }
    return null;
  }
  const code = kind.charCodeAt(0);
  if (code >= 0x20 && code <= 0x2f) return text.length > from + 2 ? from + 3 : null;
  return code >= 0x30 && code <= 0x7e ? from + 2 : from + 1;
}

/** The filters of one run: what is typed, standard output, standard error, the compiler. */
export function runFilters(): Record<Stream, StreamFilter> {
  return {
    0: new StreamFilter('\x1b[36m'),
    1: new StreamFilter(),
    2: new StreamFilter('\x1b[31m'),
    3: new StreamFilter('\x1b[33m'),
  };
}
