import { t } from '../i18n';
import { Connection, type OpenSocket } from './connection';
import type { Backoff } from './backoff';
import {
  decodeOutput,
  encodeStdin,
  newId,
  type ClientMessage,
  type Moment,
  type RunInfo,
  type RunStart,
  type ServerMessage,
} from './messages';
import { applyMessage, emptyRoom, isActive, withChat, type RoomState } from './roomState';
import { RunOutput } from './runOutput';
import { Store } from './store';

const PING_MS = 20_000;
const SILENCE_MS = 45_000;
const ANSWER_MS = 10_000;
/** A long history is read from the database. */
const RESTORE_MS = 60_000;
const KEPT_OUTPUTS = 8;
/**
 * A run is queued, begins and prints within some 20 ms. Who draws hears of it after this long, or when
 * it has ended: drawing meanwhile would take the processors from the program, and shows nothing that an
 * eye can catch. What it prints does not wait (`watchOutput`).
 */
export const RUN_SETTLE_MS = 80;
/** What fits beside the other fields of run.start in a frame of 64 KiB, whatever JSON escapes. */
const STDIN_IN_MESSAGE = 8 * 1024;
const STDIN_FRAME = 16 * 1024;

export interface RoomChannelOptions {
  address: () => Promise<string>;
  open?: OpenSocket;
  backoff?: Backoff;
}

/** A request that waits: for an answer with its ref, or for the message that shows it was done. */
interface Waiting {
  shows: (m: ServerMessage, before: RoomState) => boolean;
  resolve: (m: ServerMessage) => void;
  reject: (e: Error) => void;
}

/** The room socket: its state in `state`, program output in `output(run)`, events for watchers. */
export class RoomChannel {
  readonly state = new Store<RoomState>(emptyRoom);
  readonly #connection: Connection;
  readonly #outputs = new Map<string, RunOutput>();
  readonly #waiting = new Map<string, Waiting>();
  readonly #watchers = new Set<(m: ServerMessage, before: RoomState) => void>();
  readonly #outputWatchers = new Set<(run: string) => void>();
  readonly #ping: ReturnType<typeof setInterval>;
  #file: string | null = null;

  constructor(options: RoomChannelOptions) {
    this.#connection = new Connection({
      ...options,
      silenceMs: SILENCE_MS,
      onOpen: () => undefined,
      onMessage: (data) => this.#received(data),
      onState: (connection) => {
        this.state.update((s) => ({ ...s, connection }));
        if (connection.kind !== 'open') this.#failWaiting();
      },
    });
    this.#ping = setInterval(() => this.#send({ type: 'ping' }), PING_MS);
    this.#connection.start();
  }

  destroy(): void {
    clearInterval(this.#ping);
    this.#connection.stop();
    this.#failWaiting();
  }

  retryNow(): void {
    this.#connection.retryNow();
  }

  /** Called after each message with the state before it. */
  watch(watcher: (m: ServerMessage, before: RoomState) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Called with the run for each piece of output that came. */
  watchOutput(watcher: (run: string) => void): () => void {
    this.#outputWatchers.add(watcher);
    return () => this.#outputWatchers.delete(watcher);
  }

  output(run: string): RunOutput {
    let output = this.#outputs.get(run);
    if (!output) {
      output = new RunOutput();
      this.#outputs.set(run, output);
      this.#forgetOldOutputs();
    }
    return output;
  }

  hasOutput(run: string): boolean {
    return (this.#outputs.get(run)?.pieces.length ?? 0) > 0;
  }

  lookAt(file: string | null): void {
    if (this.#file === file) return;
    this.#file = file;
    this.#send({ type: 'presence.set', file });
  }

  say(text: string, id = newId()): void {
    const you = this.state.get().you;
    if (!you) return;
    const message = { id, user_id: you.user_id, name: you.name, text, at: Date.now() };
    this.#keepChat({ ...message, state: 'sending' });
    const shows = (m: ServerMessage) => m.type === 'chat.message' && m.id === id;
    this.#ask({ type: 'chat.send', id, text }, shows).catch(() => {
      this.#keepChat({ ...message, state: 'failed' });
    });
  }

  /** Throws Error with a sentence. Returns the run's id once the server has it. */
  async run(start: Omit<RunStart, 'key' | 'stdin_open'> & { stdinOpen: boolean }): Promise<string> {
    const { stdin, stdinOpen, ...rest } = start;
    const bytes = new TextEncoder().encode(stdin ?? '');
    const inMessage = bytes.length > 0 && bytes.length <= STDIN_IN_MESSAGE;
    const later = bytes.length > STDIN_IN_MESSAGE;
    const request: ClientMessage = {
      type: 'run.start',
      key: newId(),
      ...rest,
      ...(inMessage && { stdin }),
      stdin_open: stdinOpen || later,
    };
    const answer = await this.#ask(request, isNewRunOfMine);
    if (answer.type !== 'run.status') throw new Error(t.errors.unexpected(0));
    if (later) this.type(answer.run.id, bytes);
    if (later && !stdinOpen) this.closeStdin(answer.run.id);
    return answer.run.id;
  }

  stop(run: string): void {
    this.#send({ type: 'run.stop', run });
  }

  type(run: string, bytes: Uint8Array): boolean {
    for (let at = 0; at < bytes.length; at += STDIN_FRAME) {
      const frame = encodeStdin(run, bytes.subarray(at, at + STDIN_FRAME));
      if (!this.#connection.send(frame)) return false;
    }
    return true;
  }

  closeStdin(run: string): void {
    this.#send({ type: 'run.stdin_close', run });
  }

  /**
   * Brings the text of an earlier moment back. Returns the moment before, to undo it. Throws Error with
   * a sentence.
   */
  async restore(file: string, moment: Moment): Promise<Moment> {
    const request: ClientMessage = { type: 'doc.restore', file, ...moment };
    const answer = await this.#ask(request, () => false, RESTORE_MS);
    if (answer.type !== 'doc.restored') throw new Error(t.errors.unexpected(0));
    return answer.before;
  }

  #send(message: ClientMessage): boolean {
    return this.#connection.send(JSON.stringify(message));
  }

  #ask(
    message: ClientMessage,
    shows: Waiting['shows'],
    waitMs: number = ANSWER_MS,
  ): Promise<ServerMessage> {
    const ref = newId();
    return new Promise((resolve, reject) => {
      if (!this.#send({ ...message, ref } as ClientMessage)) {
        reject(new Error(t.errors.noLine));
        return;
      }
      const timer = setTimeout(() => this.#answer(ref, new Error(t.errors.noAnswer)), waitMs);
      this.#waiting.set(ref, {
        shows,
        resolve: (m) => (clearTimeout(timer), resolve(m)),
        reject: (e) => (clearTimeout(timer), reject(e)),
      });
    });
  }

  #answer(ref: string, answer: ServerMessage | Error): void {
    const waiting = this.#waiting.get(ref);
    this.#waiting.delete(ref);
    if (answer instanceof Error) waiting?.reject(answer);
    else if (answer.type === 'error') waiting?.reject(new Error(answer.message));
    else waiting?.resolve(answer);
  }

  #done(message: ServerMessage, before: RoomState): void {
    for (const [ref, waiting] of this.#waiting) {
      if (waiting.shows(message, before)) return this.#answer(ref, message);
    }
  }

  #failWaiting(): void {
    for (const ref of [...this.#waiting.keys()]) this.#answer(ref, new Error(t.errors.noLine));
  }

  #received(data: string | ArrayBuffer): void {
    if (typeof data !== 'string') {
      const frame = decodeOutput(data);
      if (!frame) return;
      this.output(frame.run).push(frame.offset, frame.stream, frame.bytes);
      for (const watcher of this.#outputWatchers) watcher(frame.run);
      return;
    }
    const message = JSON.parse(data) as ServerMessage & { ref?: string };
    const before = this.state.get();
    if (message.type === 'run.status') this.#startAnew(message.run, before);
    const after = applyMessage(before, message);
    if (message.type === 'run.status' && isActive(message.run)) {
      this.state.setSoon(after, RUN_SETTLE_MS);
    } else this.state.set(after);
    if (message.ref) this.#answer(message.ref, message);
    else this.#done(message, before);
    if (message.type === 'welcome') this.#welcomed();
    for (const watcher of this.#watchers) watcher(message, before);
  }

  #welcomed(): void {
    if (this.#file) this.#send({ type: 'presence.set', file: this.#file });
    for (const c of this.state.get().chat) {
      if (c.state !== 'sent') this.say(c.text, c.id);
    }
  }

  /** A run that was lost and is tried again prints from the start: what it printed before goes. */
  #startAnew(run: RunInfo, before: RoomState): void {
    const known = before.runs.find((r) => r.id === run.id);
    const again = known !== undefined && run.attempt > known.attempt && known.attempt > 0;
    if (again) this.#outputs.get(run.id)?.clear();
  }

  #keepChat(message: RoomState['chat'][number]): void {
    this.state.update((s) => ({ ...s, chat: withChat(s.chat, message) }));
  }

  #forgetOldOutputs(): void {
    const active = new Set(
      this.state
        .get()
        .runs.filter(isActive)
        .map((r) => r.id),
    );
    for (const id of [...this.#outputs.keys()].slice(0, -KEPT_OUTPUTS)) {
      if (!active.has(id)) this.#outputs.delete(id);
    }
  }
}

function isNewRunOfMine(m: ServerMessage, before: RoomState): boolean {
  if (m.type !== 'run.status' || m.run.user_id !== before.you?.user_id) return false;
  return !before.runs.some((r) => r.id === m.run.id);
}
