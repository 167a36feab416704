import { ApiError } from '../api/problem';
import { Backoff } from './backoff';

/** What we use of a WebSocket; tests have a twin in memory (memorySocket.ts). */
export interface SocketLike {
  binaryType: BinaryType;
  readonly readyState: number;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
}
export type OpenSocket = (url: string) => SocketLike;

export type ConnectionState =
  | { kind: 'connecting' }
  | { kind: 'open' }
  | { kind: 'waiting' }
  | { kind: 'stopped'; code: number; reason: string };

export interface ConnectionOptions {
  /** The socket's address with a fresh ticket; asked before each attempt. Throws ApiError. */
  address: () => Promise<string>;
  onOpen: () => void;
  onMessage: (data: string | ArrayBuffer) => void;
  onState: (state: ConnectionState) => void;
  /** Without a message for this long the line is taken for dead. */
  silenceMs: number;
  open?: OpenSocket;
  backoff?: Backoff;
}

const OPEN = 1;
const OPEN_TIMEOUT_MS = 15_000;
const RATE_PAUSE_MS = 5_000;
const STALE_TICKETS = 3;

/**
 * A socket that comes back: a fresh ticket for each attempt, back-off between them, at once when the
 * browser is online again. Close codes 44xx end it (docs/PROTOCOL.md), except a stale ticket (4401)
 * some times and 4429, which asks for a pause.
 */
export class Connection {
  #socket: SocketLike | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;
  #generation = 0;
  #stale = 0;
  #stopped = false;
  readonly #backoff: Backoff;
  readonly #open: OpenSocket;

  constructor(private readonly options: ConnectionOptions) {
    this.#backoff = options.backoff ?? new Backoff();
    this.#open = options.open ?? ((url) => new WebSocket(url));
  }

  start(): void {
    addEventListener('online', this.retryNow);
    addEventListener('offline', this.#lost);
    this.options.onState({ kind: 'connecting' });
    void this.#connect();
  }

  /** Ends it for good; nothing is called back any more. */
  stop(): void {
    this.#stopped = true;
    this.#detach();
    clearTimeout(this.#retry);
    removeEventListener('online', this.retryNow);
    removeEventListener('offline', this.#lost);
  }

  /** Returns false when there is no line: the message is not kept. */
  send(data: string | Uint8Array<ArrayBuffer>): boolean {
    if (this.#socket?.readyState !== OPEN) return false;
    this.#socket.send(data);
    return true;
  }

  retryNow = (): void => {
    if (this.#stopped || this.#socket) return;
    clearTimeout(this.#retry);
    this.#backoff.reset();
    void this.#connect();
  };

  #lost = (): void => {
    if (this.#socket) this.#ended(1006, '');
  };

  async #connect(): Promise<void> {
    const generation = ++this.#generation;
    try {
      const url = await this.options.address();
      if (this.#stopped || generation !== this.#generation) return;
      this.#attach(this.#open(url));
    } catch (error) {
      if (this.#stopped || generation !== this.#generation) return;
      if (error instanceof ApiError && !error.passes) {
        this.#finish(4000 + error.status, error.code);
      } else {
        this.#later(0);
      }
    }
  }

  #attach(socket: SocketLike): void {
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.#heard();
      this.options.onState({ kind: 'open' });
      this.options.onOpen();
    };
    socket.onmessage = (event) => {
      this.#backoff.reset();
      this.#stale = 0;
      this.#heard();
      this.options.onMessage(event.data as string | ArrayBuffer);
    };
    socket.onclose = (event) => this.#ended(event.code, event.reason);
    this.#watch = setTimeout(this.#lost, OPEN_TIMEOUT_MS);
  }

  #heard(): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(this.#lost, this.options.silenceMs);
  }

  #detach(): void {
    clearTimeout(this.#watch);
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(1000);
  }

  #ended(code: number, reason: string): void {
    this.#detach();
    const stale = code === 4401 && ++this.#stale < STALE_TICKETS;
    if (code >= 4400 && code < 4500 && code !== 4429 && !stale) {
      this.#finish(code, reason);
    } else {
      this.#later(code === 4429 ? RATE_PAUSE_MS : 0);
    }
  }

  #later(atLeastMs: number): void {
    this.options.onState({ kind: 'waiting' });
    this.#retry = setTimeout(() => void this.#connect(), Math.max(atLeastMs, this.#backoff.next()));
  }

  #finish(code: number, reason: string): void {
    this.options.onState({ kind: 'stopped', code, reason });
    this.stop();
  }
}
