import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { editWords } from './editWords';

function edited(change: (text: Y.Text, doc: Y.Doc) => void) {
  const doc = new Y.Doc();
  const text = doc.getText('text');
  text.insert(0, 'one\ntwo\nthree\n');
  let update: Uint8Array = new Uint8Array();
  doc.on('update', (u: Uint8Array) => (update = u));
  change(text, doc);
  return { text, words: editWords(text, update), update };
}

test('says what was written, and in which line', () => {
  expect(edited((text) => text.insert(5, 'EVIL')).words).toEqual({ text: 'EVIL', line: 2 });
});

test('knows it still when it was taken out again', () => {
  const { text, update } = edited((t) => t.insert(5, 'EVIL'));
  text.delete(5, 4);
  text.insert(0, 'zero\n');
  expect(editWords(text, update)).toEqual({ text: 'EVIL', line: 3 });
});

test('says where something was deleted', () => {
  expect(edited((text) => text.delete(9, 2)).words).toEqual({ text: '', line: 3 });
});

test('says nothing of what is not in the text', () => {
  expect(edited((_, doc) => doc.getMap('protected').set('x', 1)).words).toBeNull();
});
