import { useCallback, useEffect, useMemo, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import type { FileEntry } from '../realtime/messages';
import type { RoomState } from '../realtime/roomState';
import { useStore } from '../realtime/store';
import { folderOf, nameOf, rows } from './tree';
import type { LiveRoom } from './useRoom';

/** More documents than this are not held open at once; a tab's document opens again when it is shown. */
const MOST_DOCS = 12;
const NONE: ReadonlySet<string> = new Set();

/** The open files, and which one is shown: that one is in the page's address. */
export function useTabs(room: string, live: LiveRoom) {
  const state = useStore(live.channel.state);
  const wanted = useParams()['*'] ?? '';
  const navigate = useNavigate();
  const [open, setOpen] = useState<readonly string[]>([]);
  const active = useMemo(() => activeFile(state, wanted), [state, wanted]);
  const activeId = active?.id ?? null;
  const { docs, channel } = live;

  useEffect(() => {
    channel.lookAt(activeId);
    if (!activeId) return;
    setOpen((tabs) => (tabs.includes(activeId) ? tabs : [...tabs, activeId]));
    docs.open(activeId);
    for (const [file, session] of docs.sessions.get()) {
      if (docs.sessions.get().size <= MOST_DOCS) break;
      if (file !== activeId && session.status.get().unsaved === 0) docs.close(file);
    }
  }, [docs, channel, activeId]);

  // Deleted files take their documents along, the copies in this browser included.
  useEffect(() => {
    if (!state.you) return;
    for (const file of docs.sessions.get().keys()) {
      if (!state.files.some((f) => f.id === file)) docs.close(file, true);
    }
  }, [docs, state.files, state.you]);

  const files = open.flatMap((id) => state.files.find((f) => f.id === id) ?? []);
  const select = useCallback(
    (file: string) => void navigate(`/rooms/${room}/${file}`),
    [navigate, room],
  );
  const close = (file: string) => {
    const rest = files.filter((f) => f.id !== file);
    const at = files.findIndex((f) => f.id === file);
    setOpen(rest.map((f) => f.id));
    if (docs.sessions.get().get(file)?.status.get().unsaved === 0) docs.close(file);
    if (file !== activeId) return;
    const next = rest[Math.min(at, rest.length - 1)];
    void navigate(next ? `/rooms/${room}/${next.id}` : `/rooms/${room}/-`, { replace: true });
  };
  return { files, active, select, close };
}

/** By id or path from the address; without one the program that the room begins with. `-`: none. */
function activeFile(state: RoomState, wanted: string): FileEntry | null {
  const files = state.files.filter((f) => f.kind === 'file');
  if (wanted === '-') return null;
  const named = files.find((f) => f.id === wanted || f.path === wanted);
  return named ?? entries(state)[0] ?? firstFile(files);
}

function firstFile(files: FileEntry[]): FileEntry | null {
  return rows(files, NONE).find((r) => r.entry.kind === 'file')?.entry ?? files[0] ?? null;
}

/** Files that can be run: those called main first, then those at the top. */
export function entries(state: RoomState): FileEntry[] {
  const extensions = state.languages.flatMap((l) =>
    l.extensions.map((e) => e.replace(/^\.?/, '.')),
  );
  const rank = (f: FileEntry) =>
    (nameOf(f.path).startsWith('main.') ? 0 : 2) + (folderOf(f.path) === '' ? 0 : 1);
  return state.files
    .filter((f) => f.kind === 'file' && extensions.some((e) => f.path.toLowerCase().endsWith(e)))
    .sort((a, b) => rank(a) - rank(b) || a.path.localeCompare(b.path));
}
