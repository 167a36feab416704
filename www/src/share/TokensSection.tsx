import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { socketUrl } from '../api/base';
import { api } from '../api/client';
import { errorText } from '../api/problem';
import type { GrantRole } from '../api/types';
import { t } from '../i18n';
import { Button, IconButton } from '../ui/Button';
import { copyText } from '../ui/copy';
import { Field, Select } from '../ui/Field';
import { toast } from '../ui/toasts';
import css from './Share.module.css';

/** Tokens for scripts and editor plugins: each opens any number of sockets to this room. */
export function TokensSection({ room, file }: { room: string; file: string | null }) {
  const [label, setLabel] = useState('');
  const [role, setRole] = useState<GrantRole>('editor');
  const [hours, setHours] = useState(8);
  const queries = useQueryClient();
  const queryKey = ['tokens', room];
  const list = useQuery({ queryKey, queryFn: () => api.tokens(room), refetchOnMount: 'always' });
  const changed = () => void queries.invalidateQueries({ queryKey });
  const make = useMutation({
    mutationFn: () =>
      api.createToken(room, { label: label.trim(), role, expires_in: hours * 3600 }),
    onSuccess: changed,
  });
  const withdraw = useMutation({
    mutationFn: (id: string) => api.deleteToken(room, id),
    onSuccess: changed,
  });
  const failed = make.error ?? withdraw.error ?? list.error;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (label.trim()) make.mutate();
  };
  return (
    <div className={css.section}>
      <p className={css.hint}>{t.share.scriptsHint}</p>
      <form className={css.linkRow} onSubmit={submit}>
        <Field
          label={t.share.tokenLabel}
          value={label}
          maxLength={64}
          onChange={(e) => setLabel(e.target.value)}
          placeholder={t.share.tokenExample}
        />
        <Select
          label={t.share.tokenRole}
          value={role}
          onChange={(e) => setRole(e.target.value as GrantRole)}
        >
          <option value="editor">{t.share.mayEdit}</option>
          <option value="viewer">{t.share.mayView}</option>
        </Select>
        <Select
          label={t.share.tokenExpiry}
          value={hours}
          onChange={(e) => setHours(Number(e.target.value))}
        >
          {[1, 8, 24, 168].map((h) => (
            <option key={h} value={h}>
              {t.share.lasts(h * 3600)}
            </option>
          ))}
        </Select>
        <Button type="submit" busy={make.isPending} disabled={!label.trim()}>
          {t.share.makeToken}
        </Button>
      </form>
      {make.data && <Made room={room} file={file} token={make.data.token} />}
      {failed && (
        <p className={css.error} role="alert">
          {errorText(failed)}
        </p>
      )}
      <ul className={css.list} aria-label={t.share.tokens}>
        {list.data?.tokens.map((token) => (
          <li key={token.id} className={css.row}>
            <span className={css.grow}>
              {token.label}
              <span className={css.hint}>
                {' '}
                · {t.roles[token.role]} · {t.share.until(token.expires_at)}
              </span>
            </span>
            <IconButton
              label={t.share.withdrawToken(token.label)}
              onClick={() => withdraw.mutate(token.id)}
            >
              <Trash2 size={14} />
            </IconButton>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Made({ room, file, token }: { room: string; file: string | null; token: string }) {
  const url = file
    ? socketUrl(`doc/${room}/${file}`, { token })
    : socketUrl(`room/${room}`, { token });
  return (
    <div className={css.made} role="status">
      <p>{t.share.tokenOnce}</p>
      <div className={css.linkRow}>
        <input
          className={css.link}
          readOnly
          value={url}
          aria-label={t.share.tokenUrl}
          onFocus={(e) => e.target.select()}
        />
        <Button
          onClick={() => void copyText(url).then((done) => done && toast(t.share.addressCopied))}
        >
          {t.common.copy}
        </Button>
      </div>
    </div>
  );
}
