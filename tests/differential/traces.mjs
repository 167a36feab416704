// Replay recorded documents (yjs-compat-small.bin): each in order, shuffled, shuffled with duplicates, and that merged in random groups
// and sent through format v2.
import { readFileSync } from 'node:fs'
import * as Y from 'yjs'
import * as decoding from 'lib0/decoding'
import { json, replica, sameBytes, sameDocument, state, throughV2 } from './compare.mjs'
import { Wrong } from './peer.mjs'

const roots = { text: 'text', map: 'map', array: 'array' }

// The recorded result, and the same three from a document, in one comparable form.
const plain = (text, from) => {
  const doc = from instanceof Y.Doc
  const map = doc ? from.getMap('map').toJSON() : from.map
  const array = doc ? from.getArray('array').toJSON() : from.array
  return json({ text, map, array })
}

const replay = (peer, updates, expected) => {
  peer.reset()
  for (const update of updates) peer.apply(update)
  sameDocument(peer, expected, roots)
}

const readCase = (decoder) => {
  const updates = []
  for (let n = decoding.readVarUint(decoder); n > 0; n--)
    updates.push(decoding.readVarUint8Array(decoder))
  const text = decoding.readVarString(decoder)
  return { updates, text, map: decoding.readAny(decoder), array: decoding.readAny(decoder) }
}

// In random groups, each merged to one update, and those sent through format v2.
const glued = (peer, random, updates) => {
  const out = []
  for (let rest = updates; rest.length > 0;) {
    const n = 1 + random.below(Math.min(rest.length, 12))
    out.push(throughV2(peer, peer.merge(rest.slice(0, n))))
    rest = rest.slice(n)
  }
  return out
}

export const runTraces = (peer, directory, random) => {
  const decoder = decoding.createDecoder(readFileSync(`${directory}/yjs-compat-small.bin`))
  const count = decoding.readVarUint(decoder)
  const summary = { schedules: 0, failed: 0, updates: 0 }
  for (let i = 0; i < count; i++) {
    const recorded = readCase(decoder)
    summary.updates += recorded.updates.length
    const doc = replica()
    for (const update of recorded.updates) Y.applyUpdate(doc, update)
    const expected = state(doc, roots)
    try {
      if (plain(doc.getText('text').toString(), doc) !== plain(recorded.text, recorded))
        throw new Error('Yjs itself differs')
      replay(peer, recorded.updates, expected)
      sameBytes('states as v2', peer.diffV2(), Y.encodeStateAsUpdateV2(doc))
      replay(peer, random.shuffled(recorded.updates), expected)
      const twice = random.shuffled([...recorded.updates, ...recorded.updates])
      replay(peer, twice, expected)
      replay(peer, glued(peer, random, twice), expected)
      if (peer.text('text') !== recorded.text) throw new Wrong('text differs')
      summary.schedules++
    } catch (err) {
      summary.failed++
      if (summary.failed <= 5) console.error(`recorded document ${i}: ${err.message}`)
      if (peer.ended) throw err
    }
    doc.destroy()
  }
  return summary
}
