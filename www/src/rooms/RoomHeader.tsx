import { PanelLeft, PanelRight, UserPlus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Link } from 'react-router';
import { t } from '../i18n';
import { Avatars } from '../people/PeopleList';
import { useStore } from '../realtime/store';
import { Button, IconButton } from '../ui/Button';
import { ThemeToggle } from '../ui/ThemeToggle';
import { SavedLine } from './SavedLine';
import type { LiveRoom } from './useRoom';
import css from './RoomPage.module.css';

const RenameRoom = lazy(() => import('./RenameRoom'));

interface Props {
  live: LiveRoom;
  phone: boolean;
  filesOpen: boolean;
  sideOpen: boolean;
  followed: string | null;
  onFiles: () => void;
  onSide: () => void;
  onShare: () => void;
  onPeople: () => void;
  onFollow: (conn: string | null) => void;
}

export function RoomHeader(props: Props) {
  const { live, phone, followed, onFollow } = props;
  const { room, you } = useStore(live.channel.state);
  const [renaming, setRenaming] = useState(false);
  return (
    <header className={css.header}>
      <Link to="/rooms" className={css.home} aria-label={t.rooms.toRooms} title={t.rooms.toRooms}>
        <img src="icon.svg" alt="" width={24} height={24} />
      </Link>
      {!phone && (
        <IconButton label={t.room.toggleFiles} pressed={props.filesOpen} onClick={props.onFiles}>
          <PanelLeft size={16} />
        </IconButton>
      )}
      <h1 className={css.roomName} title={room?.name}>
        {you?.role === 'owner' && room ? (
          <button type="button" onClick={() => setRenaming(true)} title={t.rooms.rename}>
            {room.name}
          </button>
        ) : (
          (room?.name ?? '')
        )}
      </h1>
      <SavedLine {...live} />
      <div className={css.spacer} />
      <Avatars
        channel={live.channel}
        most={phone ? 1 : 4}
        followed={followed}
        onFollow={onFollow}
        onMore={props.onPeople}
      />
      <Button
        className={css.share}
        icon={<UserPlus size={16} />}
        onClick={props.onShare}
        disabled={!you}
        aria-label={t.share.share}
      >
        {!phone && t.share.share}
      </Button>
      <ThemeToggle />
      {!phone && (
        <IconButton label={t.room.toggleSide} pressed={props.sideOpen} onClick={props.onSide}>
          <PanelRight size={16} />
        </IconButton>
      )}
      {renaming && room && (
        <Suspense>
          <RenameRoom
            room={room}
            onClose={() => setRenaming(false)}
            onDone={() => setRenaming(false)}
          />
        </Suspense>
      )}
    </header>
  );
}
