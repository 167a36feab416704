import { useEffect, useRef, type KeyboardEvent } from 'react';
import { errorText } from '../api/problem';
import type { Member, Version } from '../api/types';
import { t } from '../i18n';
import { Button } from '../ui/Button';
import { authorsOf, byDay } from './versions';
import css from './History.module.css';

interface Props {
  versions: Version[];
  members: readonly Member[];
  me: string;
  shown: number | null;
  more: boolean;
  busy: boolean;
  error: Error | null;
  onShow: (seq: number) => void;
  onMore: () => void;
}

/** Newest first. Arrow keys go along and show what they come to. */
export function VersionList(props: Props) {
  const { versions, members, me, shown, more, busy, error, onShow, onMore } = props;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current
      ?.querySelector<HTMLElement>('[aria-current=true]')
      ?.focus({ preventScroll: false });
  }, []);

  const key = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const at = versions.findIndex((v) => v.seq === shown);
    const next = versions[Math.min(Math.max(at + step, 0), versions.length - 1)];
    event.preventDefault();
    if (!next) return;
    onShow(next.seq);
    list.current?.querySelector<HTMLElement>(`[data-seq="${next.seq}"]`)?.focus();
  };
  return (
    <nav ref={list} className={css.list} aria-label={t.history.versions} onKeyDown={key}>
      {byDay(versions).map((day) => (
        <div key={day.title}>
          <h3 className={css.day}>{day.title}</h3>
          <ul>
            {day.versions.map((version) => (
              <li key={version.seq}>
                <button
                  type="button"
                  data-seq={version.seq}
                  className={css.version}
                  aria-current={version.seq === shown}
                  onClick={() => onShow(version.seq)}
                >
                  <span className={css.time}>
                    {version.ended_at === null
                      ? t.history.earlier
                      : t.common.clock(version.ended_at)}
                  </span>
                  <span className={css.who}>{authorsOf(version, members, me)}</span>
                  <span className={css.count}>{t.history.changes(version.updates)}</span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      ))}
      {error && (
        <p className={css.error} role="alert">
          {errorText(error)}
        </p>
      )}
      {more && (
        <Button className={css.more} busy={busy} onClick={onMore}>
          {t.history.more}
        </Button>
      )}
    </nav>
  );
}
