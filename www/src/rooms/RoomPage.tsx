import { useEffect, useState } from 'react';
import { Link, useParams } from 'react-router';
import type { User } from '../api/types';
import { t } from '../i18n';
import type { ConnectionState } from '../realtime/connection';
import { useStore } from '../realtime/store';
import { Boot } from '../ui/Boot';
import { Message, Page, useTitle } from '../ui/Page';
import { RoomView } from './RoomView';
import { useLiveRoom, type LiveRoom } from './useRoom';

export default function RoomPage({ me }: { me: User }) {
  const { room = '' } = useParams();
  const live = useLiveRoom(room, me.id);
  return live ? <Opened key={room} room={room} me={me} live={live} /> : <Boot />;
}

function Opened({ room, me, live }: { room: string; me: User; live: LiveRoom }) {
  const state = useStore(live.channel.state);
  const [everOpen, setEverOpen] = useState(false);
  useTitle(state.room?.name ?? t.common.product);
  useEffect(() => {
    if (state.you) setEverOpen(true);
  }, [state.you]);
  if (state.connection.kind === 'stopped') {
    return <Ended connection={state.connection} wasIn={everOpen} />;
  }
  return <RoomView room={room} me={me} live={live} />;
}

/** The room is not there (any more), or not for this person. */
function Ended({
  connection,
  wasIn,
}: {
  connection: ConnectionState & { kind: 'stopped' };
  wasIn: boolean;
}) {
  const { code, reason } = connection;
  const words =
    code === 4410
      ? t.room.deleted
      : code === 4403 && wasIn
        ? t.room.removed
        : code === 4404 || code === 4403
          ? wasIn
            ? t.room.removed
            : t.room.notFound
          : { title: t.room.closed.title, text: t.room.closed.text(reason) };
  return (
    <Page title={words.title} narrow>
      <Message title={words.title} text={words.text}>
        <Link to="/rooms">{t.rooms.toRooms}</Link>
      </Message>
    </Page>
  );
}
