import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { ArrowLeft, RotateCcw } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { api } from '../api/client';
import { ApiError, errorText } from '../api/problem';
import { Queries } from '../api/Queries';
import { t } from '../i18n';
import type { DocSession } from '../realtime/docSession';
import type { RoomChannel } from '../realtime/roomChannel';
import { useStore } from '../realtime/store';
import { Button, IconButton } from '../ui/Button';
import { Message } from '../ui/Page';
import { Skeleton } from '../ui/Skeleton';
import { toast } from '../ui/toasts';
import { Preview } from './Preview';
import { useNowText } from './useNowText';
import { VersionList } from './VersionList';
import { versionOf } from './versions';
import css from './History.module.css';

interface Props {
  channel: RoomChannel;
  session: DocSession;
  room: string;
  me: string;
  file: { id: string; path: string };
  canEdit: boolean;
  /** The moment that the address names. */
  seq: number | null;
  onSeq: (seq: number) => void;
  onClose: () => void;
}

/** Others' edits are stored within this time. */
const STORED_MS = 2000;

/** The open file's versions: when, who, what differs from now, and bringing one back. */
export default function HistoryPanel(props: Props) {
  return (
    <Queries>
      <History {...props} />
    </Queries>
  );
}

function History(props: Props) {
  const { session, room, me, file, seq, onSeq, onClose } = props;
  const { unsaved } = useStore(session.status);
  const members = useQuery({ queryKey: ['members', room], queryFn: () => api.members(room) });
  const list = useInfiniteQuery({
    queryKey: ['history', room, file.id],
    queryFn: ({ pageParam }) => api.history(room, file.id, pageParam),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next_before,
    refetchOnMount: 'always',
  });
  const { refetch, hasNextPage, isFetching, fetchNextPage } = list;
  const versions = list.data?.pages.flatMap((page) => page.versions) ?? [];
  const chosen = versionOf(versions, seq);
  const shown = seq ?? versions[0]?.seq ?? null;

  // What is typed meanwhile is in the history once it is stored.
  const now = useNowText(session);
  const first = useRef(now);
  useEffect(() => {
    if (unsaved > 0 || now === first.current) return;
    const timer = setTimeout(() => {
      first.current = now;
      void refetch();
    }, STORED_MS);
    return () => clearTimeout(timer);
  }, [now, unsaved, refetch]);
  // A page of the history may hold no version; one that was linked to may be on a later page.
  const wanting =
    hasNextPage && !isFetching && (versions.length === 0 || (seq !== null && !chosen));
  useEffect(() => {
    if (wanting) void fetchNextPage();
  }, [wanting, fetchNextPage]);

  return (
    <section
      className={css.history}
      aria-label={t.history.of(file.path)}
      onKeyDown={(e) => {
        if (e.key !== 'Escape' || e.defaultPrevented) return;
        e.preventDefault();
        onClose();
      }}
    >
      <header className={css.head}>
        <IconButton label={t.history.close} onClick={onClose}>
          <ArrowLeft size={16} />
        </IconButton>
        <h2 className={css.title}>{t.history.title}</h2>
      </header>
      {list.isPending ? (
        <Skeleton lines={6} label={t.common.loading} />
      ) : list.error && versions.length === 0 ? (
        <Failed error={list.error} onRetry={() => void refetch()} />
      ) : shown === null && !hasNextPage ? (
        <div className={css.hollow}>
          <Message level="h2" title={t.history.empty} text={t.history.emptyHint} />
        </div>
      ) : (
        <div className={css.parts}>
          <VersionList
            versions={versions}
            members={members.data?.members ?? []}
            me={me}
            shown={chosen?.seq ?? shown}
            more={hasNextPage}
            busy={isFetching}
            error={list.error}
            onShow={onSeq}
            onMore={() => void fetchNextPage()}
          />
          {shown !== null && <Moment {...props} now={now} shown={shown} />}
        </div>
      )}
    </section>
  );
}

function Moment(props: Props & { now: string; shown: number }) {
  const { channel, session, room, file, canEdit, now, shown, onClose } = props;
  const { unsaved, synced } = useStore(session.status);
  const ready = useStore(session.ready);
  const [busy, setBusy] = useState(false);
  const moment = useQuery({
    queryKey: ['history', room, file.id, 'at', shown],
    queryFn: () => api.moment(room, file.id, shown),
    staleTime: Infinity,
  });
  if (moment.isPending || !ready) return <Skeleton lines={9} label={t.common.loading} />;
  if (moment.error) return <Failed error={moment.error} onRetry={() => void moment.refetch()} />;
  const { text } = moment.data;
  const same = text === now;

  const act = async () => {
    setBusy(true);
    try {
      const before = await channel.restore(file.id, { seq: shown });
      const undo = () =>
        void channel
          .restore(file.id, before)
          .catch((e: unknown) => toast((e as Error).message, { tone: 'bad' }));
      toast(t.history.restored, { ms: 15_000, action: { label: t.history.undo, run: undo } });
      onClose();
    } catch (error) {
      toast((error as Error).message, { tone: 'bad' });
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={css.moment}>
      <div className={css.bar}>
        <p className={css.legend} role="status">
          {same ? t.history.same : t.history.legend}
        </p>
        {canEdit && (
          <Button
            look="primary"
            busy={busy}
            disabled={same || unsaved > 0 || !synced}
            icon={<RotateCcw size={14} />}
            onClick={() => void act()}
          >
            {t.history.restore}
          </Button>
        )}
      </div>
      <div className={css.preview}>
        <Preview key={shown} path={file.path} text={text} now={now} />
      </div>
    </div>
  );
}

function Failed({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const gone = error instanceof ApiError && error.status === 404;
  return (
    <div className={css.hollow} role="alert">
      <Message
        level="h2"
        title={gone ? t.history.noMoment : t.history.notLoaded}
        text={gone ? t.history.noMomentHint : errorText(error)}
      >
        {!gone && <Button onClick={onRetry}>{t.common.retry}</Button>}
      </Message>
    </div>
  );
}
