import * as Y from 'yjs';

/** An edit of a text as its author knows it: what was written, and where. */
export interface EditWords {
  /** What it inserted; '' when it only deleted. */
  text: string;
  /** Counted from 1, as the text is now. */
  line: number;
}

/** What an update of `text`'s document did to that text; null when it did nothing to it. */
export function editWords(text: Y.Text, update: Uint8Array): EditWords | null {
  const { structs, ds } = Y.decodeUpdate(update);
  let at: number | null = null;
  let inserted = '';
  for (const s of structs) {
    if (!(s instanceof Y.Item) || !(s.content instanceof Y.ContentString)) continue;
    const here = indexOf(text, s.id.client, s.id.clock);
    if (here === null) continue;
    at ??= here;
    inserted += s.content.str;
  }
  for (const [client, ranges] of ds.clients) {
    for (const range of ranges) at ??= indexOf(text, client, range.clock);
  }
  if (at === null) return null;
  return { text: inserted, line: text.toString().slice(0, at).split('\n').length };
}

/** Where a unit is in the text, or would be if it was not deleted. */
function indexOf(text: Y.Text, client: number, clock: number): number | null {
  if (!text.doc) return null;
  try {
    const position = Y.createRelativePositionFromJSON({ item: { client, clock } });
    const found = Y.createAbsolutePositionFromRelativePosition(position, text.doc);
    return found?.type === text ? found.index : null;
  } catch {
    return null; // not in the document
  }
}
