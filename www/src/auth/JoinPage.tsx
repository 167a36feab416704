import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from 'react-router';
import { Queries } from '../api/Queries';
import { api } from '../api/client';
import { ApiError, errorText } from '../api/problem';
import { useSession } from '../api/useSession';
import { t } from '../i18n';
import { Button, LinkButton } from '../ui/Button';
import { Card, Message, Notice, Page } from '../ui/Page';
import { Skeleton } from '../ui/Skeleton';
import css from './Auth.module.css';

/** Where an invitation link leads: says to which room, from whom, and what one will be able to do. */
export default function JoinPage() {
  return (
    <Queries>
      <Invitation />
    </Queries>
  );
}

function Invitation() {
  const { token = '' } = useParams();
  const session = useSession();
  const navigate = useNavigate();
  const preview = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => api.invitation(token),
  });
  const join = useMutation({
    mutationFn: () => api.acceptInvitation(token),
    onSuccess: (room) => void navigate(`/rooms/${room.id}`, { replace: true }),
  });
  const here = `?to=${encodeURIComponent(`/join/${token}`)}`;
  const passes = preview.error instanceof ApiError && preview.error.passes;
  return (
    <Page title={t.join.title} narrow>
      <Card>
        {preview.isPending && <Skeleton lines={3} label={t.common.loading} />}
        {preview.error && (
          <Message
            title={passes ? t.errors.title : t.join.gone}
            text={passes ? errorText(preview.error) : t.join.goneHint}
          >
            {passes && <Button onClick={() => void preview.refetch()}>{t.common.retry}</Button>}
            <Link to="/rooms">{t.rooms.toRooms}</Link>
          </Message>
        )}
        {preview.data && (
          <div className={css.invitation}>
            <p className={css.muted}>{t.join.from(preview.data.invited_by)}</p>
            <h1 className={css.title}>{preview.data.room_name}</h1>
            <p>{t.join.gives[preview.data.role]}</p>
            {join.error && <Notice tone="bad">{errorText(join.error)}</Notice>}
            <div className={css.actions}>
              {session.status === 'in' ? (
                <Button look="primary" busy={join.isPending} onClick={() => join.mutate()}>
                  {t.join.join}
                </Button>
              ) : (
                <>
                  <LinkButton look="primary" to={`/sign-up${here}`}>
                    {t.join.signUp}
                  </LinkButton>
                  <LinkButton to={`/sign-in${here}`}>{t.auth.signIn}</LinkButton>
                </>
              )}
            </div>
            {session.status === 'in' && <p className={css.muted}>{t.join.as(session.user.name)}</p>}
          </div>
        )}
      </Card>
    </Page>
  );
}
