import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link2, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { api } from '../api/client';
import { errorText } from '../api/problem';
import type { GrantRole, NewInvitation } from '../api/types';
import { t } from '../i18n';
import { Button, IconButton } from '../ui/Button';
import { copyText } from '../ui/copy';
import { Select } from '../ui/Field';
import css from './Share.module.css';

const HOUR = 3600;
const EXPIRIES = [HOUR, 24 * HOUR, 7 * 24 * HOUR, 30 * 24 * HOUR];

/** The secret of a link is told once: this page keeps it to copy it again, for as long as it lives. */
const made = new Map<string, NewInvitation>();

export function LinkSection({ room }: { room: string }) {
  const [role, setRole] = useState<GrantRole>('editor');
  const [expiresIn, setExpiresIn] = useState(7 * 24 * HOUR);
  const [link, setLink] = useState<string | null>(null);
  const queries = useQueryClient();
  const queryKey = ['invitations', room];
  const list = useQuery({
    queryKey,
    queryFn: () => api.invitations(room),
    refetchOnMount: 'always',
  });
  const changed = () => void queries.invalidateQueries({ queryKey });

  const copy = useMutation({
    mutationFn: async () => {
      const key = `${room} ${role} ${expiresIn}`;
      const known = made.get(key);
      const valid = known && list.data?.invitations.some((i) => i.id === known.id);
      const invitation =
        valid && known ? known : await api.createInvitation(room, { role, expires_in: expiresIn });
      made.set(key, invitation);
      return { url: invitation.url, copied: await copyText(invitation.url) };
    },
    onSuccess: ({ url }) => {
      setLink(url);
      changed();
    },
  });
  const withdraw = useMutation({
    mutationFn: (id: string) => api.deleteInvitation(room, id),
    onSuccess: () => {
      setLink(null);
      changed();
    },
  });
  const failed = copy.error ?? withdraw.error;
  const invitations = list.data?.invitations ?? [];
  return (
    <section className={css.section} aria-label={t.share.link}>
      <div className={css.linkRow}>
        <Select
          label={t.share.linkRole}
          value={role}
          onChange={(e) => {
            setRole(e.target.value as GrantRole);
            copy.reset();
            setLink(null);
          }}
        >
          <option value="editor">{t.share.mayEdit}</option>
          <option value="viewer">{t.share.mayView}</option>
        </Select>
        <Select
          label={t.share.linkExpiry}
          value={expiresIn}
          onChange={(e) => {
            setExpiresIn(Number(e.target.value));
            copy.reset();
            setLink(null);
          }}
        >
          {EXPIRIES.map((seconds) => (
            <option key={seconds} value={seconds}>
              {t.share.lasts(seconds)}
            </option>
          ))}
        </Select>
        <Button
          look="primary"
          busy={copy.isPending}
          onClick={() => copy.mutate()}
          icon={<Link2 size={16} />}
        >
          {t.share.copyLink}
        </Button>
      </div>
      {link && (
        <input
          className={css.link}
          readOnly
          value={link}
          aria-label={t.share.link}
          onFocus={(e) => e.target.select()}
        />
      )}
      <p className={css.hint} role="status">
        {copy.data && link
          ? copy.data.copied
            ? t.share.copied
            : t.share.copyByHand
          : t.share.linkGives[role]}
      </p>
      {failed && (
        <p className={css.error} role="alert">
          {errorText(failed)}
        </p>
      )}
      {invitations.length > 0 && (
        <>
          <h3 className={css.title}>{t.share.links}</h3>
          <ul className={css.list} aria-label={t.share.links}>
            {invitations.map((i) => (
              <li key={i.id} className={css.row}>
                <span className={css.grow}>
                  {t.roles[i.role]}
                  <span className={css.hint}> · {t.share.until(i.expires_at)}</span>
                </span>
                <IconButton
                  label={t.share.withdrawLink(t.roles[i.role])}
                  onClick={() => withdraw.mutate(i.id)}
                >
                  <Trash2 size={14} />
                </IconButton>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
