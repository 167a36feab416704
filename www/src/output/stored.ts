import { useEffect, useState } from 'react';
import { api } from '../api/client';
import type { RunWithOutput } from '../api/types';
import type { RunInfo } from '../realtime/messages';
import type { RoomChannel } from '../realtime/roomChannel';
import type { Stream } from '../realtime/runOutput';

const STREAMS: Record<RunWithOutput['output'][number]['stream'], Stream> = {
  stdout: 1,
  stderr: 2,
  compile: 3,
};

/** Fetches a finished run's output when this page did not see it come. */
export function useStoredOutput(channel: RoomChannel, room: string, run: RunInfo) {
  const [failed, setFailed] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const { id } = run;
  const wanted = run.state === 'finished' && !channel.hasOutput(id) && hasBytes(run);

  useEffect(() => {
    if (!wanted) return;
    let current = true;
    setFailed(null);
    api.run(room, id).then(
      (stored) => {
        if (!channel.hasOutput(id)) fill(channel, stored);
      },
      () => {
        if (current) setFailed(id);
      },
    );
    return () => {
      current = false;
    };
  }, [channel, room, id, wanted, attempt]);
  return { failed: failed === id, retry: () => setAttempt((n) => n + 1) };
}

function fill(channel: RoomChannel, stored: RunWithOutput): void {
  const output = channel.output(stored.id);
  for (const piece of stored.output) {
    output.push(output.length, STREAMS[piece.stream], bytesOf(piece));
  }
}

function hasBytes(run: RunInfo): boolean {
  const result = run.result;
  return !result || result.stdout_bytes + result.stderr_bytes > 0 || result.compile_ms > 0;
}

function bytesOf(piece: RunWithOutput['output'][number]): Uint8Array {
  if (piece.encoding !== 'base64') return new TextEncoder().encode(piece.data);
  return Uint8Array.from(atob(piece.data), (c) => c.charCodeAt(0));
}
