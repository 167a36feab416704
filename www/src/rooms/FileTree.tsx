import { ChevronRight, File, FilePlus, Folder, FolderPlus } from 'lucide-react';
import { useEffect, useRef, useState, type DragEvent, type KeyboardEvent } from 'react';
import { t } from '../i18n';
import type { FileEntry, Person } from '../realtime/messages';
import { IconButton } from '../ui/Button';
import { cx } from '../ui/cx';
import { Menu, type MenuItem } from '../ui/Menu';
import { NameInput } from './NameInput';
import { folderOf, join, rows, type Row } from './tree';
import type { FileActions } from './useFileActions';
import css from './FileTree.module.css';

interface Props {
  files: FileEntry[];
  active: string | null;
  canEdit: boolean;
  /** Others, to show who looks at what. */
  people: Person[];
  actions: FileActions;
  onOpen: (file: string) => void;
}

type Editing = { what: 'rename'; id: string } | { what: 'file' | 'folder'; folder: string };
const DRAGGED = 'application/x-coderoom-file';

export function FileTree({ files, active, canEdit, people, actions, onOpen }: Props) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [focused, setFocused] = useState<string | null>(null);
  const [editing, setEditing] = useState<Editing | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const tree = useRef<HTMLUListElement>(null);
  const shown = rows(files, closed);
  const current = focused && shown.some((r) => r.entry.id === focused) ? focused : active;
  const tabStop = shown.some((r) => r.entry.id === current) ? current : shown[0]?.entry.id;

  // A row that is renamed or deleted takes the focus along: its place in the tree has it then.
  const edited = useRef(false);
  useEffect(() => {
    const lost = edited.current || !files.some((f) => f.id === focused);
    edited.current = editing !== null;
    if (!lost || !focused || editing || document.activeElement !== document.body) return;
    tree.current?.querySelector<HTMLElement>('[role=treeitem][tabindex="0"]')?.focus();
  }, [files, focused, editing]);

  const toggle = (id: string, open?: boolean) => {
    const next = new Set(closed);
    if (open ?? next.has(id)) next.delete(id);
    else next.add(id);
    setClosed(next);
  };
  const create = (what: 'file' | 'folder', where: string) => {
    const parent = files.find((f) => f.path === where);
    if (parent) toggle(parent.id, true);
    setEditing({ what, folder: where });
  };
  const drop = (event: DragEvent, target: string) => {
    event.preventDefault();
    setOver(null);
    const moved = files.find((f) => f.id === event.dataTransfer.getData(DRAGGED));
    if (moved) actions.move(moved, target);
  };
  const focus = (id: string | undefined) => {
    if (!id) return;
    setFocused(id);
    tree.current?.querySelector<HTMLElement>(`[data-id="${id}"]`)?.focus();
  };
  const key = (event: KeyboardEvent, row: Row) => {
    if (event.target !== event.currentTarget) return;
    const at = shown.indexOf(row);
    const act: Record<string, () => void> = {
      ArrowDown: () => focus(shown[at + 1]?.entry.id),
      ArrowUp: () => focus(shown[at - 1]?.entry.id),
      Home: () => focus(shown[0]?.entry.id),
      End: () => focus(shown.at(-1)?.entry.id),
      ArrowRight: () => (row.open ? focus(shown[at + 1]?.entry.id) : toggle(row.entry.id, true)),
      ArrowLeft: () =>
        row.open
          ? toggle(row.entry.id, false)
          : focus(files.find((f) => f.path === folderOf(row.entry.path))?.id),
      Enter: () => (row.entry.kind === 'file' ? onOpen(row.entry.id) : toggle(row.entry.id)),
      ' ': () => (row.entry.kind === 'file' ? onOpen(row.entry.id) : toggle(row.entry.id)),
      ...(canEdit && {
        F2: () => setEditing({ what: 'rename', id: row.entry.id }),
        Delete: () => actions.askDelete(row.entry),
      }),
    };
    const work = act[event.key];
    if (!work) return;
    event.preventDefault();
    work();
  };
  const menu = (entry: FileEntry): MenuItem[] => [
    ...(entry.kind === 'folder'
      ? [
          { label: t.files.newFile, onSelect: () => create('file', entry.path) },
          { label: t.files.newFolder, onSelect: () => create('folder', entry.path) },
        ]
      : []),
    { label: t.files.rename, onSelect: () => setEditing({ what: 'rename', id: entry.id }) },
    { label: t.files.move, onSelect: () => actions.askMove(entry) },
    { label: t.files.delete, danger: true, onSelect: () => actions.askDelete(entry) },
  ];
  const dropTarget = (target: string) =>
    canEdit
      ? {
          onDragOver: (e: DragEvent) => {
            e.preventDefault();
            e.stopPropagation();
            setOver(target);
          },
          onDragLeave: () => setOver(null),
          onDrop: (e: DragEvent) => {
            e.stopPropagation();
            drop(e, target);
          },
        }
      : {};
  const newRow = (where: string, depth: number) =>
    editing && editing.what !== 'rename' && editing.folder === where ? (
      <li role="none" className={css.row} data-depth={Math.min(depth, 12)}>
        <NameInput
          label={editing.what === 'file' ? t.files.newFile : t.files.newFolder}
          initial=""
          check={(name) => actions.check(join(where, name))}
          onCancel={() => setEditing(null)}
          onDone={(name) => {
            setEditing(null);
            actions.create(editing.what, join(where, name));
          }}
        />
      </li>
    ) : null;

  return (
    <nav className={css.panel} aria-label={t.files.title}>
      <div className={css.head}>
        <h2 className={css.title}>{t.files.title}</h2>
        {canEdit && (
          <>
            <IconButton label={t.files.newFile} onClick={() => create('file', '')}>
              <FilePlus size={16} />
            </IconButton>
            <IconButton label={t.files.newFolder} onClick={() => create('folder', '')}>
              <FolderPlus size={16} />
            </IconButton>
          </>
        )}
      </div>
      <ul
        ref={tree}
        role="tree"
        aria-label={t.files.title}
        className={cx(css.tree, over === '' && css.over)}
        {...dropTarget('')}
      >
        {newRow('', 0)}
        {shown.map((row) => (
          <TreeRow
            key={row.entry.id}
            row={row}
            active={row.entry.id === active}
            tabStop={row.entry.id === tabStop}
            over={row.entry.kind === 'folder' && over === row.entry.path}
            viewers={people.filter((p) => p.file === row.entry.id)}
            menu={canEdit ? menu(row.entry) : null}
            drag={canEdit}
            dropTarget={row.entry.kind === 'folder' ? dropTarget(row.entry.path) : {}}
            onFocus={() => setFocused(row.entry.id)}
            onKey={(e) => key(e, row)}
            onOpen={() => (row.entry.kind === 'file' ? onOpen(row.entry.id) : toggle(row.entry.id))}
            renaming={
              editing?.what === 'rename' && editing.id === row.entry.id ? (
                <NameInput
                  label={t.files.rename}
                  initial={row.name}
                  check={(name) =>
                    actions.check(join(folderOf(row.entry.path), name), row.entry.id)
                  }
                  onCancel={() => setEditing(null)}
                  onDone={(name) => {
                    setEditing(null);
                    actions.rename(row.entry, name);
                  }}
                />
              ) : null
            }
            after={row.open ? newRow(row.entry.path, row.depth + 1) : null}
          />
        ))}
      </ul>
      {files.length === 0 && !editing && <p className={css.empty}>{t.files.empty}</p>}
    </nav>
  );
}

interface TreeRowProps {
  row: Row;
  active: boolean;
  tabStop: boolean;
  over: boolean;
  viewers: Person[];
  menu: MenuItem[] | null;
  drag: boolean;
  dropTarget: object;
  renaming: React.ReactNode;
  after: React.ReactNode;
  onFocus: () => void;
  onKey: (event: KeyboardEvent) => void;
  onOpen: () => void;
}

function TreeRow(props: TreeRowProps) {
  const { row, active, viewers, menu, renaming, after } = props;
  const { entry, name, depth, open } = row;
  const isFolder = entry.kind === 'folder';
  if (renaming) {
    return (
      <li role="none" className={css.row} data-depth={Math.min(depth, 12)}>
        {renaming}
      </li>
    );
  }
  return (
    <>
      <li
        role="treeitem"
        data-id={entry.id}
        data-depth={Math.min(depth, 12)}
        aria-level={depth + 1}
        aria-selected={active}
        {...(isFolder && { 'aria-expanded': open })}
        tabIndex={props.tabStop ? 0 : -1}
        className={cx(css.row, active && css.active, props.over && css.over)}
        title={entry.path}
        draggable={props.drag}
        onDragStart={(e) => e.dataTransfer.setData(DRAGGED, entry.id)}
        onFocus={props.onFocus}
        onKeyDown={props.onKey}
        onClick={props.onOpen}
        {...props.dropTarget}
      >
        {isFolder ? (
          <>
            <ChevronRight size={14} className={cx(css.arrow, open && css.turned)} aria-hidden />
            <Folder size={14} className={css.kind} aria-hidden />
          </>
        ) : (
          <File size={14} className={cx(css.kind, css.leaf)} aria-hidden />
        )}
        <span className={css.name}>{name}</span>
        {viewers.slice(0, 3).map((p) => (
          <span
            key={p.conn}
            className={cx(css.dot, `cr-peer-${p.color % 12}`)}
            title={p.name}
            role="img"
            aria-label={t.files.looksAt(p.name)}
          />
        ))}
        {menu && (
          <span className={css.menu} onClick={(e) => e.stopPropagation()}>
            <Menu label={t.files.menu(name)} items={menu} tabIndex={props.tabStop ? 0 : -1} />
          </span>
        )}
      </li>
      {after}
    </>
  );
}
