import { useState, type FormEvent } from 'react';
import { api } from '../api/client';
import { errorText } from '../api/problem';
import type { Room } from '../api/types';
import { t } from '../i18n';
import { Button } from '../ui/Button';
import { Dialog, DialogActions } from '../ui/Dialog';
import { Field } from '../ui/Field';
import css from './RoomsPage.module.css';

export interface AskProps {
  room: Pick<Room, 'id' | 'name'>;
  onClose: () => void;
  onDone: () => void;
}

export default function RenameRoom({ room, onClose, onDone }: AskProps) {
  const [name, setName] = useState(room.name);
  const [error, setError] = useState<string | undefined>();
  const [busy, setBusy] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!name.trim()) return;
    setBusy(true);
    api.renameRoom(room.id, name.trim()).then(onDone, (failure: unknown) => {
      setBusy(false);
      setError(errorText(failure));
    });
  };
  return (
    <Dialog open onClose={onClose} title={t.rooms.rename}>
      <form className={css.form} onSubmit={submit}>
        <Field
          label={t.rooms.name}
          value={name}
          onChange={(e) => setName(e.target.value)}
          onFocus={(e) => e.target.select()}
          error={error}
          maxLength={64}
          autoComplete="off"
          autoFocus
        />
        <DialogActions>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button look="primary" type="submit" busy={busy} disabled={!name.trim()}>
            {t.rooms.rename}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
