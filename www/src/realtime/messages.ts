import type { Role, RunResult } from '../api/types';
import type { Stream } from './runOutput';

/** The room socket's messages: docs/PROTOCOL.md, "Room socket". Times are ms since 1970. */
export interface Person {
  conn: string;
  user_id: string;
  name: string;
  role: Role;
  color: number;
  file: string | null;
}
export interface FileEntry {
  id: string;
  path: string;
  kind: 'file' | 'folder';
}
export interface ChatMessage {
  id: string;
  user_id: string;
  name: string;
  text: string;
  at: number;
}
export interface LanguageInfo {
  id: string;
  name: string;
  extensions: string[];
}
export interface RunInfo {
  id: string;
  state: 'queued' | 'running' | 'finished';
  entry: string;
  language: string;
  args: string[];
  /** How often a runner took it: grows when one was lost and another begins anew. */
  attempt: number;
  stdin_open: boolean;
  user_id: string;
  user_name: string;
  created_at: number;
  started_at?: number;
  finished_at?: number;
  phase?: 'compile' | 'run';
  /** While it is queued: 1 is next. Told when it has waited for a second, and when it moved. */
  position?: number;
  /** No runner that is there can run this language. */
  waiting?: boolean;
  result?: RunResult;
}
export interface RoomInfo {
  id: string;
  name: string;
  language: string;
}

export interface Limits {
  wall_ms: number;
  wall_max_ms: number;
  output_bytes: number;
}

/** A moment of a file's history: after batch `seq`, or after its first `updates` edits. */
export interface Moment {
  seq: number;
  updates?: number;
}

export type ServerMessage =
  | {
      type: 'welcome';
      you: Person;
      room: RoomInfo;
      people: Person[];
      files: FileEntry[];
      chat: ChatMessage[];
      runs: RunInfo[];
      limits: Limits;
      languages: LanguageInfo[];
    }
  | ({ type: 'presence.joined' | 'presence.changed' } & Person)
  | { type: 'presence.left'; conn: string }
  | ({ type: 'chat.message' } & ChatMessage)
  | { type: 'files.changed'; files: FileEntry[] }
  | { type: 'room.changed'; room: RoomInfo }
  | { type: 'role.changed'; role: Role }
  | { type: 'members.changed' }
  | { type: 'run.status'; run: RunInfo }
  | { type: 'run.stdin_closed'; run: string }
  | { type: 'doc.restored'; file: string; seq: number; before: Moment; ref?: string }
  | { type: 'error'; code: string; message: string; field?: string; ref?: string }
  | { type: 'pong' };

export interface RunStart {
  key: string;
  entry: string;
  args: string[];
  stdin?: string;
  stdin_open: boolean;
  wall_limit_ms?: number;
}
export type ClientMessage =
  | { type: 'presence.set'; file: string | null }
  | { type: 'chat.send'; id: string; text: string; ref?: string }
  | ({ type: 'run.start'; ref?: string } & RunStart)
  | { type: 'run.stop'; run: string; ref?: string }
  | { type: 'run.stdin_close'; run: string; ref?: string }
  | ({ type: 'doc.restore'; file: string; ref?: string } & Moment)
  | { type: 'ping' };

const ID_BYTES = 20;
const OUTPUT = 0x10;
const STDIN = 0x11;

export interface OutputFrame {
  run: string;
  stream: Stream;
  offset: number;
  bytes: Uint8Array;
}

/** Null when it is not an output frame. */
export function decodeOutput(data: ArrayBuffer): OutputFrame | null {
  const head = 1 + ID_BYTES + 1 + 8;
  if (data.byteLength < head) return null;
  const view = new DataView(data);
  const stream = view.getUint8(1 + ID_BYTES);
  if (view.getUint8(0) !== OUTPUT || stream < 1 || stream > 3) return null;
  return {
    run: String.fromCharCode(...new Uint8Array(data, 1, ID_BYTES)),
    stream: stream as Stream,
    offset: Number(view.getBigUint64(2 + ID_BYTES, true)),
    bytes: new Uint8Array(data, head),
  };
}

export function encodeStdin(run: string, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(1 + ID_BYTES + bytes.length);
  frame[0] = STDIN;
  for (let i = 0; i < ID_BYTES; i++) frame[1 + i] = run.charCodeAt(i);
  frame.set(bytes, 1 + ID_BYTES);
  return frame;
}

const ID_ALPHABET = '0123456789abcdefghijklmnopqrstuv';

/** An id in the server's form. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(ID_BYTES));
  return Array.from(bytes, (b) => ID_ALPHABET[b & 31]).join('');
}
