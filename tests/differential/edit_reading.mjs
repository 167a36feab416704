// What the engine reads, where its positions are, and what it says that an update would touch: as Yjs has it.
import * as Y from 'yjs'
import * as encoding from 'lib0/encoding'
import * as decoding from 'lib0/decoding'
import { json, replica } from './compare.mjs'
import { openRoots, roots } from './edits.mjs'
import { descend } from './edit_ops.mjs'
import { bytes, ok, pack, same, target, uint } from './edit_wire.mjs'

const kinds = { array: 0, map: 1, text: 2, xml: 4 }

// JSON of the engine in the form of compare.mjs: bytes are base64 in ours.
const ours = (text) => json(JSON.parse(text))
const canonical = (v) => {
  if (v instanceof Uint8Array) return Buffer.from(v).toString('base64')
  if (typeof v === 'bigint') return Number(v)
  if (v === undefined) return null
  if (v instanceof Y.Doc) return { guid: v.guid }
  if (v instanceof Y.AbstractType) return canonical(v instanceof Y.Map || v instanceof Y.Array ? shallow(v) : v.toJSON())
  if (Array.isArray(v)) return v.map(canonical)
  if (v && typeof v === 'object')
    return Object.fromEntries(Object.entries(v).filter(([, x]) => x !== undefined).map(([k, x]) => [k, canonical(x)]))
  return v === -Infinity || v === Infinity || Number.isNaN(v) ? null : v
}
const shallow = (v) => (v instanceof Y.Array ? v.toArray() : Object.fromEntries(v.entries()))

export const sameReading = async (peer, mirror) => {
  for (const [name, kind] of Object.entries(roots)) {
    const type = mirror.types[name]
    const { status, body } = await peer.send('j', pack(target(type), uint(kinds[kind])))
    if (status !== 0) { // a root that nobody has used
      if (type._start || type._map.size) throw new Error(`no root ${name}`)
      continue
    }
    // (Yjs takes an attribute of text that is a string apart into its characters.)
    same(`JSON of ${name}`, ours(body.toString()), json(canonical(type)).replaceAll(' 0=\\"y\\"', ''))
    if (kind === 'text')
      same(`delta of ${name}`, ours((await ok(peer, 'D', pack(target(type)))).toString()),
        json(type.toDelta().map(canonical)))
  }
}

// ---- positions ----

export const somePosition = async (r, peer, mirror) => {
  const type = descend(r, mirror.types[r.pick(['text', 'code', 'array', 'xml'])])
  if (type instanceof Y.Map) return null
  const index = r.below(type.length + 1)
  const assoc = r.pick([-1, 0, 1])
  const pos = Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(type, index, assoc))
  const mine = await ok(peer, 'r', pack(target(type), uint(index), uint(assoc + 1)))
  same('positions', Buffer.from(mine).toString('hex'), Buffer.from(pos).toString('hex'))
  return pos
}

export const samePosition = async (peer, mirror, pos) => {
  const abs = Y.createAbsolutePositionFromRelativePosition(Y.decodeRelativePosition(pos), mirror.doc, false)
  const { status, body } = await peer.send('R', pos)
  const there = status === 0
  if (there !== (abs !== null)) throw new Error(`a position resolves in one only: ${status}`)
  if (!abs) return
  const d = decoding.createDecoder(body)
  same('indexes', decoding.readVarUint(d), abs.index)
  same('types', Buffer.from(body.subarray(d.pos)).toString('hex'), Buffer.from(pack(target(abs.type))).toString('hex'))
}

// ---- what an update touches ----

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

// By trying: applied to a copy, is the part as it was?
const reallyTouches = (mirror, name, update, from, to) => {
  const copy = replica()
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(mirror.doc))
  const text = copy.getText(name)
  const before = units(text).slice(from, to)
  const beforeAttributes = attributesAt(text).slice(from, to)
  Y.applyUpdate(copy, update)
  const after = units(text)
  const at = after.indexOf(before[0])
  const yes = json(after.slice(at, at + before.length)) !== json(before) || at < 0 ||
    json(attributesAt(text).slice(at, at + before.length)) !== json(beforeAttributes)
  const waits = !!copy.store.pendingStructs || !!copy.store.pendingDs
  copy.destroy()
  return { yes, waits }
}

export const touchCounts = { yes: 0, no: 0, careful: 0 }

export const checkTouches = async (r, peer, mirror, update) => {
  const name = r.pick(['text', 'code'])
  const text = mirror.types[name]
  if (text.length < 2) return
  const from = r.below(text.length - 1)
  const to = from + 1 + r.below(Math.min(text.length - from, 12))
  const pos = (i, assoc) => bytes(Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(text, i, assoc)))
  const body = pack(uint(1), pos(from, 0), pos(to, -1), (e) => encoding.writeUint8Array(e, update))
  const said = (await ok(peer, 'T', body))[0] === 1
  const truth = reallyTouches(mirror, name, update, from, to)
  if (truth.yes && !said) throw new Error(`touches ${name} [${from}, ${to}), and the engine says no`)
  if (!truth.yes && said && !truth.waits) touchCounts.careful++
  touchCounts[said ? 'yes' : 'no']++
}

export const checkRoots = async (peer, mirror, update) => {
  const said = new Set((await ok(peer, 'o', update)).toString().split('\n').slice(0, -1))
  const copy = replica()
  const types = openRoots(copy)
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(mirror.doc))
  const changed = new Set()
  for (const [name, type] of Object.entries(types)) type.observeDeep(() => changed.add(name))
  Y.applyUpdate(copy, update)
  for (const name of changed) if (!said.has(name) && !said.has('?')) throw new Error(`changes ${name}, said ${[...said]}`)
  copy.destroy()
}
