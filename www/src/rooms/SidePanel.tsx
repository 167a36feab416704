import { useEffect, useState } from 'react';
import { ChatPanel } from '../chat/ChatPanel';
import { t } from '../i18n';
import { RunsList } from '../output/RunsList';
import type { Runs } from '../output/useRuns';
import { PeopleList } from '../people/PeopleList';
import type { RoomChannel } from '../realtime/roomChannel';
import css from './RoomPage.module.css';

export type SideTab = 'chat' | 'people' | 'runs';

interface Props {
  channel: RoomChannel;
  tab: SideTab;
  onTab: (tab: SideTab) => void;
  unread: number;
  runs: Runs;
  followed: string | null;
  onFollow: (conn: string | null) => void;
}

export function SidePanel({ channel, tab, onTab, unread, runs, followed, onFollow }: Props) {
  const labels: Record<SideTab, string> = {
    chat: t.chat.title,
    people: t.people.title,
    runs: t.runs.title,
  };
  return (
    <aside className={css.side} aria-label={t.room.side}>
      <div className={css.sideTabs} role="tablist" aria-label={t.room.side}>
        {(Object.keys(labels) as SideTab[]).map((id) => (
          <button
            key={id}
            type="button"
            role="tab"
            aria-selected={tab === id}
            className={css.sideTab}
            onClick={() => onTab(id)}
          >
            {labels[id]}
            {id === 'chat' && unread > 0 && <Badge count={unread} />}
          </button>
        ))}
      </div>
      <div role="tabpanel" aria-label={labels[tab]} className={css.sideBody}>
        {tab === 'chat' && <ChatPanel channel={channel} />}
        {tab === 'people' && (
          <PeopleList channel={channel} followed={followed} onFollow={onFollow} />
        )}
        {tab === 'runs' && <RunsList channel={channel} runs={runs} />}
      </div>
    </aside>
  );
}

export function Badge({ count }: { count: number }) {
  return (
    <span className={css.badge}>
      <span aria-hidden="true">{count > 99 ? '99+' : count}</span>
      <span className="sr-only">{t.chat.unread(count)}</span>
    </span>
  );
}

/** Messages of others that came while the chat was not in sight. */
export function useUnread(channel: RoomChannel, visible: boolean): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    if (visible) setCount(0);
    return channel.watch((message, before) => {
      const other = message.type === 'chat.message' && message.user_id !== before.you?.user_id;
      if (other && !(visible && document.visibilityState === 'visible')) setCount((n) => n + 1);
    });
  }, [channel, visible]);
  return count;
}
