// Whether the C engine and Yjs hold the same document.
import * as Y from 'yjs'
import * as encoding from 'lib0/encoding'

// A document that only takes in: stock Yjs deletes superfluous formats of nested texts by itself when remote changes
// come, which would be a change that the engine was not told of.
export const replica = () => {
  const doc = new Y.Doc()
  doc.on('afterTransaction', (transaction) => {
    transaction._needFormattingCleanup = false
  })
  return doc
}

const bytes = (a) => Buffer.from(a).toString('hex')

export const sameBytes = (what, a, b) => {
  if (Buffer.compare(a, b) !== 0) throw new Error(`${what} differ:\n  engine ${bytes(a)}\n  yjs    ${bytes(b)}`)
}

// State vectors by content: their order on the wire is free.
const clocks = (update) =>
  JSON.stringify([...Y.decodeStateVector(update)].sort((a, b) => a[0] - b[0]))

const deletes = (doc) => {
  const e = new Y.UpdateEncoderV1()
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
  encoding.writeVarUint(e.restEncoder, set.clients.size)
  return JSON.stringify(
    [...set.clients].sort((a, b) => a[0] - b[0]).map(([c, r]) => [c, r.map((d) => [d.clock, d.len])]),
  )
}

// JSON that does not depend on the order of keys, and knows what JSON lacks.
export const json = (value) =>
  JSON.stringify(value, (_, v) => {
    if (v instanceof Uint8Array) return bytes(v)
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

const same = (what, a, b) => {
  if (a !== b) throw new Error(`${what} differ:\n  engine ${a}\n  yjs    ${b}`)
}

export const sameState = (a, b) => {
  same('state vectors', a.clocks, b.clocks)
  same('delete sets', a.deletes, b.deletes)
  same('visible contents', a.visible, b.visible)
}

// Compare the peer with a Yjs document that got the same updates (`expected`: its state()).
export const sameDocument = async (peer, expected, roots) => {
  same('state vectors (direct)', clocks(await peer.stateVector()), expected.clocks)
  const doc = replica()
  Y.applyUpdate(doc, await peer.diff())
  sameState(state(doc, roots), expected)
  for (const [name, kind] of Object.entries(roots)) {
    if (kind === 'text') same(`text ${name}`, await peer.text(name), doc.getText(name).toString())
  }
  doc.destroy()
}

// An update in format v2 and back, byte for byte as Yjs has it; returns it as v1.  Not exact: an object may hold a key
// twice (two halves of pairs, both U+FFFD by now), of which Yjs drops one as it converts.
export const throughV2 = async (peer, update, exact = true) => {
  const v2 = await peer.toV2(update)
  if (exact) sameBytes('conversions to v2', v2, Y.convertUpdateFormatV1ToV2(update))
  const v1 = await peer.toV1(v2)
  if (exact) sameBytes('conversions to v1', v1, Y.convertUpdateFormatV2ToV1(v2))
  return v1
}
