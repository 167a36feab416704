import { SendHorizontal } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { t } from '../i18n';
import type { RoomChannel } from '../realtime/roomChannel';
import type { PendingChat } from '../realtime/roomState';
import { useStore } from '../realtime/store';
import { IconButton } from '../ui/Button';
import { cx } from '../ui/cx';
import css from './ChatPanel.module.css';

const MOST_BYTES = 4000;
const GROUP_MS = 5 * 60_000;

export function ChatPanel({ channel }: { channel: RoomChannel }) {
  const { chat, you } = useStore(channel.state);
  const list = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);

  const watchEnd = () => {
    const el = list.current;
    if (el) atEnd.current = el.scrollHeight - el.scrollTop - el.clientHeight < 40;
  };
  useLayoutEffect(() => {
    const el = list.current;
    if (el && atEnd.current) el.scrollTop = el.scrollHeight;
  }, [chat]);

  return (
    <div className={css.chat}>
      {chat.length === 0 ? (
        <p className={css.empty}>{t.chat.empty}</p>
      ) : (
        <div
          ref={list}
          className={css.list}
          onScroll={watchEnd}
          role="log"
          aria-label={t.chat.title}
          tabIndex={0}
        >
          <ol>
            {chat.map((message, i) => (
              <Message
                key={message.id}
                message={message}
                mine={message.user_id !== '' && message.user_id === you?.user_id}
                before={chat[i - 1]}
                onRetry={() => channel.say(message.text, message.id)}
              />
            ))}
          </ol>
        </div>
      )}
      <Compose onSend={(text) => channel.say(text)} />
    </div>
  );
}

interface MessageProps {
  message: PendingChat;
  mine: boolean;
  before: PendingChat | undefined;
  onRetry: () => void;
}

function Message({ message, mine, before, onRetry }: MessageProps) {
  const sameAuthor = before?.user_id === message.user_id && before.name === message.name;
  const grouped = sameAuthor && message.at - before.at < GROUP_MS;
  return (
    <li className={cx(css.message, !grouped && css.first)}>
      {!grouped && (
        <p className={css.head}>
          <span className={css.name}>{mine ? t.chat.you : message.name}</span>
          <time dateTime={new Date(message.at).toISOString()}>{t.common.clock(message.at)}</time>
        </p>
      )}
      <p className={cx(css.text, message.state === 'sending' && css.sending)}>{message.text}</p>
      {message.state === 'failed' && (
        <button type="button" className={css.retry} onClick={onRetry}>
          {t.chat.failed}
        </button>
      )}
    </li>
  );
}

function Compose({ onSend }: { onSend: (text: string) => void }) {
  const [text, setText] = useState('');
  const area = useRef<HTMLTextAreaElement>(null);
  const tooLong = new TextEncoder().encode(text.trim()).length > MOST_BYTES;

  useEffect(() => {
    const el = area.current;
    if (!el) return;
    el.style.height = 'auto';
    el.style.height = `${Math.min(el.scrollHeight + 2, 120)}px`;
  }, [text]);

  const send = () => {
    const trimmed = text.trim();
    if (!trimmed || tooLong) return;
    onSend(trimmed);
    setText('');
  };
  const key = (e: KeyboardEvent) => {
    if (e.key !== 'Enter' || e.shiftKey || e.nativeEvent.isComposing) return;
    if (e.ctrlKey || e.metaKey) return; // runs the program
    e.preventDefault();
    send();
  };
  return (
    <form className={css.compose} onSubmit={(e) => (e.preventDefault(), send())}>
      <textarea
        ref={area}
        rows={1}
        value={text}
        onChange={(e) => setText(e.target.value)}
        onKeyDown={key}
        aria-label={t.chat.write}
        placeholder={t.chat.write}
        aria-invalid={tooLong || undefined}
      />
      <IconButton label={t.chat.send} type="submit" disabled={tooLong}>
        <SendHorizontal size={16} />
      </IconButton>
      {tooLong && (
        <p className={css.tooLong} role="alert">
          {t.chat.tooLong}
        </p>
      )}
    </form>
  );
}
