import { useEffect, useRef, useState } from 'react';
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

/** The last pieces may still be under way when the status says that it is over. */
const LATE_MS = 500;

/** Fetches a finished run's output when this page did not see it come, or not all of it. */
export function useStoredOutput(channel: RoomChannel, room: string, run: RunInfo) {
  const [failed, setFailed] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const { id } = run;
  const wanted = lacks(channel, run);
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });

  useEffect(() => {
    if (!wanted) return;
    let current = true;
    setFailed(null);
    const fetchIt = () => {
      if (!lacks(channel, latest.current)) return;
      api.run(room, id).then(
        (stored) => current && fill(channel, stored),
        () => current && setFailed(id),
      );
    };
    const timer = setTimeout(fetchIt, channel.hasOutput(id) ? LATE_MS : 0);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [channel, room, id, wanted, attempt]);
  return { failed: failed === id, retry: () => setAttempt((n) => n + 1) };
}

/** What is here is less than what the program wrote: the page, or the server, was away meanwhile. */
function lacks(channel: RoomChannel, run: RunInfo): boolean {
  if (run.state !== 'finished') return false;
  const {
    stdout_bytes = 0,
    stderr_bytes = 0,
    compile_ms = 0,
    truncated = false,
  } = run.result ?? {};
  const written = stdout_bytes + stderr_bytes;
  if (!channel.hasOutput(run.id)) return written > 0 || compile_ms > 0;
  return !truncated && channel.output(run.id).length < written;
}

function fill(channel: RoomChannel, stored: RunWithOutput): void {
  const output = channel.output(stored.id);
  output.clear();
  for (const piece of stored.output) {
    output.push(output.length, STREAMS[piece.stream], bytesOf(piece));
  }
}

function bytesOf(piece: RunWithOutput['output'][number]): Uint8Array {
  if (piece.encoding !== 'base64') return new TextEncoder().encode(piece.data);
  return Uint8Array.from(atob(piece.data), (c) => c.charCodeAt(0));
}
