import { useState, type FormEvent } from 'react';
import { t } from '../i18n';
import type { Limits } from '../realtime/messages';
import { Button } from '../ui/Button';
import { Dialog, DialogActions } from '../ui/Dialog';
import { Field, Select } from '../ui/Field';
import { splitArgs } from './args';
import { EntryOptions } from './EntryOptions';
import type { RunSettings } from './RunBar';
import css from './RunBar.module.css';

interface Props {
  settings: RunSettings;
  onSettings: (settings: RunSettings) => void;
  entries: string[];
  openEntry: string | null;
  limits: Limits;
  onClose: () => void;
}

export default function RunSettingsDialog({
  onClose,
  settings,
  onSettings,
  entries,
  openEntry,
  limits,
}: Props) {
  const [draft, setDraft] = useState(settings);
  const most = limits.wall_max_ms / 1000;
  const args = splitArgs(draft.args);
  const seconds = draft.seconds === '' ? null : Number(draft.seconds);
  const wrongTime = seconds !== null && !(seconds >= 1 && seconds <= most);
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (args === null || wrongTime) return;
    onSettings(draft);
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={t.run.settings}>
      <form className={css.form} onSubmit={save} noValidate>
        <Select
          label={t.run.entry}
          value={draft.entry ?? ''}
          onChange={(e) => setDraft({ ...draft, entry: e.target.value || null })}
        >
          <EntryOptions entries={entries} open={openEntry} />
        </Select>
        <Field
          label={t.run.args}
          hint={t.run.argsHint}
          error={args === null ? t.run.argsWrong : undefined}
          value={draft.args}
          onChange={(e) => setDraft({ ...draft, args: e.target.value })}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
        />
        <Field
          label={t.run.limit}
          hint={t.run.limitHint(limits.wall_ms / 1000, most)}
          error={wrongTime ? t.run.limitWrong(most) : undefined}
          inputMode="numeric"
          value={draft.seconds}
          onChange={(e) => setDraft({ ...draft, seconds: e.target.value })}
          autoComplete="off"
        />
        <DialogActions>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button look="primary" type="submit">
            {t.common.save}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
