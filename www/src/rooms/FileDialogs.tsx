import { useState } from 'react';
import { t } from '../i18n';
import type { FileEntry } from '../realtime/messages';
import { Button } from '../ui/Button';
import { Dialog, DialogActions } from '../ui/Dialog';
import { Select } from '../ui/Field';
import { Ask } from './Ask';
import { folderOf, isInside, nameOf } from './tree';

interface Props extends MoveProps {
  what: 'move' | 'delete';
  onDelete: () => void;
}

export default function FileDialogs({ what, entry, files, onClose, onMove, onDelete }: Props) {
  if (what === 'move') return <MoveDialog {...{ entry, files, onClose, onMove }} />;
  const inside = files.filter((f) => f.kind === 'file' && isInside(f.path, entry.path)).length;
  const loses = entry.kind === 'folder' ? t.files.deleteFolderLoses(inside) : t.files.deleteLoses;
  return (
    <Ask
      title={t.files.deleteAsk(entry.path)}
      text={loses}
      action={t.files.delete}
      busy={false}
      onClose={onClose}
      onYes={onDelete}
    />
  );
}

interface MoveProps {
  entry: FileEntry;
  files: FileEntry[];
  onClose: () => void;
  onMove: (folder: string) => void;
}

function MoveDialog({ entry, files, onClose, onMove }: MoveProps) {
  const [folder, setFolder] = useState(folderOf(entry.path));
  const folders = files
    .filter((f) => f.kind === 'folder' && f.id !== entry.id && !isInside(f.path, entry.path))
    .map((f) => f.path)
    .sort();
  return (
    <Dialog open onClose={onClose} title={t.files.moveTitle(nameOf(entry.path))}>
      <Select
        label={t.files.folder}
        value={folder}
        onChange={(e) => setFolder(e.target.value)}
        autoFocus
      >
        <option value="">{t.files.top}</option>
        {folders.map((path) => (
          <option key={path} value={path}>
            {path}
          </option>
        ))}
      </Select>
      <DialogActions>
        <Button onClick={onClose}>{t.common.cancel}</Button>
        <Button look="primary" onClick={() => onMove(folder)}>
          {t.files.moveDo}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
