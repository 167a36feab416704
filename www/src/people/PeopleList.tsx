import { Eye } from 'lucide-react';
import { t } from '../i18n';
import type { Person } from '../realtime/messages';
import type { RoomChannel } from '../realtime/roomChannel';
import { distinctPeople } from '../realtime/roomState';
import { useStore } from '../realtime/store';
import { Avatar } from '../ui/Avatar';
import css from './People.module.css';

interface Props {
  channel: RoomChannel;
  followed: string | null;
  onFollow: (conn: string | null) => void;
}

/** Who is here, what they look at; press somebody to follow. */
export function PeopleList({ channel, followed, onFollow }: Props) {
  const state = useStore(channel.state);
  return (
    <ul className={css.list} aria-label={t.people.title}>
      {distinctPeople(state).map((person) => {
        const you = person.user_id === state.you?.user_id && person.user_id !== '';
        const path = state.files.find((f) => f.id === person.file)?.path;
        return (
          <li key={person.conn}>
            <button
              type="button"
              className={css.person}
              disabled={you}
              aria-pressed={you ? undefined : followed === person.conn}
              title={you ? undefined : t.people.follow(person.name)}
              onClick={() => onFollow(followed === person.conn ? null : person.conn)}
            >
              <Avatar name={person.name} color={person.color} />
              <span className={css.words}>
                <span className={css.name}>{you ? t.people.you(person.name) : person.name}</span>
                <span className={css.where}>
                  {t.roles[person.role]}
                  {path && ` · ${path}`}
                </span>
              </span>
              {followed === person.conn && <Eye size={16} aria-hidden="true" />}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

interface AvatarsProps extends Props {
  /** So many are shown; the rest is a number. */
  most: number;
  onMore: () => void;
}

/** The others' avatars in the room's header. */
export function Avatars({ channel, followed, most, onFollow, onMore }: AvatarsProps) {
  const state = useStore(channel.state);
  const others = distinctPeople(state).filter(
    (p) => p.user_id !== state.you?.user_id || !p.user_id,
  );
  const shown = others.slice(0, most);
  const rest = others.length - shown.length;
  return (
    <div className={css.avatars} role="group" aria-label={t.people.here(others.length)}>
      {shown.map((person: Person) => (
        <button
          key={person.conn}
          type="button"
          className={css.avatar}
          aria-label={t.people.follow(person.name)}
          title={t.people.follow(person.name)}
          aria-pressed={followed === person.conn}
          onClick={() => onFollow(followed === person.conn ? null : person.conn)}
        >
          <Avatar name={person.name} color={person.color} />
        </button>
      ))}
      {rest > 0 && (
        <button
          type="button"
          className={css.more}
          onClick={onMore}
          aria-label={t.people.more(rest)}
        >
          +{rest}
        </button>
      )}
    </div>
  );
}
