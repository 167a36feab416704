import type { ConnectionState } from './connection';

/** What one document's provider knows. `unsaved` counts local edits that the server has not stored. */
export interface DocStatus {
  connection: ConnectionState;
  synced: boolean;
  unsaved: number;
}

export type SavedState =
  | { kind: 'saved' }
  | { kind: 'saving' }
  | { kind: 'connecting' }
  | { kind: 'reconnecting'; edits: number }
  | { kind: 'offline'; edits: number }
  | { kind: 'stopped'; edits: number };

/** One line for the whole room from all its open documents and the room's own line. */
export function savedState(
  room: ConnectionState,
  docs: readonly DocStatus[],
  online: boolean,
): SavedState {
  const edits = docs.reduce((sum, d) => sum + d.unsaved, 0);
  const lines = [room, ...docs.map((d) => d.connection)];
  if (room.kind === 'stopped') return { kind: 'stopped', edits };
  if (!online) return { kind: 'offline', edits };
  if (lines.some((l) => l.kind === 'waiting')) return { kind: 'reconnecting', edits };
  if (
    lines.some((l) => l.kind === 'connecting') ||
    docs.some((d) => !d.synced && d.connection.kind === 'open')
  )
    return edits > 0 ? { kind: 'saving' } : { kind: 'connecting' };
  return edits > 0 ? { kind: 'saving' } : { kind: 'saved' };
}
