// Whether the C engine and Yjs hold the same document.
import * as Y from 'yjs'
import { Wrong } from './peer.mjs'

// A document that only takes in: stock Yjs deletes superfluous formats of nested texts by itself when remote changes
// come, which would be a change that the engine was not told of.
export const replica = ({ gc = true } = {}) => {
  const doc = new Y.Doc({ guid: 'replica', gc }) // drawing one takes 31 calls of the random generator
  doc.on('afterTransaction', (transaction) => {
    transaction._needFormattingCleanup = false
  })
  return doc
}

export const same = (what, a, b) => {
  if (a !== b) throw new Wrong(`${what} differ`, `:\n  engine ${a}\n  yjs    ${b}`)
}

const hex = (a) => Buffer.from(a).toString('hex')
const areEqual = (a, b) => Buffer.compare(a, b) === 0

export const sameBytes = (what, a, b) => {
  if (!areEqual(a, b)) same(what, hex(a), hex(b))
}

// State vectors by content: their order on the wire is free.
const clocks = (stateVector) =>
  JSON.stringify([...Y.decodeStateVector(stateVector)].sort((a, b) => a[0] - b[0]))

const deletes = (doc) => {
  const set = Y.createDeleteSetFromStructStore(doc.store)
  for (const ranges of set.clients.values()) {
    // ranges that touch are one
    for (let i = ranges.length - 1; i > 0; i--) {
      if (ranges[i - 1].clock + ranges[i - 1].len === ranges[i].clock) {
        ranges[i - 1].len += ranges[i].len
        ranges.splice(i, 1)
      }
    }
  }
  return JSON.stringify(
    [...set.clients].sort((a, b) => a[0] - b[0]).map(([c, r]) => [c, r.map((d) => [d.clock, d.len])]),
  )
}

// JSON that does not depend on the order of keys, and knows what JSON lacks.
export const json = (value) =>
  JSON.stringify(value, (_, v) => {
    if (v instanceof Uint8Array) return hex(v)
    if (typeof v === 'bigint') return `${v}n`
    if (v instanceof Y.Doc) return { guid: v.guid }
    if (v instanceof Y.AbstractType) return v.toJSON()
    if (v && typeof v === 'object' && !Array.isArray(v))
      return Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
    return v
  })

// What a reader sees, whatever class the roots were opened as: deltas with formats for lists, values for maps.
export const visible = (doc, roots) => {
  const out = {}
  for (const [name, kind] of Object.entries(roots)) {
    if (kind === 'text') out[name] = doc.getText(name).toDelta()
    else if (kind === 'map') out[name] = doc.getMap(name).toJSON()
    else if (kind === 'array') out[name] = doc.getArray(name).toJSON()
    else out[name] = doc.getXmlFragment(name).toString()
  }
  return json(out)
}

export const state = (doc, roots) => ({
  visible: visible(doc, roots),
  clocks: clocks(Y.encodeStateVector(doc)),
  deletes: deletes(doc),
})

export const sameState = (a, b) => {
  same('state vectors', a.clocks, b.clocks)
  same('delete sets', a.deletes, b.deletes)
  same('visible contents', a.visible, b.visible)
}

export const textRoots = (roots) => Object.keys(roots).filter((name) => roots[name] === 'text')
const textsOf = (doc, roots) => textRoots(roots).map((name) => doc.getText(name).toString())
const sameTexts = (mine, theirs, roots) =>
  textRoots(roots).forEach((name, i) => same(`text ${name}`, mine[i], theirs[i]))

// What an update holds of each client's clocks: contents, deleted ones, collected structs.
const kindsOf = (update) => {
  const kinds = new Map()
  for (const s of Y.decodeUpdate(update).structs) {
    const ref = s instanceof Y.GC ? 0 : s.content.getRef()
    const list = kinds.get(s.id.client) ?? []
    const last = list.at(-1)
    kinds.set(s.id.client, list)
    if (last?.ref === ref) last.len += s.length
    else list.push({ ref, len: s.length })
  }
  return JSON.stringify([...kinds].sort((a, b) => a[0] - b[0]))
}

// Whether two documents that keep what is deleted have kept the same.
export const sameKept = (mine, theirs) => same('kept contents', kindsOf(mine), kindsOf(theirs))

// What a stock client holds that got this update only.  The same bytes make the same document: the last few are kept.
const KEPT = 4
const kept = []
const stockClient = (full, roots) => {
  const known = kept.find((k) => k.roots === roots && areEqual(k.full, full))
  if (known) return known.client
  const doc = replica()
  Y.applyUpdate(doc, full)
  const client = { ...state(doc, roots), texts: textsOf(doc, roots) }
  doc.destroy()
  kept.unshift({ full, roots, client })
  kept.length = Math.min(kept.length, KEPT)
  return client
}

// Compare the peer with a Yjs document that got the same updates (`expected`: its state()).
export const sameDocument = (peer, expected, roots) => {
  const mine = peer.everything(textRoots(roots))
  same('state vectors (direct)', clocks(mine.stateVector), expected.clocks)
  const client = stockClient(mine.full, roots)
  sameState(client, expected)
  sameTexts(mine.texts, client.texts, roots)
}

// The same with the document itself and the peer's everything().  Where the engine's full state is, byte for byte, the
// one of Yjs, stock clients get the same document from both, and there is nothing to decode.
export const sameAs = (mine, doc, roots) => {
  same('state vectors (direct)', clocks(mine.stateVector), clocks(Y.encodeStateVector(doc)))
  const theirs = Y.encodeStateAsUpdate(doc)
  if (!areEqual(mine.full, theirs)) sameState(stockClient(mine.full, roots), stockClient(theirs, roots))
  sameTexts(mine.texts, textsOf(doc, roots), roots)
}

// An update in format v2 and back, byte for byte as Yjs has it; returns it as v1.  Not exact: an object may hold a key
// twice (two halves of pairs, both U+FFFD by now), of which Yjs drops one as it converts.
export const throughV2 = (peer, update, exact = true) => {
  const v2 = peer.toV2(update)
  if (exact) sameBytes('conversions to v2', v2, Y.convertUpdateFormatV1ToV2(update))
  const v1 = peer.toV1(v2)
  if (exact) sameBytes('conversions to v1', v1, Y.convertUpdateFormatV2ToV1(v2))
  return v1
}
