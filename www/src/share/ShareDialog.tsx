import { useState } from 'react';
import { Queries } from '../api/Queries';
import { t } from '../i18n';
import type { RoomChannel } from '../realtime/roomChannel';
import { mayEdit, type Role } from '../api/types';
import { Dialog } from '../ui/Dialog';
import { LinkSection } from './LinkSection';
import { MembersSection } from './MembersSection';
import { TokensSection } from './TokensSection';
import css from './Share.module.css';

interface Props {
  open: boolean;
  onClose: () => void;
  channel: RoomChannel;
  room: string;
  role: Role;
  me: string;
  /** A file of the room for the example address of a script. */
  file: string | null;
}

/** One place for who may come in: the link first, then the members, then tokens for scripts. */
export default function ShareDialog({ open, onClose, channel, room, role, me, file }: Props) {
  const [scripts, setScripts] = useState(false);
  const owner = role === 'owner';
  return (
    <Dialog open={open} onClose={onClose} title={t.share.title} wide>
      <Queries>
        <div className={css.sections}>
          {owner ? <LinkSection room={room} /> : <p className={css.hint}>{t.share.ownersInvite}</p>}
          <MembersSection channel={channel} room={room} me={me} owner={owner} />
          {mayEdit(role) && (
            <details className={css.details} onToggle={(e) => setScripts(e.currentTarget.open)}>
              <summary>{t.share.scripts}</summary>
              {scripts && <TokensSection room={room} file={file} />}
            </details>
          )}
        </div>
      </Queries>
    </Dialog>
  );
}
