import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const user = { id: 'u', name: 'Ada', email: 'a@b', created_at: 1 };
let session: typeof import('./session');
let api: (typeof import('./client'))['api'];
const calls: { path: string; token: string | null }[] = [];
let refreshes = 0;
let accepted = 'token-1';

beforeEach(async () => {
  calls.length = 0;
  refreshes = 0;
  accepted = 'token-1';
  vi.stubGlobal('fetch', (input: Request | string) => {
    const request = typeof input === 'string' ? null : input;
    const path = new URL(request?.url ?? String(input), location.href).pathname;
    const token = request?.headers.get('Authorization') ?? null;
    calls.push({ path, token });
    if (path.endsWith('/auth/refresh')) {
      refreshes += 1;
      return Promise.resolve(
        Response.json({ user, access_token: `token-${refreshes}`, expires_in: 600 }),
      );
    }
    const ok = token === `Bearer ${accepted}`;
    return Promise.resolve(
      ok
        ? Response.json({ rooms: [], next_cursor: null })
        : Response.json({ code: 'unauthorized', title: 'x', detail: '' }, { status: 401 }),
    );
  });
  vi.resetModules();
  session = await import('./session');
  ({ api } = await import('./client'));
});
afterEach(() => void vi.unstubAllGlobals());

test('the cookie signs in, and calls carry the token', async () => {
  await session.start();
  expect(session.getSession()).toEqual({ status: 'in', user });
  await api.rooms();
  expect(calls.at(-1)?.token).toBe('Bearer token-1');
});

test('a refused token is refreshed once and the call is made again', async () => {
  await session.start();
  accepted = 'token-2';
  await api.rooms();
  expect(refreshes).toBe(2);
  expect(calls.at(-1)?.token).toBe('Bearer token-2');
});

test('many refused calls refresh once together', async () => {
  await session.start();
  accepted = 'token-2';
  await Promise.all([api.rooms(), api.rooms(), api.rooms()]);
  expect(refreshes).toBe(2);
});

test('a call that stays refused fails, without trying for ever', async () => {
  await session.start();
  accepted = 'none';
  await expect(api.rooms()).rejects.toMatchObject({ status: 401 });
  expect(refreshes).toBe(2);
});

test('nothing secret is in storage', async () => {
  await session.start();
  expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain('token');
});
