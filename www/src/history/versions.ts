import type { Member, Version } from '../api/types';
import { t } from '../i18n';

/** Who wrote in a version, as words: members by name; tokens and those who left as what they are. */
export function authorsOf(version: Version, members: readonly Member[], me: string): string {
  const names = version.authors.map((author) => {
    if (author === '' || author.startsWith('@')) return t.history.script;
    if (author === me) return t.history.you;
    return members.find((m) => m.user_id === author)?.name ?? t.history.gone;
  });
  const distinct = [...new Set(names)];
  return distinct.length === 0 ? t.history.script : distinct.join(', ');
}

export interface Day {
  title: string;
  versions: Version[];
}

/** In the order in which they come, a heading for each day. */
export function byDay(versions: readonly Version[], now = Date.now()): Day[] {
  const days: Day[] = [];
  for (const version of versions) {
    const title =
      version.ended_at === null ? t.history.earlier : t.common.day(version.ended_at, now);
    const last = days.at(-1);
    if (last?.title === title) last.versions.push(version);
    else days.push({ title, versions: [version] });
  }
  return days;
}

/** The version that holds the moment `seq`, or else nothing: it is on a later page. */
export function versionOf(versions: readonly Version[], seq: number | null): Version | undefined {
  return seq === null ? undefined : versions.find((v) => v.from_seq <= seq && seq <= v.seq);
}
