import { t } from '../i18n';
import type { RoomChannel } from '../realtime/roomChannel';
import { useStore } from '../realtime/store';
import { cx } from '../ui/cx';
import type { Runs } from './useRuns';
import { verdict, waiting } from './verdict';
import css from './RunsList.module.css';

/** The room's last runs; pressing one shows its output. */
export function RunsList({
  channel,
  runs: { shown, select },
}: {
  channel: RoomChannel;
  runs: Runs;
}) {
  const { runs } = useStore(channel.state);
  if (runs.length === 0) return <p className={css.empty}>{t.runs.empty}</p>;
  return (
    <ul className={css.list}>
      {runs.map((run) => {
        const ended = run.result ? verdict(run.result) : null;
        return (
          <li key={run.id}>
            <button
              type="button"
              className={css.run}
              aria-current={shown?.id === run.id}
              onClick={() => select(run.id)}
            >
              <span className={cx(css.verdict, ended && css[ended.tone])}>
                {ended?.text ?? (run.state === 'queued' ? waiting(run) : t.runs.state[run.state])}
              </span>
              <span className={css.detail}>
                {run.entry} · {run.user_name} · {t.common.clock(run.created_at)}
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
