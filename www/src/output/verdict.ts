import type { RunResult } from '../api/types';
import { t } from '../i18n';
import type { RunInfo } from '../realtime/messages';

export type Tone = 'good' | 'bad' | 'plain';

export interface Verdict {
  tone: Tone;
  text: string;
}

/** How a finished run ended, as a sentence. */
export function verdict(result: RunResult): Verdict {
  const time = t.output.seconds(result.wall_ms);
  switch (result.verdict) {
    case 'ok':
      return { tone: 'good', text: t.output.ok(time) };
    case 'exit':
      return { tone: 'bad', text: t.output.exit(result.exit_code, time) };
    case 'signal':
      return { tone: 'bad', text: t.output.signal(signalName(result.signal), time) };
    case 'wall_time':
      return { tone: 'bad', text: t.output.wallTime(time) };
    case 'cpu_time':
      return { tone: 'bad', text: t.output.cpuTime(t.output.seconds(result.cpu_ms)) };
    case 'memory':
      return { tone: 'bad', text: t.output.memory(megabytes(result.memory_bytes)) };
    case 'output':
      return { tone: 'bad', text: t.output.tooMuch };
    case 'compile_error':
      return { tone: 'bad', text: t.output.compileError };
    case 'stopped':
      return { tone: 'plain', text: t.output.stopped(time) };
    case 'internal_error':
      return { tone: 'bad', text: t.output.internal(result.message) };
  }
}

/** Where a queued run stands, as a sentence. */
export function waiting(run: RunInfo): string {
  if (run.waiting) return t.output.noRunner;
  return run.position ? t.output.inLine(run.position) : t.output.queued;
}

const SIGNALS: Record<number, string> = {
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  15: 'SIGTERM',
  31: 'SIGSYS',
};

function signalName(signal: number): string {
  return SIGNALS[signal] ?? String(signal);
}

function megabytes(bytes: number): number | null {
  return bytes > 0 ? Math.round(bytes / 2 ** 20) : null;
}

/** Milliseconds that a run has been going, or took. */
export function runMs(run: RunInfo, now: number): number {
  if (!run.started_at) return 0;
  return Math.max(0, (run.finished_at ?? now) - run.started_at);
}
