import type { Role } from '../api/types';
import type { ConnectionState } from './connection';
import type {
  ChatMessage,
  FileEntry,
  LanguageInfo,
  Limits,
  Person,
  RoomInfo,
  RunInfo,
  ServerMessage,
} from './messages';

export interface PendingChat extends ChatMessage {
  state: 'sent' | 'sending' | 'failed';
}

/** Everything the room socket has told. Null fields: not welcomed yet. */
export interface RoomState {
  connection: ConnectionState;
  you: Person | null;
  room: RoomInfo | null;
  people: Person[];
  files: FileEntry[];
  chat: PendingChat[];
  /** Newest first. */
  runs: RunInfo[];
  limits: Limits;
  languages: LanguageInfo[];
  /** Runs whose standard input has ended. */
  stdinClosed: ReadonlySet<string>;
}

export const emptyRoom: RoomState = {
  connection: { kind: 'connecting' },
  you: null,
  room: null,
  people: [],
  files: [],
  chat: [],
  runs: [],
  limits: { wall_ms: 10_000, wall_max_ms: 180_000, output_bytes: 1_048_576 },
  languages: [],
  stdinClosed: new Set(),
};

/** The state after one message. Messages that carry no state leave it as it is. */
export function applyMessage(state: RoomState, m: ServerMessage): RoomState {
  switch (m.type) {
    case 'welcome':
      return {
        ...state,
        you: m.you,
        room: m.room,
        people: m.people,
        files: m.files,
        chat: mergeChat(m.chat, state.chat),
        runs: sortRuns(m.runs),
        limits: m.limits,
        languages: m.languages,
        stdinClosed: new Set(),
      };
    case 'presence.joined':
    case 'presence.changed':
      return { ...state, ...withPerson(state, m) };
    case 'presence.left':
      return { ...state, people: state.people.filter((p) => p.conn !== m.conn) };
    case 'chat.message':
      return { ...state, chat: withChat(state.chat, { ...m, state: 'sent' }) };
    case 'files.changed':
      return { ...state, files: m.files };
    case 'room.changed':
      return { ...state, room: m.room };
    case 'role.changed':
      return withRole(state, m.role);
    case 'run.status':
      return { ...state, runs: withRun(state.runs, m.run) };
    case 'run.stdin_closed':
      return { ...state, stdinClosed: new Set([...state.stdinClosed, m.run]) };
    default:
      return state;
  }
}

function withPerson(state: RoomState, message: Person & { type: string }): Partial<RoomState> {
  const { conn, user_id, name, role, color, file } = message;
  const person: Person = { conn, user_id, name, role, color, file: file ?? null };
  const known = state.people.some((p) => p.conn === conn);
  return {
    people: known
      ? state.people.map((p) => (p.conn === conn ? person : p))
      : [...state.people, person],
    you: state.you?.conn === conn ? person : state.you,
  };
}

function withRole(state: RoomState, role: Role): RoomState {
  if (!state.you) return state;
  const you = { ...state.you, role };
  return { ...state, you, people: state.people.map((p) => (p.conn === you.conn ? you : p)) };
}

export function withChat(chat: PendingChat[], message: PendingChat): PendingChat[] {
  const rest = chat.filter((c) => c.id !== message.id);
  return [...rest, message].sort((a, b) => a.at - b.at);
}

/** History from the server, and what was typed without a line. */
function mergeChat(history: ChatMessage[], known: PendingChat[]): PendingChat[] {
  const ids = new Set(history.map((c) => c.id));
  const unsent = known.filter((c) => c.state !== 'sent' && !ids.has(c.id));
  return [...history.map((c) => ({ ...c, state: 'sent' as const })), ...unsent];
}

function withRun(runs: RunInfo[], run: RunInfo): RunInfo[] {
  return sortRuns([run, ...runs.filter((r) => r.id !== run.id)]).slice(0, 50);
}

function sortRuns(runs: RunInfo[]): RunInfo[] {
  return [...runs].sort((a, b) => b.created_at - a.created_at);
}

export function isActive(run: RunInfo): boolean {
  return run.state !== 'finished';
}

/** Each person once, however many tabs they have open; you first. */
export function distinctPeople(state: RoomState): Person[] {
  const seen = new Map<string, Person>();
  const you = state.you;
  for (const p of you ? [you, ...state.people] : state.people) {
    const key = p.user_id || p.conn;
    if (!seen.has(key)) seen.set(key, p);
  }
  return [...seen.values()];
}
