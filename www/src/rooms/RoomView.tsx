import {
  ChevronDown,
  ChevronUp,
  Code,
  FolderTree,
  History,
  MessageSquare,
  Terminal,
} from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { mayEdit, type User } from '../api/types';
import type { EditorHandle } from '../editor/Editor';
import { t } from '../i18n';
import type { Place } from '../output/errorLinks';
import { OutputPanel } from '../output/OutputPanel';
import { RunBar } from '../output/RunBar';
import { useRuns } from '../output/useRuns';
import { useStore } from '../realtime/store';
import { Button, IconButton } from '../ui/Button';
import { cx } from '../ui/cx';
import { useMedia } from '../ui/media';
import { Menu } from '../ui/Menu';
import { Message } from '../ui/Page';
import { Skeleton } from '../ui/Skeleton';
import { Splitter } from '../ui/Splitter';
import { announce } from '../ui/toasts';
import { EditorPane } from './EditorPane';
import { FileTree } from './FileTree';
import { useLayout } from './layout';
import { RoomHeader } from './RoomHeader';
import { Badge, SidePanel, useUnread, type SideTab } from './SidePanel';
import { Tabs } from './Tabs';
import { useFileActions } from './useFileActions';
import { useHistoryRoute } from './useHistoryRoute';
import { useFollow } from './useFollow';
import type { LiveRoom } from './useRoom';
import { useRoomEvents } from './useRoomEvents';
import { useRunControl } from './useRunControl';
import { useTabs } from './useTabs';
import css from './RoomPage.module.css';

const ShareDialog = lazy(() => import('../share/ShareDialog'));
const HistoryPanel = lazy(() => import('../history/HistoryPanel'));

type PhonePanel = 'files' | 'code' | 'run' | 'chat';

export function RoomView({ room, me, live }: { room: string; me: User; live: LiveRoom }) {
  const { channel, docs } = live;
  const state = useStore(channel.state);
  const sessions = useStore(docs.sessions);
  const phone = useMedia('(max-width: 720px)');
  const narrow = useMedia('(max-width: 1100px)');
  const [layout, setLayout] = useLayout(narrow);
  const [panel, setPanel] = useState<PhonePanel>('code');
  const [sideTab, setSideTab] = useState<SideTab>('chat');
  const [sharing, setSharing] = useState(false);
  const editor = useRef<EditorHandle>(null);
  const wantedPlace = useRef<Place | null>(null);

  const tabs = useTabs(room, live);
  const active = tabs.active;
  const session = active ? sessions.get(active.id) : undefined;
  const history = useHistoryRoute(room, active?.id ?? null);
  const canEdit = state.you !== null && mayEdit(state.you.role);
  const runs = useRuns(channel);
  const control = useRunControl(channel, state, active);
  const { person: followed, follow } = useFollow(state, active?.id ?? null, tabs.select);
  const showPanel = (next: PhonePanel) => {
    // The button says Chat and counts its messages: that is what it leads to.
    if (next === 'chat') setSideTab('chat');
    setPanel(next);
  };
  const open = (file: string) => {
    follow(null);
    setPanel('code');
    tabs.select(file);
  };
  const { actions, dialogs } = useFileActions(room, state.files, open);
  const chatVisible = sideTab === 'chat' && (phone ? panel === 'chat' : layout.sideOpen);
  const unread = useUnread(channel, chatVisible);
  useRoomEvents(live);

  const goTo = (place: Place) => {
    const file = state.files.find((f) => f.path === place.path);
    if (!file) return;
    setPanel('code');
    if (file.id === active?.id && !history.open) editor.current?.goTo(place.line, place.column);
    else {
      wantedPlace.current = place;
      tabs.select(file.id);
    }
  };
  // The editor of another file is there some renders later.
  useEffect(() => {
    const place = wantedPlace.current;
    if (!place || place.path !== active?.path) return;
    const timer = setInterval(() => {
      if (!document.querySelector('.cm-content')) return;
      editor.current?.goTo(place.line, place.column);
      wantedPlace.current = null;
      clearInterval(timer);
    }, 50);
    return () => clearInterval(timer);
  }, [active?.path, session, history.open]);

  const run = async () => {
    if (!canEdit) return;
    const begun = control.start();
    if (!layout.outputOpen) setLayout({ outputOpen: true });
    if ((await begun) && phone) setPanel((p) => (p === 'files' ? p : 'run'));
  };
  useShortcuts({ onRun: () => void run() });

  if (!state.room) {
    return (
      <div className={css.room}>
        <RoomHeader {...headerProps()} />
        <main className={css.loading}>
          <Skeleton lines={9} label={t.common.loading} />
        </main>
      </div>
    );
  }

  function headerProps() {
    return {
      live,
      phone,
      filesOpen: layout.filesOpen,
      sideOpen: layout.sideOpen,
      followed: followed?.conn ?? null,
      onFiles: () => setLayout({ filesOpen: !layout.filesOpen }),
      onSide: () => setLayout({ sideOpen: !layout.sideOpen }),
      onShare: () => setSharing(true),
      onPeople: () => {
        setSideTab('people');
        setPanel('chat');
        setLayout({ sideOpen: true });
      },
      onFollow: follow,
    };
  }

  const files = (
    <FileTree
      files={state.files}
      active={active?.id ?? null}
      canEdit={canEdit}
      people={state.people.filter((p) => p.conn !== state.you?.conn)}
      actions={actions}
      onOpen={open}
    />
  );
  const runBar = (compact: boolean) => (
    <RunBar
      entries={control.entries}
      openEntry={control.openEntry}
      entry={control.entry}
      settings={control.settings}
      onSettings={control.setSettings}
      run={runs.shown}
      canRun={canEdit}
      limits={state.limits}
      compact={compact}
      onRun={() => void run()}
      onStop={() => runs.shown && channel.stop(runs.shown.id)}
    />
  );
  const code = (
    <section className={css.code} aria-label={t.editor.title}>
      <div className={css.toolbar}>
        <Tabs files={tabs.files} active={active?.id ?? null} onSelect={open} onClose={tabs.close} />
        {active && (
          <IconButton
            label={t.history.open}
            pressed={history.open}
            onClick={history.open ? history.close : history.show}
          >
            <History size={16} />
          </IconButton>
        )}
        {active && state.you?.role === 'owner' && !history.open && (
          <Menu
            label={t.editor.more}
            items={[
              { label: t.editor.protect, onSelect: () => editor.current?.protect(true) },
              { label: t.editor.unprotect, onSelect: () => editor.current?.protect(false) },
            ]}
          />
        )}
        {runBar(phone)}
        {state.you && !canEdit && <span className={css.viewOnly}>{t.room.viewOnly}</span>}
      </div>
      {followed && (
        <div className={cx(css.following, `cr-peer-${followed.color % 12}`)}>
          <span>{t.people.followingHint(followed.name)}</span>
          <Button look="quiet" onClick={() => follow(null)}>
            {t.people.unfollow}
          </Button>
        </div>
      )}
      <div className={css.editor}>
        {active && session && history.open ? (
          <Suspense fallback={<Skeleton lines={9} label={t.common.loading} />}>
            <HistoryPanel
              key={active.id}
              channel={channel}
              session={session}
              room={room}
              me={me.id}
              file={active}
              canEdit={canEdit}
              seq={history.seq}
              onSeq={history.choose}
              onClose={history.close}
            />
          </Suspense>
        ) : active ? (
          <EditorPane
            ref={editor}
            session={session}
            path={active.path}
            readOnly={!canEdit}
            follow={followed?.conn ?? null}
            onActivity={() => followed && follow(null)}
          />
        ) : (
          <div className={css.hollow}>
            <Message
              level="h2"
              title={state.files.length > 0 ? t.editor.noFile : t.files.empty}
              text={state.files.length > 0 ? t.editor.noFileHint : t.editor.emptyHint}
            />
          </div>
        )}
      </div>
    </section>
  );
  const output = (
    <OutputPanel
      channel={channel}
      room={room}
      runs={runs}
      canRun={canEdit}
      stdin={control.stdin}
      onStdin={control.setStdin}
      onPlace={goTo}
    />
  );
  const side = (
    <SidePanel
      channel={channel}
      tab={sideTab}
      onTab={setSideTab}
      unread={unread}
      runs={{
        ...runs,
        select: (id) => {
          runs.select(id);
          setLayout({ outputOpen: true });
          setPanel('run');
        },
      }}
      followed={followed?.conn ?? null}
      onFollow={follow}
    />
  );
  return (
    <div className={css.room}>
      <RoomHeader {...headerProps()} />
      {phone ? (
        <>
          <main className={css.phone}>
            <div className={css.phonePanel} hidden={panel !== 'files'}>
              {files}
            </div>
            <div className={css.phonePanel} hidden={panel !== 'code'}>
              {code}
            </div>
            <div className={css.phonePanel} hidden={panel !== 'run'}>
              <div className={css.phoneRun}>{runBar(false)}</div>
              {output}
            </div>
            <div className={css.phonePanel} hidden={panel !== 'chat'}>
              {side}
            </div>
          </main>
          <PhoneBar
            panel={panel}
            onPanel={showPanel}
            unread={unread}
            running={runs.active.length}
          />
        </>
      ) : (
        <div className={css.panels}>
          {layout.filesOpen && (
            <Sized size={layout.files} axis="x">
              {files}
            </Sized>
          )}
          <main className={css.panels}>
            {layout.filesOpen && (
              <Splitter
                label={t.room.sizeFiles}
                axis="x"
                size={layout.files}
                min={150}
                max={480}
                onSize={(size) => setLayout({ files: size })}
              />
            )}
            <div className={css.middle}>
              {code}
              {layout.outputOpen ? (
                <>
                  <Splitter
                    label={t.room.sizeOutput}
                    axis="y"
                    after
                    size={layout.output}
                    min={120}
                    max={Math.max(160, window.innerHeight - 260)}
                    onSize={(size) => setLayout({ output: size })}
                  />
                  <Sized size={layout.output} axis="y">
                    <div className={css.collapse}>
                      <IconButton
                        label={t.room.hideOutput}
                        onClick={() => setLayout({ outputOpen: false })}
                      >
                        <ChevronDown size={16} />
                      </IconButton>
                    </div>
                    {output}
                  </Sized>
                </>
              ) : (
                <button
                  type="button"
                  className={css.collapsed}
                  onClick={() => setLayout({ outputOpen: true })}
                >
                  <ChevronUp size={16} /> {t.output.title}
                </button>
              )}
            </div>
            {layout.sideOpen && (
              <Splitter
                label={t.room.sizeSide}
                axis="x"
                after
                size={layout.side}
                min={220}
                max={520}
                onSize={(size) => setLayout({ side: size })}
              />
            )}
          </main>
          {layout.sideOpen && (
            <Sized size={layout.side} axis="x">
              {side}
            </Sized>
          )}
        </div>
      )}
      {dialogs}
      {sharing && state.you && (
        <Suspense>
          <ShareDialog
            open
            onClose={() => setSharing(false)}
            channel={channel}
            room={room}
            role={state.you.role}
            me={me.id}
            file={active?.id ?? null}
          />
        </Suspense>
      )}
    </div>
  );
}

interface SizedProps {
  size: number;
  axis: 'x' | 'y';
  children: React.ReactNode;
}

function Sized({ size, axis, children }: SizedProps) {
  return (
    <div className={css.sized} style={axis === 'x' ? { width: size } : { height: size }}>
      {children}
    </div>
  );
}

interface PhoneBarProps {
  panel: PhonePanel;
  onPanel: (panel: PhonePanel) => void;
  unread: number;
  running: number;
}

function PhoneBar({ panel, onPanel, unread, running }: PhoneBarProps) {
  const items = [
    { id: 'files', label: t.files.title, icon: <FolderTree size={18} /> },
    { id: 'code', label: t.editor.title, icon: <Code size={18} /> },
    { id: 'run', label: t.run.run, icon: <Terminal size={18} /> },
    { id: 'chat', label: t.chat.title, icon: <MessageSquare size={18} /> },
  ] as const;
  return (
    <nav className={css.phoneBar} aria-label={t.room.panels}>
      {items.map(({ id, label, icon }) => (
        <button key={id} type="button" aria-current={panel === id} onClick={() => onPanel(id)}>
          {icon}
          {label}
          {id === 'chat' && unread > 0 && <Badge count={unread} />}
          {id === 'run' && running > 0 && <span className={css.live} title={t.output.running} />}
        </button>
      ))}
    </nav>
  );
}

function useShortcuts({ onRun }: { onRun: () => void }): void {
  const latest = useRef(onRun);
  useEffect(() => {
    latest.current = onRun;
  });
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      if (event.key === 'Enter') {
        event.preventDefault();
        if (!event.repeat && !document.querySelector('[role=dialog]')) latest.current();
      } else if (event.key === 's' && !event.shiftKey) {
        event.preventDefault();
        announce(t.saved.always);
      }
    };
    addEventListener('keydown', key, { capture: true });
    return () => removeEventListener('keydown', key, { capture: true });
  }, []);
}
