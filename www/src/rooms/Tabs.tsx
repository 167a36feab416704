import { X } from 'lucide-react';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { t } from '../i18n';
import type { FileEntry } from '../realtime/messages';
import { cx } from '../ui/cx';
import { folderOf, nameOf } from './tree';
import css from './Tabs.module.css';

interface Props {
  files: FileEntry[];
  active: string | null;
  onSelect: (file: string) => void;
  onClose: (file: string) => void;
}

/** The open files. Arrow keys go along, Delete closes; so do the cross and the middle button. */
export function Tabs({ files, active, onSelect, onClose }: Props) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current
      ?.querySelector('[aria-selected=true]')
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [active]);

  const key = (event: KeyboardEvent, at: number) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const file = files[at];
    if (event.key === 'Delete' && file) onClose(file.id);
    else if (step) {
      const next = files[(at + step + files.length) % files.length];
      if (!next) return;
      onSelect(next.id);
      list.current?.querySelector<HTMLElement>(`[data-id="${next.id}"]`)?.focus();
    } else return;
    event.preventDefault();
  };
  const ambiguous = (file: FileEntry) =>
    files.some((f) => f.id !== file.id && nameOf(f.path) === nameOf(file.path));

  return (
    <div ref={list} className={css.tabs} role="tablist" aria-label={t.files.open}>
      {files.map((file, at) => (
        <div
          key={file.id}
          role="tab"
          data-id={file.id}
          aria-selected={file.id === active}
          tabIndex={file.id === active ? 0 : -1}
          className={cx(css.tab, file.id === active && css.active)}
          title={file.path}
          aria-keyshortcuts="Delete"
          onClick={() => onSelect(file.id)}
          onAuxClick={(e) => e.button === 1 && onClose(file.id)}
          onKeyDown={(e) => key(e, at)}
        >
          <span className={css.name}>{nameOf(file.path)}</span>
          {ambiguous(file) && <span className={css.folder}>{folderOf(file.path) || '/'}</span>}
          <span
            className={css.close}
            title={t.files.close(nameOf(file.path))}
            aria-hidden="true"
            onClick={(e) => {
              e.stopPropagation();
              onClose(file.id);
            }}
          >
            <X size={12} />
          </span>
        </div>
      ))}
    </div>
  );
}
