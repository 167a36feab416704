// What the generators of vectors share: authors whose updates are logged, and the files' forms.
// The packages are those of tests/differential (npm ci there).
import { mkdirSync, writeFileSync } from 'node:fs'
import { replica } from '../differential/compare.mjs'
import { openRoots, randomEdit } from '../differential/edits.mjs'
import { makeRandom } from '../differential/random.mjs'
import { Y, encoding } from '../differential/yjs.mjs'

export { Y, encoding, makeRandom, replica }

export const peer = (clientId) => {
  const doc = new Y.Doc()
  doc.clientID = clientId
  const log = []
  doc.on('update', (update) => log.push(update))
  return { doc, log, text: doc.getText('text') }
}

// What three authors wrote in `steps` steps, in any order.
export const randomLog = (seed, steps, bias) => {
  const r = makeRandom(seed)
  const peers = [r.clientId(), r.clientId(), r.clientId()].map(peer)
  const log = []
  for (const p of peers) {
    p.types = openRoots(p.doc)
    p.doc.on('update', (update, origin) => origin !== 'remote' && log.push(update))
  }
  for (let i = 0; i < steps; i++) {
    const p = r.pick(peers)
    p.doc.transact(() => randomEdit(r, p.types, bias(r)))
    if (r.chance(40)) Y.applyUpdate(p.doc, Y.encodeStateAsUpdate(r.pick(peers).doc), 'remote')
  }
  return r.shuffled(log)
}

// Everything that was applied, in order, by a document that takes in only.
export const documentOf = (updates) => {
  const doc = replica()
  for (const update of updates) Y.applyUpdate(doc, update)
  return doc
}

// write(encoder) fills the file.
export const writeFile = (file, write) => {
  const e = encoding.createEncoder()
  write(e)
  writeFileSync(file, encoding.toUint8Array(e))
}

// The format of tests/vectors/ydoc/README.md.
export const writeVector = (file, updates) => {
  const doc = documentOf(updates)
  writeFile(file, (e) => {
    encoding.writeVarUint(e, updates.length)
    for (const update of updates) encoding.writeVarUint8Array(e, update)
    encoding.writeVarString(e, doc.getText('text').toString())
    encoding.writeVarUint8Array(e, Y.encodeStateVector(doc))
    encoding.writeVarUint8Array(e, Y.encodeStateAsUpdate(doc))
  })
}

const corpus = new URL('../fuzz/corpus/', import.meta.url)

// An input of tests/fuzz/fuzz_<target>.c.
export const putInput = (target, name, bytes) => {
  mkdirSync(new URL(`${target}/`, corpus), { recursive: true })
  writeFileSync(new URL(`${target}/${name}`, corpus), bytes)
}

// Parts in an input: 2 bytes length (little endian) and the part, again and again.
export const parts = (list) =>
  Buffer.concat(list.flatMap((u) => [Buffer.from([u.length & 255, u.length >> 8]), Buffer.from(u)]))
