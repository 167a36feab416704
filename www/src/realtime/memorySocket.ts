import type { SocketLike } from './connection';

/** The twin of a WebSocket for tests: what was sent is in `sent`; the test plays the server. */
export class MemorySocket implements SocketLike {
  binaryType: BinaryType = 'blob';
  readyState = 0;
  onopen: SocketLike['onopen'] = null;
  onmessage: SocketLike['onmessage'] = null;
  onclose: SocketLike['onclose'] = null;
  readonly sent: (string | Uint8Array)[] = [];

  constructor(readonly url: string) {}

  send(data: string | Uint8Array): void {
    if (this.readyState !== 1) throw new Error('not open');
    this.sent.push(data);
  }

  close(): void {
    this.readyState = 3;
  }

  accept(): void {
    this.readyState = 1;
    this.onopen?.(new Event('open'));
  }

  receive(data: string | Uint8Array): void {
    const copy = typeof data === 'string' ? data : data.slice().buffer;
    this.onmessage?.(new MessageEvent('message', { data: copy }));
  }

  drop(code = 1006, reason = ''): void {
    this.readyState = 3;
    this.onclose?.({ code, reason } as CloseEvent);
  }
}
