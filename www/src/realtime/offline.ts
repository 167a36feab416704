import { IndexeddbPersistence } from 'y-indexeddb';
import type * as Y from 'yjs';

const PREFIX = 'coderoom-doc:';

/** The copy of one document in this browser, so that reading and editing go on without a line. */
export function keepOffline(user: string, room: string, file: string, doc: Y.Doc) {
  return new IndexeddbPersistence(`${PREFIX}${user}:${room}:${file}`, doc);
}

/** Throws its updates away. (Deleting the database would wait for other tabs that have it open.) */
export async function emptyCopy(copy: IndexeddbPersistence): Promise<void> {
  await copy.whenSynced;
  await new Promise<void>((resolve) => {
    const work = copy.db?.transaction(['updates'], 'readwrite');
    work?.objectStore('updates').clear();
    if (!work) return resolve();
    work.oncomplete = work.onabort = () => resolve();
  });
}

/** Forget all copies of documents, at sign-out. Other tabs that hold one open delay theirs. */
export async function forgetOffline(): Promise<void> {
  if (typeof indexedDB === 'undefined' || !indexedDB.databases) return;
  for (const { name } of await indexedDB.databases()) {
    if (name?.startsWith(PREFIX)) indexedDB.deleteDatabase(name);
  }
}
