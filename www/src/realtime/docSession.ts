import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import type { OpenSocket } from './connection';
import { DocProvider } from './docProvider';
import { editWords, type EditWords } from './editWords';
import { emptyCopy, keepOffline } from './offline';
import type { DocStatus } from './savedState';
import { Store } from './store';

/** The root type that Run executes. */
const TEXT = 'text';

/** How others see this person in a document; the shape that y-codemirror.next uses, and ours. */
export interface AwarenessUser {
  name: string;
  color: string;
  colorLight: string;
  /** Index into the palette, and the room connection, to find the same person there. */
  index: number;
  conn: string;
}

export interface DocView {
  anchor: number;
  head: number;
  scrollTop: number;
}

export interface DocSessionOptions {
  user: string;
  room: string;
  file: string;
  address: () => Promise<string>;
  /** An edit was not taken: this session holds what nobody else has. */
  onDenied: (reason: string, edit: EditWords | null) => void;
  /** An edit was taken, and mended where it touched a protected part. */
  onMended: (edit: EditWords | null) => void;
  /** Keep a copy in this browser, to go on without a line. */
  keep: boolean;
  open?: OpenSocket;
}

/** One open document: the Yjs document, its undo stack, its line and its copy in this browser. */
export class DocSession {
  readonly doc = new Y.Doc();
  readonly text = this.doc.getText(TEXT);
  readonly awareness = new Awareness(this.doc);
  readonly undo = new Y.UndoManager(this.text, { trackedOrigins: new Set(), captureTimeout: 400 });
  /** There is something to show: from the server, or from the copy in this browser. */
  readonly ready = new Store(false);
  readonly provider: DocProvider;
  readonly #copy: ReturnType<typeof keepOffline> | null;
  /** Where one was when the tab was left. */
  view: DocView = { anchor: 0, head: 0, scrollTop: 0 };

  constructor(options: DocSessionOptions) {
    const { user, room, file, address, onDenied, onMended, keep, open } = options;
    const words = (edit: Uint8Array | null) => edit && editWords(this.text, edit);
    this.#copy = keep ? keepOffline(user, room, file, this.doc) : null;
    this.provider = new DocProvider({
      doc: this.doc,
      awareness: this.awareness,
      address,
      onDenied: (reason, edit) => onDenied(reason, words(edit)),
      onMended: (edit) => onMended(words(edit)),
      notEdits: new Set(this.#copy ? [this.#copy] : []),
      ...(open && { open }),
    });
    this.provider.status.subscribe(() => {
      if (this.provider.status.get().synced) this.ready.set(true);
    });
    void this.#copy?.whenSynced.then(() => {
      if (this.doc.store.clients.size > 0) this.ready.set(true);
    });
  }

  get status(): Store<DocStatus> {
    return this.provider.status;
  }

  /** With `forget` the copy in this browser is emptied: it differs from what the server has. */
  async destroy(forget = false): Promise<void> {
    this.provider.destroy();
    this.undo.destroy();
    this.awareness.destroy();
    if (forget && this.#copy) await emptyCopy(this.#copy);
    await this.#copy?.destroy();
    this.doc.destroy();
  }
}

/** A browser's storage that does not answer is not waited for any longer. */
const FORGET_MS = 2000;
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The open documents of a room, by file id. */
export class DocSessions {
  readonly sessions = new Store<ReadonlyMap<string, DocSession>>(new Map());
  readonly statuses = new Store<readonly DocStatus[]>([]);
  /** Files whose copy here is being thrown away, to be opened anew. */
  readonly #reverting = new Set<string>();
  #user: AwarenessUser | null = null;

  constructor(
    private readonly make: (file: string, onDenied: DocSessionOptions['onDenied']) => DocSession,
    /** An edit was refused; `text` is what was here, with that edit in it. */
    private readonly onDenied: (reason: string, edit: EditWords | null, text: string) => void,
  ) {}

  open(file: string): void {
    if (this.sessions.get().has(file) || this.#reverting.has(file)) return;
    const session = this.make(file, (reason, edit) => void this.#revert(file, reason, edit));
    if (this.#user) session.awareness.setLocalStateField('user', this.#user);
    session.status.subscribe(() => this.#collect());
    this.sessions.set(new Map(this.sessions.get()).set(file, session));
    this.#collect();
  }

  close(file: string, forget = false): void {
    this.#reverting.delete(file);
    const session = this.#take(file);
    if (session) void session.destroy(forget);
  }

  setUser(user: AwarenessUser): void {
    this.#user = user;
    for (const s of this.sessions.get().values()) s.awareness.setLocalStateField('user', user);
  }

  retryNow(): void {
    for (const s of this.sessions.get().values()) s.provider.retryNow();
  }

  destroy(): void {
    this.#reverting.clear();
    for (const file of [...this.sessions.get().keys()]) this.close(file);
  }

  /** The server did not take an edit: throw away what is here and take what it has. */
  async #revert(file: string, reason: string, edit: EditWords | null): Promise<void> {
    const refused = this.#take(file);
    if (!refused) return;
    this.#reverting.add(file);
    this.onDenied(reason, edit, refused.text.toString());
    // The copy in this browser is emptied first: the new document would take the refused edit from it.
    await Promise.race([refused.destroy(true), wait(FORGET_MS)]);
    if (!this.#reverting.delete(file)) return;
    this.open(file);
    const fresh = this.sessions.get().get(file);
    if (fresh) fresh.view = refused.view;
  }

  #take(file: string): DocSession | undefined {
    const session = this.sessions.get().get(file);
    if (!session) return undefined;
    const rest = new Map(this.sessions.get());
    rest.delete(file);
    this.sessions.set(rest);
    this.#collect();
    return session;
  }

  #collect(): void {
    this.statuses.set([...this.sessions.get().values()].map((s) => s.status.get()));
  }
}
