import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { api } from '../api/client';
import { errorText } from '../api/problem';
import { t } from '../i18n';
import { Button } from '../ui/Button';
import { Dialog, DialogActions } from '../ui/Dialog';
import { Field, Select } from '../ui/Field';
import { remember, remembered } from '../ui/remember';
import { Ask } from './Ask';
import type { AskProps } from './RenameRoom';
import css from './RoomsPage.module.css';

const LAST_LANGUAGE = 'coderoom.language';

export function CreateRoom({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [language, setLanguage] = useState(() => remembered(LAST_LANGUAGE) ?? 'python');
  const navigate = useNavigate();
  const languages = useQuery({
    queryKey: ['languages'],
    queryFn: api.languages,
    staleTime: Infinity,
  });
  const known = languages.data?.languages ?? [];
  const chosen = known.some((l) => l.id === language) ? language : '';
  const create = useMutation({
    mutationFn: () => api.createRoom(name.trim() || t.rooms.unnamed, chosen || undefined),
    onSuccess: (room) => {
      remember(LAST_LANGUAGE, chosen);
      void navigate(`/rooms/${room.id}`);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <Dialog open onClose={onClose} title={t.rooms.create}>
      <form className={css.form} onSubmit={submit}>
        <Field
          label={t.rooms.name}
          value={name}
          onChange={(e) => setName(e.target.value)}
          error={create.error ? errorText(create.error) : undefined}
          placeholder={t.rooms.unnamed}
          maxLength={64}
          autoComplete="off"
          autoFocus
        />
        <Select
          label={t.rooms.language}
          value={chosen}
          onChange={(e) => setLanguage(e.target.value)}
        >
          {known.map((l) => (
            <option key={l.id} value={l.id}>
              {l.name}
            </option>
          ))}
          <option value="">{t.rooms.noLanguage}</option>
        </Select>
        <DialogActions>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button look="primary" type="submit" busy={create.isPending || languages.isPending}>
            {t.rooms.create}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

export function DeleteRoom({ room, onClose, onDone }: AskProps) {
  const work = useMutation({ mutationFn: () => api.deleteRoom(room.id), onSuccess: onDone });
  return (
    <Ask
      title={t.rooms.deleteAsk(room.name)}
      text={t.rooms.deleteLoses}
      action={t.rooms.delete}
      error={work.error}
      busy={work.isPending}
      onClose={onClose}
      onYes={() => work.mutate()}
    />
  );
}

export function LeaveRoom({ room, me, onClose, onDone }: AskProps & { me: string }) {
  const work = useMutation({ mutationFn: () => api.removeMember(room.id, me), onSuccess: onDone });
  return (
    <Ask
      title={t.rooms.leaveAsk(room.name)}
      text={t.rooms.leaveLoses}
      action={t.rooms.leave}
      error={work.error}
      busy={work.isPending}
      onClose={onClose}
      onYes={() => work.mutate()}
    />
  );
}
