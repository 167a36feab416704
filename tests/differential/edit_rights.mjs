// What the engine says that an update would change, before it is applied: as it turns out.
import * as Y from 'yjs'
import * as encoding from 'lib0/encoding'
import { json } from './compare.mjs'
import { Wrong } from './peer.mjs'
import { bytes, pack, uint } from './edit_wire.mjs'

// Each unit that is there, by its id.
export const units = (text) => {
  const out = []
  for (let item = text._start; item; item = item.right) {
    if (item.deleted || !item.countable) continue
    for (let i = 0; i < item.length; i++) out.push(`${item.id.client}:${item.id.clock + i}`)
  }
  return out
}

const attributesAt = (text) => {
  const out = []
  const keys = (a) => JSON.stringify(Object.entries(a ?? {}).sort())
  for (const d of text.toDelta())
    for (let i = 0; i < (typeof d.insert === 'string' ? d.insert.length : 1); i++) out.push(keys(d.attributes))
  return out
}

export const waits = (doc) => !!doc.store.pendingStructs || !!doc.store.pendingDs

// Answers that were right to be no, and those of them that were yes, to be on the safe side.
const counts = { touches: { no: 0, careful: 0 }, roots: { no: 0, careful: 0 } }
const count = (which, said) => {
  counts[which].no++
  if (said) counts[which].careful++
}

// ---- a part of a text ----

// A part of a text to ask about: { name, from, to }, or null.
export const somePart = (r, mirror) => {
  const name = r.pick(['text', 'code'])
  const { length } = mirror.types[name]
  if (length < 2) return null
  const from = r.below(length - 1)
  return { name, from, to: from + 1 + r.below(Math.min(length - from, 12)) }
}

export const askTouches = (peer, mirror, update, { name, from, to }) => {
  const text = mirror.types[name]
  const pos = (i, assoc) => bytes(Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(text, i, assoc)))
  const body = pack(uint(1), pos(from, 0), pos(to, -1), (e) => encoding.writeUint8Array(e, update))
  const said = peer.ok('T', body)[0] === 1
  return { name, from, to, said, units: units(text).slice(from, to), attributes: attributesAt(text).slice(from, to) }
}

// By what happened: is the part as it was?
const judgeTouches = (mirror, { name, from, to, said, ...before }) => {
  const text = mirror.types[name]
  const after = units(text)
  const at = after.indexOf(before.units[0])
  const end = at + before.units.length
  const touched = at < 0 || json(after.slice(at, end)) !== json(before.units) ||
    json(attributesAt(text).slice(at, end)) !== json(before.attributes)
  if (touched && !said) throw new Wrong(`touches ${name}, and the engine says no`, `: [${from}, ${to})`)
  if (!touched && !waits(mirror.doc)) count('touches', said)
}

// ---- whole roots ----

export const askRoots = (peer, update) => new Set(peer.ok('o', update).toString().split('\n').slice(0, -1))

const judgeRoots = (mirror, said) => {
  const unknown = said.has('?')
  for (const name of mirror.changed)
    if (!said.has(name) && !unknown) throw new Wrong(`changes ${name}, and the engine says no`, `: ${[...said]}`)
  if (waits(mirror.doc)) return
  for (const name of Object.keys(mirror.types)) if (!mirror.changed.has(name)) count('roots', unknown || said.has(name))
}

// The mirror has got the update: mirror.changed names the roots that it changed.
export const judge = (mirror, { touches, roots }) => {
  if (touches) judgeTouches(mirror, touches)
  if (roots) judgeRoots(mirror, roots)
}

const QUESTIONS_MIN = 500
const CAREFUL_MAX = 0.1

// Says how careful the answers were; too much so is a failure, as an engine that always says yes would be of no use.
export const tellRights = (sum) => {
  let failed = 0
  for (const [which, { no, careful }] of Object.entries(counts)) {
    const bad = no >= QUESTIONS_MIN && careful > CAREFUL_MAX * no
    if (bad) failed++
    console.log(`${which}: ${careful} of ${no} that changed nothing were answered yes${bad ? ': too many' : ''}`)
  }
  return { ...sum, failed: sum.failed + failed }
}
