import createClient from 'openapi-fetch';
import { basePath } from './base';
import { networkError, problemError } from './problem';
import type { paths } from './schema';
import { accessToken, refresh } from './session';
import type { GrantRole, Role } from './types';

/** Sends the access token; when it is refused, refreshes once and tries again. */
async function authorizedFetch(request: Request): Promise<Response> {
  const token = await accessToken();
  const again = request.clone();
  const response = await send(request, token);
  if (response.status !== 401 || !token) return response;
  if (!(await refresh(token))) return response;
  return send(again, await accessToken());
}

function send(request: Request, token: string | null): Promise<Response> {
  if (token) request.headers.set('Authorization', `Bearer ${token}`);
  return fetch(request).catch(() => {
    throw networkError();
  });
}

const client = createClient<paths>({
  baseUrl: `${location.origin}${basePath()}api/v1`,
  fetch: authorizedFetch,
});

type Answer<T> = { data?: T; error?: unknown; response: Response };

async function unwrap<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer;
  if (!response.ok) throw problemError(response.status, error);
  return data as T;
}

type CreateFile = { path: string; kind: 'file' | 'folder'; content?: string };
type Grant = { role: GrantRole; expires_in: number };

/** The API's calls that the client uses. Each throws ApiError. */
export const api = {
  rooms: (cursor?: string) =>
    unwrap(client.GET('/rooms', { params: { query: { limit: 100, ...(cursor && { cursor }) } } })),
  room: (room: string) => unwrap(client.GET('/rooms/{room}', { params: { path: { room } } })),
  createRoom: (name: string, language?: string) =>
    unwrap(client.POST('/rooms', { body: language ? { name, language } : { name } })),
  renameRoom: (room: string, name: string) =>
    unwrap(client.PATCH('/rooms/{room}', { params: { path: { room } }, body: { name } })),
  deleteRoom: (room: string) =>
    unwrap(client.DELETE('/rooms/{room}', { params: { path: { room } } })),

  members: (room: string) =>
    unwrap(client.GET('/rooms/{room}/members', { params: { path: { room } } })),
  setRole: (room: string, user: string, role: Role) =>
    unwrap(
      client.PATCH('/rooms/{room}/members/{user}', {
        params: { path: { room, user } },
        body: { role },
      }),
    ),
  removeMember: (room: string, user: string) =>
    unwrap(client.DELETE('/rooms/{room}/members/{user}', { params: { path: { room, user } } })),

  invitations: (room: string) =>
    unwrap(client.GET('/rooms/{room}/invitations', { params: { path: { room } } })),
  createInvitation: (room: string, body: Grant) =>
    unwrap(client.POST('/rooms/{room}/invitations', { params: { path: { room } }, body })),
  deleteInvitation: (room: string, invitation: string) =>
    unwrap(
      client.DELETE('/rooms/{room}/invitations/{invitation}', {
        params: { path: { room, invitation } },
      }),
    ),
  invitation: (token: string) =>
    unwrap(client.GET('/invitations/{token}', { params: { path: { token } } })),
  acceptInvitation: (token: string) =>
    unwrap(client.POST('/invitations/{token}/accept', { params: { path: { token } } })),

  ticket: (room: string) =>
    unwrap(client.POST('/rooms/{room}/ticket', { params: { path: { room } } })),
  tokens: (room: string) =>
    unwrap(client.GET('/rooms/{room}/tokens', { params: { path: { room } } })),
  createToken: (room: string, body: Grant & { label: string }) =>
    unwrap(client.POST('/rooms/{room}/tokens', { params: { path: { room } }, body })),
  deleteToken: (room: string, token: string) =>
    unwrap(client.DELETE('/rooms/{room}/tokens/{token}', { params: { path: { room, token } } })),

  createFile: (room: string, body: CreateFile) =>
    unwrap(client.POST('/rooms/{room}/files', { params: { path: { room } }, body })),
  moveFile: (room: string, file: string, path: string) =>
    unwrap(
      client.PATCH('/rooms/{room}/files/{file}', {
        params: { path: { room, file } },
        body: { path },
      }),
    ),
  deleteFile: (room: string, file: string) =>
    unwrap(client.DELETE('/rooms/{room}/files/{file}', { params: { path: { room, file } } })),

  /** Newest first; `before` is the `next_before` of the page before. */
  history: (room: string, file: string, before: number | null) =>
    unwrap(
      client.GET('/rooms/{room}/files/{file}/history', {
        params: { path: { room, file }, query: before === null ? {} : { before } },
      }),
    ),
  moment: (room: string, file: string, seq: number) =>
    unwrap(
      client.GET('/rooms/{room}/files/{file}/history/{seq}', {
        params: { path: { room, file, seq } },
      }),
    ),

  run: (room: string, run: string) =>
    unwrap(client.GET('/rooms/{room}/runs/{run}', { params: { path: { room, run } } })),
  languages: () => unwrap(client.GET('/languages')),
};
