import { t } from '../i18n';

interface Props {
  /** Paths of the programs, first the one that is meant when the open file is none. */
  entries: string[];
  /** The program that is open; null: what is open cannot be run. */
  open: string | null;
}

/** What one chooses the file to run from: whichever is open, or one that stays chosen. */
export function EntryOptions({ entries, open }: Props) {
  return (
    <>
      <option value="">{usual(entries, open)}</option>
      {entries.map((path) => (
        <option key={path} value={path}>
          {path}
        </option>
      ))}
    </>
  );
}

function usual([first]: string[], open: string | null): string {
  if (open) return t.run.openFile(open);
  return first ? t.run.firstFile(first) : t.run.noFile;
}
