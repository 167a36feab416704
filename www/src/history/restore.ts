import type { DocSession } from '../realtime/docSession';
import type { RoomChannel } from '../realtime/roomChannel';

/** After the server's edit has come, other people's may keep the text from being that of the version. */
const OTHERS_MS = 1500;

/**
 * Asks the server to bring a version's text back and waits until it is in the document here.
 * Throws Error with a sentence.
 */
export function restore(
  channel: RoomChannel,
  session: DocSession,
  file: string,
  version: { seq: number; text: string },
): Promise<void> {
  const { doc, text } = session;
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = () => {
      clearTimeout(timer);
      doc.off('update', look);
      done();
      resolve();
    };
    const look = () => {
      if (text.toString() === version.text) end();
      else timer ??= setTimeout(end, OTHERS_MS);
    };
    const { refused, done } = channel.restore(file, version.seq);
    doc.on('update', look);
    refused.catch((error: unknown) => {
      clearTimeout(timer);
      doc.off('update', look);
      reject(error as Error);
    });
  });
}
