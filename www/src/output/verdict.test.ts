import { expect, test } from 'vitest';
import type { RunResult } from '../api/types';
import type { RunInfo } from '../realtime/messages';
import { verdict, waiting } from './verdict';

const result = (part: Partial<RunResult>): RunResult => ({
  verdict: 'ok',
  exit_code: 0,
  signal: 0,
  wall_ms: 80,
  cpu_ms: 70,
  compile_ms: 0,
  memory_bytes: 0,
  stdout_bytes: 0,
  stderr_bytes: 0,
  truncated: false,
  message: '',
  ...part,
});

test.each([
  [result({}), 'Finished in 0.08 s'],
  [result({ verdict: 'exit', exit_code: 3 }), 'Ended with exit code 3 after 0.08 s'],
  [result({ verdict: 'signal', signal: 11 }), 'Crashed with SIGSEGV after 0.08 s'],
  [result({ verdict: 'wall_time', wall_ms: 10_004 }), 'Stopped after 10.0 s: time limit'],
  [result({ verdict: 'cpu_time', cpu_ms: 9000 }), 'Stopped after 9.00 s of processor time: limit'],
  [
    result({ verdict: 'memory', memory_bytes: 2 ** 28 }),
    'Stopped: it used more than 256 MB of memory',
  ],
  [result({ verdict: 'memory' }), 'Stopped: it used more memory than allowed'],
  [result({ verdict: 'output' }), 'Stopped: it printed more than allowed'],
  [result({ verdict: 'compile_error' }), 'Did not compile'],
  [result({ verdict: 'stopped' }), 'Stopped by hand after 0.08 s'],
])('%#', (ended, text) => {
  expect(verdict(ended).text).toBe(text);
});

test('our own failure says what was kept', () => {
  const ended = verdict(result({ verdict: 'internal_error', message: 'the image is missing' }));
  expect(ended.text).toContain('the image is missing');
  expect(ended.text).toContain('unchanged');
});

test.each([
  [{}, 'Waiting to start'],
  [{ position: 1 }, 'Waiting, next in line'],
  [{ position: 2 }, 'Waiting, 2nd in line'],
  [{ position: 3 }, 'Waiting, 3rd in line'],
  [{ position: 11 }, 'Waiting, 11th in line'],
  [{ position: 2, waiting: true }, 'Waiting: the server has nobody to run this language right now'],
])('a run that waits with %j', (part, text) => {
  expect(waiting({ state: 'queued', ...part } as RunInfo)).toBe(text);
});
