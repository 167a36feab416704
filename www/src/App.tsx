import { Component, lazy, Suspense, useEffect, type ReactNode } from 'react';
import { BrowserRouter, Link, Navigate, Route, Routes, useLocation } from 'react-router';
import { basePath } from './api/base';
import { start } from './api/session';
import type { User } from './api/types';
import { useSession } from './api/useSession';
import { backTo } from './auth/backTo';
import { t } from './i18n';
import { Boot } from './ui/Boot';
import { Button } from './ui/Button';
import { Message, Page } from './ui/Page';
import { Toasts } from './ui/Toasts';

const SignInPage = lazy(() => import('./auth/SignInPage'));
const SignUpPage = lazy(() => import('./auth/SignUpPage'));
const JoinPage = lazy(() => import('./auth/JoinPage'));
const RoomsPage = lazy(() => import('./rooms/RoomsPage'));
const RoomPage = lazy(() => import('./rooms/RoomPage'));

export function App() {
  useEffect(() => void start(), []);
  return (
    <BrowserRouter basename={basePath().replace(/(.)\/$/, '$1')}>
      <Guard>
        <Suspense fallback={<Boot />}>
          <Routes>
            <Route path="/" element={<Navigate to="/rooms" replace />} />
            <Route path="/sign-in" element={<SignedOut page={<SignInPage />} />} />
            <Route path="/sign-up" element={<SignedOut page={<SignUpPage />} />} />
            <Route path="/join/:token" element={<JoinPage />} />
            <Route path="/rooms" element={<SignedIn page={(me) => <RoomsPage me={me} />} />} />
            <Route
              path="/rooms/:room/*"
              element={<SignedIn page={(me) => <RoomPage me={me} />} />}
            />
            <Route path="*" element={<NotFound />} />
          </Routes>
        </Suspense>
      </Guard>
      <Toasts />
    </BrowserRouter>
  );
}

function SignedIn({ page }: { page: (me: User) => ReactNode }) {
  const session = useSession();
  const { pathname, search } = useLocation();
  if (session.status === 'loading') return <Boot />;
  if (session.status === 'unreachable') return <Unreachable />;
  if (session.status === 'out') {
    const to = pathname === '/rooms' ? '' : `?to=${encodeURIComponent(pathname + search)}`;
    return <Navigate to={`/sign-in${to}`} replace />;
  }
  return page(session.user);
}

function SignedOut({ page }: { page: ReactNode }) {
  const session = useSession();
  const { search } = useLocation();
  if (session.status === 'loading') return <Boot />;
  return session.status === 'in' ? <Navigate to={backTo(search)} replace /> : page;
}

function Unreachable() {
  return (
    <Page title={t.errors.title} narrow>
      <Message title={t.errors.title} text={t.errors.network}>
        <Button look="primary" onClick={() => void start()}>
          {t.common.retry}
        </Button>
      </Message>
    </Page>
  );
}

function NotFound() {
  return (
    <Page title={t.errors.noPage} narrow>
      <Message title={t.errors.noPage} text={t.errors.noPageHint}>
        <Link to="/rooms">{t.rooms.toRooms}</Link>
      </Message>
    </Page>
  );
}

/** Our own mistake, or a part of the page that could not be loaded after an update of the server. */
class Guard extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <Page title={t.errors.broken} narrow>
        <Message title={t.errors.broken} text={t.errors.brokenHint}>
          <Button look="primary" onClick={() => location.reload()}>
            {t.errors.reload}
          </Button>
        </Message>
      </Page>
    );
  }
}
