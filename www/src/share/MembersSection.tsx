import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { UserMinus } from 'lucide-react';
import { useEffect, useState } from 'react';
import { api } from '../api/client';
import { errorText } from '../api/problem';
import type { Member, Role } from '../api/types';
import { t } from '../i18n';
import type { RoomChannel } from '../realtime/roomChannel';
import { Button, IconButton } from '../ui/Button';
import { Skeleton } from '../ui/Skeleton';
import css from './Share.module.css';

const ROLES: Role[] = ['owner', 'editor', 'commenter', 'viewer'];

interface Props {
  channel: RoomChannel;
  room: string;
  me: string;
  owner: boolean;
}

export function MembersSection({ channel, room, me, owner }: Props) {
  const queries = useQueryClient();
  const queryKey = ['members', room];
  const list = useQuery({ queryKey, queryFn: () => api.members(room), refetchOnMount: 'always' });
  const change = useMutation({
    mutationFn: (work: () => Promise<unknown>) => work(),
    onSettled: () => void queries.invalidateQueries({ queryKey }),
  });
  useEffect(
    () =>
      channel.watch((message) => {
        if (message.type !== 'members.changed') return;
        void queries.invalidateQueries({ queryKey: ['members', room] });
      }),
    [channel, queries, room],
  );
  return (
    <section className={css.section} aria-labelledby="members-title">
      <h3 id="members-title" className={css.title}>
        {t.share.members}
      </h3>
      {list.isPending && <Skeleton lines={2} label={t.common.loading} />}
      {list.error && (
        <p className={css.error}>
          {errorText(list.error)}{' '}
          <Button onClick={() => void list.refetch()}>{t.common.retry}</Button>
        </p>
      )}
      <ul className={css.list}>
        {list.data?.members.map((member) => (
          <MemberRow
            key={member.user_id}
            member={member}
            me={me}
            owner={owner}
            onRole={(role) => change.mutate(() => api.setRole(room, member.user_id, role))}
            onRemove={() => change.mutate(() => api.removeMember(room, member.user_id))}
          />
        ))}
      </ul>
      {change.error && (
        <p className={css.error} role="alert">
          {errorText(change.error)}
        </p>
      )}
    </section>
  );
}

interface RowProps {
  member: Member;
  me: string;
  owner: boolean;
  onRole: (role: Role) => void;
  onRemove: () => void;
}

function MemberRow({ member, me, owner, onRole, onRemove }: RowProps) {
  const [asking, setAsking] = useState(false);
  const you = member.user_id === me;
  if (asking) {
    return (
      <li className={css.row}>
        <span className={css.grow}>{t.share.removeAsk(member.name)}</span>
        <Button onClick={() => setAsking(false)} autoFocus>
          {t.common.cancel}
        </Button>
        <Button look="danger" onClick={onRemove}>
          {t.share.remove}
        </Button>
      </li>
    );
  }
  return (
    <li className={css.row}>
      <span className={css.grow}>
        {you ? t.people.you(member.name) : member.name}
        {member.email && <span className={css.hint}> · {member.email}</span>}
      </span>
      {owner ? (
        <select
          className={css.role}
          aria-label={t.share.roleOf(member.name)}
          value={member.role}
          onChange={(e) => onRole(e.target.value as Role)}
        >
          {ROLES.map((role) => (
            <option key={role} value={role}>
              {t.roles[role]}
            </option>
          ))}
        </select>
      ) : (
        <span className={css.hint}>{t.roles[member.role]}</span>
      )}
      {owner && !you && (
        <IconButton label={t.share.removeMember(member.name)} onClick={() => setAsking(true)}>
          <UserMinus size={14} />
        </IconButton>
      )}
    </li>
  );
}
