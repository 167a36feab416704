/** A place in a file of the room that a line of output names. Line and column are 1-based. */
export interface Place {
  path: string;
  line: number;
  column?: number;
  /** Where it stands in the line of output, in UTF-16 units. */
  start: number;
  end: number;
}

const FORMS = [
  // Python: File "main.py", line 3
  /File "(?<path>[^"\n]+)", line (?<line>\d+)/g,
  // C, Node and most others: main.c:3:5, /work/src/main.js:12
  /(?<path>[^\s"'()<>:]+\.[A-Za-z0-9_]+):(?<line>\d+)(?::(?<column>\d+))?/g,
];

/** The places in a line of output that are in files of this room. */
export function findPlaces(text: string, paths: readonly string[]): Place[] {
  const places: Place[] = [];
  for (const form of FORMS) {
    for (const match of text.matchAll(form)) {
      const { path = '', line = '', column } = match.groups ?? {};
      const known = resolvePath(path, paths);
      const start = match.index;
      if (!known || places.some((p) => start < p.end && p.start < start + match[0].length))
        continue;
      places.push({
        path: known,
        line: Number(line),
        ...(column && { column: Number(column) }),
        start,
        end: start + match[0].length,
      });
    }
  }
  return places.sort((a, b) => a.start - b.start);
}

/** The program sees its files below some work folder: the longest ending that is in the room. */
function resolvePath(shown: string, paths: readonly string[]): string | null {
  const parts = shown
    .replace(/^file:\/\//, '')
    .split('/')
    .filter((p) => p && p !== '.');
  for (let i = 0; i < parts.length; i++) {
    const ending = parts.slice(i).join('/');
    if (paths.includes(ending)) return ending;
  }
  return null;
}

export interface ErrorSummary {
  place: Place | null;
  /** "NameError: name 'x' is not defined" */
  text: string | null;
}

// eslint-disable-next-line no-control-regex -- colours are dropped before reading
const COLOURS = /\x1b\[[0-9;:]*[A-Za-z]/g;
const NAMED = /^(?:[\w.]+\.)?(?:[A-Z]\w*(?:Error|Exception|Interrupt|Exit|Warning))(?::.*)?$/;
const COMPILER = /:\d+(?::\d+)?: (?:fatal )?error: (.*)$/;

/** What went wrong and where, from what the program or compiler wrote to standard error. */
export function summarizeError(stderr: string, paths: readonly string[]): ErrorSummary {
  const lines = stderr.replace(COLOURS, '').split(/\r?\n/);
  const compile = lines.find((l) => COMPILER.test(l) && findPlaces(l, paths).length > 0);
  if (compile) {
    return {
      place: findPlaces(compile, paths)[0] ?? null,
      text: COMPILER.exec(compile)?.[1] ?? null,
    };
  }
  const text = lines.findLast((l) => NAMED.test(l.trim()))?.trim() ?? null;
  const python = lines.filter((l) => /^\s*File "/.test(l)).flatMap((l) => findPlaces(l, paths));
  const place = python.at(-1) ?? lines.flatMap((l) => findPlaces(l, paths))[0] ?? null;
  return { place, text };
}
