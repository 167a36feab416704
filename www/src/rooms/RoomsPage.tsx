import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { LogOut, Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { api } from '../api/client';
import { errorText } from '../api/problem';
import { signOut } from '../api/session';
import type { Room } from '../api/types';
import { t } from '../i18n';
import { Button } from '../ui/Button';
import { Queries } from '../api/Queries';
import { Menu, type MenuItem } from '../ui/Menu';
import { Message, Page } from '../ui/Page';
import { Skeleton } from '../ui/Skeleton';
import { toast } from '../ui/toasts';
import RenameRoom from './RenameRoom';
import { CreateRoom, DeleteRoom, LeaveRoom } from './RoomDialogs';
import css from './RoomsPage.module.css';

interface Props {
  me: { id: string; name: string };
}

type Asking = { what: 'create' } | { what: 'rename' | 'delete' | 'leave'; room: Room };

export default function RoomsPage({ me }: Props) {
  return (
    <Queries>
      <RoomList me={me} />
    </Queries>
  );
}

function RoomList({ me }: Props) {
  const [asking, setAsking] = useState<Asking | null>(null);
  const queries = useQueryClient();
  const list = useInfiniteQuery({
    queryKey: ['rooms'],
    queryFn: ({ pageParam }) => api.rooms(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    // One comes back from a room that was made, renamed or left since.
    refetchOnMount: 'always',
  });
  const rooms = list.data?.pages.flatMap((page) => page.rooms) ?? [];
  const close = () => setAsking(null);
  const changed = () => {
    close();
    void queries.invalidateQueries({ queryKey: ['rooms'] });
  };
  return (
    <Page title={t.rooms.title} actions={<SignOut name={me.name} />}>
      <div className={css.head}>
        <h1 className={css.title}>{t.rooms.title}</h1>
        {rooms.length > 0 && (
          <Button
            look="primary"
            icon={<Plus size={16} />}
            onClick={() => setAsking({ what: 'create' })}
          >
            {t.rooms.create}
          </Button>
        )}
      </div>
      {list.isPending && <Skeleton lines={6} label={t.common.loading} />}
      {list.error && (
        <Message level="h2" title={t.rooms.notLoaded} text={errorText(list.error)}>
          <Button onClick={() => void list.refetch()}>{t.common.retry}</Button>
        </Message>
      )}
      {list.data && rooms.length === 0 && <Empty onCreate={() => setAsking({ what: 'create' })} />}
      {rooms.length > 0 && (
        <ul className={css.list}>
          {rooms.map((room) => (
            <RoomRow key={room.id} room={room} onAsk={(what) => setAsking({ what, room })} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t.rooms.more}
        </Button>
      )}
      {asking?.what === 'create' && <CreateRoom onClose={close} />}
      {asking?.what === 'rename' && (
        <RenameRoom room={asking.room} onClose={close} onDone={changed} />
      )}
      {asking?.what === 'delete' && (
        <DeleteRoom room={asking.room} onClose={close} onDone={changed} />
      )}
      {asking?.what === 'leave' && (
        <LeaveRoom room={asking.room} me={me.id} onClose={close} onDone={changed} />
      )}
    </Page>
  );
}

function Empty({ onCreate }: { onCreate: () => void }) {
  return (
    <div className={css.empty}>
      <Message level="h2" title={t.rooms.empty} text={t.rooms.emptyHint}>
        <Button look="primary" icon={<Plus size={16} />} onClick={onCreate}>
          {t.rooms.create}
        </Button>
      </Message>
    </div>
  );
}

function RoomRow({
  room,
  onAsk,
}: {
  room: Room;
  onAsk: (what: 'rename' | 'delete' | 'leave') => void;
}) {
  const owner: MenuItem[] = [
    { label: t.rooms.rename, icon: <Pencil size={14} />, onSelect: () => onAsk('rename') },
    {
      label: t.rooms.delete,
      icon: <Trash2 size={14} />,
      danger: true,
      onSelect: () => onAsk('delete'),
    },
  ];
  const other: MenuItem[] = [
    { label: t.rooms.leave, icon: <LogOut size={14} />, onSelect: () => onAsk('leave') },
  ];
  return (
    <li className={css.row}>
      <Link className={css.link} to={`/rooms/${room.id}`}>
        <span className={css.name}>{room.name}</span>
        <span className={css.detail}>
          {t.roles[room.role]} · {t.rooms.changed(room.updated_at)}
        </span>
      </Link>
      <Menu label={t.rooms.menu(room.name)} items={room.role === 'owner' ? owner : other} />
    </li>
  );
}

function SignOut({ name }: { name: string }) {
  const leave = async () => {
    try {
      await signOut();
      await (await import('../realtime/offline')).forgetOffline();
    } catch (error) {
      toast(errorText(error), { tone: 'bad' });
    }
  };
  return (
    <>
      <span className={css.me}>{name}</span>
      <Button look="quiet" onClick={() => void leave()}>
        {t.auth.signOut}
      </Button>
    </>
  );
}
