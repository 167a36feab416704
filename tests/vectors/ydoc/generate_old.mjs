// Makes the vectors old-*.bin: what three clients of an old release of Yjs wrote, an array, a map and a text each.
//   for v in 13.0.0 13.4.0; do npm install --prefix /tmp/yjs-$v yjs@$v; node generate_old.mjs /tmp/yjs-$v $v; done
// What that release itself shows in the end is what today's Yjs shows of its updates.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { json } from '../../differential/compare.mjs'
import { documentOf, makeRandom, writeVector } from '../peer.mjs'

const [folder, release] = process.argv.slice(2)
const Old = createRequire(`${folder}/`)('yjs')

const words = ['a', 'xyz', 'ü', '漢字', '😀', ' ', '\n']
const values = [[null], true, -1, 64, 2 ** 31, 0.5, 1e300, 'ü😀', [1, ['two']], { a: { b: [] } }, new Uint8Array([0, 255])]
const child = (r) => r.pick([() => new Old.Array(), () => new Old.Map(), () => new Old.Text('inner 😀')])()

const edits = {
  array: (r, doc) => {
    const array = doc.getArray('array')
    const at = r.below(array.length + 1)
    if (at < array.length && r.chance(40)) array.delete(at, 1 + r.below(Math.min(3, array.length - at)))
    else array.insert(at, r.chance(20) ? [child(r)] : [r.pick(values), r.pick(values)])
    const nested = array.toArray().find((v) => v instanceof Old.Array)
    if (nested && r.chance(50)) nested.insert(r.below(nested.length + 1), [r.pick(values)])
  },
  map: (r, doc) => {
    const map = doc.getMap('map')
    const key = r.pick(['a', 'b', 'ключ', ''])
    if (r.chance(25)) map.delete(key)
    else map.set(key, r.chance(30) ? child(r) : r.pick(values))
    const nested = [...map.keys()].map((k) => map.get(k)).find((v) => v instanceof Old.Map)
    if (nested && r.chance(50)) nested.set('in', r.pick(values))
  },
  text: (r, doc) => {
    const text = doc.getText('text')
    const at = r.below(text.length + 1)
    const len = r.below(Math.min(6, text.length - at) + 1)
    const what = r.below(10)
    if (what < 5) text.insert(at, r.pick(words) + r.pick(words))
    else if (what < 7) text.delete(at, len)
    else if (what < 9) text.format(at, len, r.pick([{ bold: true }, { bold: null }, { color: 'red' }]))
    else text.insertEmbed(at, { image: 'ü.png' })
  },
}

// The old releases keep the halves of a pair that was cut, where today's has U+FFFD, and some tell no formats of embeds.
const delta = (text) => text.toDelta().map((d) => (typeof d.insert === 'string' ? d : { insert: d.insert }))
const shown = (doc) => json([delta(doc.getText('text')), doc.getArray('array').toJSON(), doc.getMap('map').toJSON()])
  .replace(/\\ud[89a-f][0-9a-f]{2}/g, '\ufffd')

const write = (edit, seed) => {
  const r = makeRandom(seed)
  const log = []
  const docs = [1, 300, 2 ** 32 - 1].map((id) => {
    const doc = new Old.Doc()
    doc.clientID = id
    doc.on('update', (update, origin) => origin !== 'remote' && log.push(update))
    return doc
  })
  for (let i = 0; i < 60; i++) {
    edit(r, r.pick(docs))
    if (r.chance(40)) Old.applyUpdate(r.pick(docs), Old.encodeStateAsUpdate(r.pick(docs)), 'remote')
  }
  for (let round = 0; round < 2; round++)
    for (const a of docs) for (const b of docs) Old.applyUpdate(a, Old.encodeStateAsUpdate(b), 'remote')
  return { log, doc: docs[0] }
}

for (const [seed, [name, edit]] of Object.entries(edits).entries()) {
  const { log, doc } = write(edit, Number(release.replace(/\D/g, '')) + seed)
  assert.equal(shown(documentOf(log)), shown(doc))
  writeVector(new URL(`old-${release}-${name}.bin`, import.meta.url), log)
}
