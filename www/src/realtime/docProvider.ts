import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as awarenessProtocol from 'y-protocols/awareness';
import * as syncProtocol from 'y-protocols/sync';
import * as Y from 'yjs';
import { Connection, type OpenSocket } from './connection';
import type { Backoff } from './backoff';
import type { DocStatus } from './savedState';
import { Store } from './store';

const SYNC = 0;
const AWARENESS = 1;
const QUERY_AWARENESS = 3;
const SAVED = 100;
const REFUSED = 101;
/** The server says something on a quiet document socket within 30 s. */
const SILENCE_MS = 50_000;

export interface DocProviderOptions {
  doc: Y.Doc;
  awareness: awarenessProtocol.Awareness;
  address: () => Promise<string>;
  /** The server did not take an edit: what is here differs from what it has. Told once. */
  onDenied: (reason: string, edit: Uint8Array | null) => void;
  /** The server took an edit and mended what it did to a protected part: all copies are the same. */
  onMended?: (edit: Uint8Array | null) => void;
  /** Transactions with these origins are not edits of this person (the copy kept offline). */
  notEdits?: ReadonlySet<unknown>;
  open?: OpenSocket;
  backoff?: Backoff;
}

interface Pending {
  /** Which message carries it; Infinity: not sent on this connection. */
  message: number;
  update: Uint8Array;
}

/** Begins the reason when the edit was taken, and mended where it touched what is protected. */
const MENDED = 'protected:';

/** Step 2 carries all the edits that were made before it. */
function together([first, ...more]: Pending[]): Uint8Array | null {
  if (!first || more.length === 0) return first?.update ?? null;
  return Y.mergeUpdates([first, ...more].map((edit) => edit.update));
}

/** Keeps one Yjs document in step with the server: docs/PROTOCOL.md, "Document socket". */
export class DocProvider {
  readonly status = new Store<DocStatus>({
    connection: { kind: 'connecting' },
    synced: false,
    unsaved: 0,
  });
  readonly #connection: Connection;
  /** Step 2 and update messages sent on this connection: what the server's count refers to. */
  #sent = 0;
  /** The edits that are not stored, in their order. */
  #pending: Pending[] = [];
  #answered = false;
  #told = false;

  constructor(private readonly options: DocProviderOptions) {
    const { doc, awareness, address, open, backoff } = options;
    this.#connection = new Connection({
      address,
      silenceMs: SILENCE_MS,
      onOpen: () => this.#opened(),
      onMessage: (data) => this.#received(data),
      onState: (connection) => this.#changed({ connection }),
      ...(open && { open }),
      ...(backoff && { backoff }),
    });
    doc.on('update', this.#edited);
    awareness.on('update', this.#presence);
    this.#connection.start();
  }

  destroy(): void {
    const { doc, awareness } = this.options;
    doc.off('update', this.#edited);
    awarenessProtocol.removeAwarenessStates(awareness, [doc.clientID], 'destroy');
    awareness.off('update', this.#presence);
    this.#connection.stop();
  }

  retryNow(): void {
    this.#connection.retryNow();
  }

  #changed(change: Partial<DocStatus>): void {
    if (change.connection && change.connection.kind !== 'open') {
      this.#sent = 0;
      this.#answered = false;
      for (const edit of this.#pending) edit.message = Infinity;
      change.synced = false;
      this.#forgetOthers();
    }
    this.status.update((s) => ({ ...s, ...change }));
  }

  #opened(): void {
    const { doc, awareness } = this.options;
    this.#send(SYNC, (e) => syncProtocol.writeSyncStep1(e, doc));
    if (awareness.getLocalState()) this.#sendAwareness([doc.clientID]);
  }

  #received(data: string | ArrayBuffer): void {
    if (typeof data === 'string') return;
    const decoder = decoding.createDecoder(new Uint8Array(data));
    const type = decoding.readVarUint(decoder);
    if (type === SYNC) this.#sync(decoder);
    else if (type === AWARENESS) this.#others(decoding.readVarUint8Array(decoder));
    else if (type === QUERY_AWARENESS) this.#sendAwareness([this.options.doc.clientID]);
    else if (type === SAVED) this.#saved(decoding.readVarUint(decoder));
    else if (type === REFUSED) this.#refused(decoding.readVarUint(decoder), decoder);
    // The server says each refusal again for stock clients, as a message of type 2.
  }

  #sync(decoder: decoding.Decoder): void {
    const { doc } = this.options;
    const kind = decoding.readVarUint(decoder);
    if (kind === syncProtocol.messageYjsSyncStep1) {
      const state = decoding.readVarUint8Array(decoder);
      this.#send(SYNC, (e) => syncProtocol.writeSyncStep2(e, doc, state));
      this.#sent += 1;
      if (!this.#answered) {
        this.#answered = true;
        for (const edit of this.#pending) edit.message = this.#sent;
      }
    } else {
      Y.applyUpdate(doc, decoding.readVarUint8Array(decoder), this);
      if (kind === syncProtocol.messageYjsSyncStep2) this.#changed({ synced: true });
    }
  }

  #saved(count: number): void {
    this.#pending = this.#pending.filter(({ message }) => message > count);
    this.#changed({ unsaved: this.#pending.length });
  }

  /** That message of ours is done with; the ones after it count on. */
  #refused(message: number, decoder: decoding.Decoder): void {
    const reason = decoding.readVarString(decoder);
    const edit = together(this.#pending.filter((e) => e.message === message));
    if (reason.startsWith(MENDED)) {
      this.options.onMended?.(edit);
      return; // and it is stored like any other
    }
    this.#pending = this.#pending.filter((e) => e.message !== message);
    this.#changed({ unsaved: this.#pending.length });
    if (this.#told) return;
    this.#told = true;
    this.options.onDenied(reason, edit);
  }

  #edited = (update: Uint8Array, origin: unknown): void => {
    if (origin === this || this.options.notEdits?.has(origin)) return;
    const sent = this.#send(SYNC, (e) => syncProtocol.writeUpdate(e, update));
    if (sent) this.#sent += 1;
    // Before the first step 2 an update may lack what it builds on; step 2 then carries it too.
    this.#pending.push({ message: sent && this.#answered ? this.#sent : Infinity, update });
    this.#changed({ unsaved: this.#pending.length });
  };

  #presence = (change: { added: number[]; updated: number[]; removed: number[] }): void => {
    const mine = this.options.doc.clientID;
    if ([...change.added, ...change.updated, ...change.removed].includes(mine)) {
      this.#sendAwareness([mine]);
    }
  };

  #sendAwareness(clients: number[]): void {
    const { awareness } = this.options;
    if (!awareness.meta.has(this.options.doc.clientID)) return;
    const body = awarenessProtocol.encodeAwarenessUpdate(awareness, clients);
    this.#send(AWARENESS, (e) => encoding.writeVarUint8Array(e, body));
  }

  #others(body: Uint8Array): void {
    awarenessProtocol.applyAwarenessUpdate(this.options.awareness, body, this);
  }

  #forgetOthers(): void {
    const { awareness, doc } = this.options;
    const others = [...awareness.getStates().keys()].filter((id) => id !== doc.clientID);
    awarenessProtocol.removeAwarenessStates(awareness, others, this);
  }

  #send(type: number, write: (encoder: encoding.Encoder) => void): boolean {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, type);
    write(encoder);
    return this.#connection.send(encoding.toUint8Array(encoder) as Uint8Array<ArrayBuffer>);
  }
}
