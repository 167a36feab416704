import { basePath } from './base';
import { ApiError, networkError, problemError } from './problem';
import type { SignedIn, User } from './types';

/**
 * Who is signed in. The access token lives in this module's memory only; the refresh token is in a
 * cookie that scripts cannot read. Each refresh token works once, so tabs take turns (Web Locks).
 */
export type Session =
  | { status: 'loading' }
  | { status: 'out' }
  | { status: 'in'; user: User }
  | { status: 'unreachable' };

const RENEW_BEFORE_MS = 30_000;
let current: Session = { status: 'loading' };
let token: { value: string; endsAt: number } | null = null;
const listeners = new Set<() => void>();
const tabs =
  typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('coderoom-session');

tabs?.addEventListener('message', (event: MessageEvent<string>) => {
  if (event.data === 'out') become({ status: 'out' });
  if (event.data === 'in' && current.status === 'out') void start();
});

export function getSession(): Session {
  return current;
}

export function onSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Find out whether the cookie still signs us in. Never throws: the session says how it went. */
export async function start(): Promise<void> {
  try {
    await refresh(null);
  } catch {
    become({ status: 'unreachable' });
  }
}

/** Throws ApiError: invalid (field), unauthorized, rate, network. */
export async function signIn(email: string, password: string): Promise<void> {
  accept(await post('auth/sign-in', { email, password }));
  tabs?.postMessage('in');
}

/** Throws ApiError: invalid (field), conflict (field email), rate, network. */
export async function signUp(email: string, name: string, password: string): Promise<void> {
  accept(await post('auth/sign-up', { email, name, password }));
  tabs?.postMessage('in');
}

/** Throws ApiError when the server did not hear it: then one is still signed in. */
export async function signOut(): Promise<void> {
  await exclusively(() => post('auth/sign-out'));
  become({ status: 'out' });
  tabs?.postMessage('out');
}

/** A token good for some seconds at least, or null when signed out. Throws ApiError: network. */
export async function accessToken(): Promise<string | null> {
  if (token && token.endsAt - Date.now() < RENEW_BEFORE_MS) await refresh(token.value);
  return token?.value ?? null;
}

/**
 * Get a new access token unless somebody did since `stale` was handed out.
 * Returns whether we are signed in. Throws ApiError: network and other passing failures.
 */
export function refresh(stale: string | null): Promise<boolean> {
  return exclusively(async () => {
    if (token && token.value !== stale) return true;
    try {
      accept(await post('auth/refresh'));
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.passes) throw error;
      become({ status: 'out' });
      return false;
    }
  });
}

function accept(answer: SignedIn | null): void {
  if (!answer) throw new ApiError('internal', 0, 'empty answer');
  token = { value: answer.access_token, endsAt: Date.now() + answer.expires_in * 1000 };
  const same = current.status === 'in' && current.user.id === answer.user.id;
  if (!same) become({ status: 'in', user: answer.user });
}

function become(next: Session): void {
  if (next.status !== 'in') token = null;
  current = next;
  for (const listener of listeners) listener();
}

function exclusively<T>(work: () => Promise<T>): Promise<T> {
  // Web Locks exist in secure contexts only; without them the tabs are on their own.
  if (!navigator.locks) return queue(work);
  return navigator.locks.request('coderoom-refresh', work) as Promise<T>;
}

let tail: Promise<unknown> = Promise.resolve();
function queue<T>(work: () => Promise<T>): Promise<T> {
  const result = tail.then(work, work);
  tail = result.catch(() => undefined);
  return result;
}

async function post(path: string, body?: object): Promise<SignedIn | null> {
  // Also for a page that is left meanwhile: the answer's cookie is the only one that still works.
  const init: RequestInit = { method: 'POST', credentials: 'same-origin', keepalive: true };
  if (body) {
    init.headers = { 'Content-Type': 'application/json' };
    init.body = JSON.stringify(body);
  }
  const response = await fetch(`${basePath()}api/v1/${path}`, init).catch(() => {
    throw networkError();
  });
  if (response.status === 204) return null;
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw problemError(response.status, answer);
  return answer as SignedIn;
}
