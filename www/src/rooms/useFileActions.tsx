import { lazy, Suspense, useState, type ReactNode } from 'react';
import { api } from '../api/client';
import { errorText } from '../api/problem';
import type { FileEntry } from '../realtime/messages';
import { toast } from '../ui/toasts';
import { checkPath, folderOf, isInside, join, nameOf, type NameProblem } from './tree';

const FileDialogs = lazy(() => import('./FileDialogs'));

export interface FileActions {
  check: (path: string, self?: string) => NameProblem | null;
  create: (kind: 'file' | 'folder', path: string) => void;
  rename: (entry: FileEntry, name: string) => void;
  /** Into another folder; empty: to the top. */
  move: (entry: FileEntry, folder: string) => void;
  askMove: (entry: FileEntry) => void;
  askDelete: (entry: FileEntry) => void;
}

type Asking = { what: 'move' | 'delete'; entry: FileEntry };

/** What one can do with the tree. The tree itself changes when the room says so. */
export function useFileActions(
  room: string,
  files: FileEntry[],
  onCreated: (file: string) => void,
): { actions: FileActions; dialogs: ReactNode } {
  const [asking, setAsking] = useState<Asking | null>(null);
  const attempt = (work: Promise<unknown>) => {
    work.catch((error: unknown) => toast(errorText(error), { tone: 'bad' }));
  };
  const actions: FileActions = {
    check: (path, self) => checkPath(path, files, self),
    create: (kind, path) =>
      attempt(
        api.createFile(room, { kind, path: path.normalize('NFC') }).then((made) => {
          if (kind === 'file') onCreated(made.id);
        }),
      ),
    rename: (entry, name) =>
      attempt(api.moveFile(room, entry.id, join(folderOf(entry.path), name.normalize('NFC')))),
    move: (entry, folder) => {
      const path = join(folder, nameOf(entry.path));
      if (path === entry.path || entry.path === folder || isInside(folder, entry.path)) return;
      attempt(api.moveFile(room, entry.id, path));
    },
    askMove: (entry) => setAsking({ what: 'move', entry }),
    askDelete: (entry) => setAsking({ what: 'delete', entry }),
  };
  const close = () => setAsking(null);
  const dialogs = asking && (
    <Suspense>
      <FileDialogs
        {...asking}
        files={files}
        onClose={close}
        onMove={(folder) => {
          actions.move(asking.entry, folder);
          close();
        }}
        onDelete={() => {
          attempt(api.deleteFile(room, asking.entry.id));
          close();
        }}
      />
    </Suspense>
  );
  return { actions, dialogs };
}
