import type { FileEntry } from '../realtime/messages';

/** An entry of the tree as a row: what is inside a closed folder has none. */
export interface Row {
  entry: FileEntry;
  name: string;
  depth: number;
  open: boolean;
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Path of the folder that something is in; empty at the top. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

export function join(folder: string, name: string): string {
  return folder ? `${folder}/${name}` : name;
}

export function isInside(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

/** Folders first, then names as people sort them; children after their folder. */
export function rows(files: readonly FileEntry[], closed: ReadonlySet<string>): Row[] {
  const children = new Map<string, FileEntry[]>();
  for (const entry of files) {
    const folder = folderOf(entry.path);
    const list = children.get(folder);
    if (list) list.push(entry);
    else children.set(folder, [entry]);
  }
  const out: Row[] = [];
  const walk = (folder: string, depth: number) => {
    for (const entry of (children.get(folder) ?? []).sort(compare)) {
      const open = entry.kind === 'folder' && !closed.has(entry.id);
      out.push({ entry, name: nameOf(entry.path), depth, open });
      if (open) walk(entry.path, depth + 1);
    }
  };
  walk('', 0);
  return out;
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

function compare(a: FileEntry, b: FileEntry): number {
  if (a.kind !== b.kind) return a.kind === 'folder' ? -1 : 1;
  return collator.compare(nameOf(a.path), nameOf(b.path));
}

export type NameProblem = 'empty' | 'dots' | 'character' | 'long' | 'taken';

const MOST_NAME_BYTES = 128;

/** What is wrong with a new path, as the server would see it; null: nothing. `self` may keep its own. */
export function checkPath(
  path: string,
  files: readonly FileEntry[],
  self?: string,
): NameProblem | null {
  for (const name of path.split('/')) {
    if (name.trim() === '') return 'empty';
    if (name === '.' || name === '..') return 'dots';
    // eslint-disable-next-line no-control-regex -- control characters are what is refused
    if (/[\u0000-\u001f\u007f\\]/.test(name)) return 'character';
    if (new TextEncoder().encode(name).length > MOST_NAME_BYTES) return 'long';
  }
  const same = (f: FileEntry) => f.path.toLowerCase() === path.toLowerCase();
  return files.some((f) => f.id !== self && same(f)) ? 'taken' : null;
}
