// What the engine reads and where its positions are: as Yjs has it.
import * as Y from 'yjs'
import * as decoding from 'lib0/decoding'
import { json, same, sameBytes } from './compare.mjs'
import { roots } from './edits.mjs'
import { descend } from './edit_ops.mjs'
import { Wrong } from './peer.mjs'
import { pack, place, placeOf, target, typeAt, uint } from './edit_wire.mjs'

const kinds = { array: 0, map: 1, text: 2, xml: 4 }

// JSON of the engine in the form of canonical(): integers that are no JavaScript numbers keep their digits.
const wide = (number) => (/^-?\d+$/.test(number) && !Number.isSafeInteger(Number(number)) ? `"${number}n"` : number)
const ours = (text) =>
  json(JSON.parse(text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) => (token[0] === '"' ? token : wide(token)))))

// What Yjs has in the form of the engine's JSON: bytes are base64, big integers are numbers.
const canonical = (v) => {
  if (v instanceof Uint8Array) return Buffer.from(v).toString('base64')
  if (typeof v === 'bigint') return Number.isSafeInteger(Number(v)) ? Number(v) : `${v}n`
  if (v === undefined) return null
  if (v instanceof Y.Doc) return { guid: v.guid }
  if (v instanceof Y.AbstractType) return canonical(v instanceof Y.Map || v instanceof Y.Array ? shallow(v) : v.toJSON())
  if (Array.isArray(v)) return v.map(canonical)
  if (v && typeof v === 'object')
    return Object.fromEntries(Object.entries(v).filter(([, x]) => x !== undefined).map(([k, x]) => [k, canonical(x)]))
  return v === -Infinity || v === Infinity || Number.isNaN(v) ? null : v
}
const shallow = (v) => (v instanceof Y.Array ? v.toArray() : Object.fromEntries(v.entries()))

export const sameReading = (peer, mirror) => {
  for (const [name, kind] of Object.entries(roots)) {
    const type = mirror.types[name]
    const { status, body } = peer.send('j', pack(target(type), uint(kinds[kind])))
    if (status !== 0) { // a root that nobody has used
      if (type._start || type._map.size) throw new Wrong(`no root ${name}`)
      continue
    }
    same(`JSON of ${name}`, ours(body.toString()), json(canonical(type)))
    if (kind === 'text')
      same(`delta of ${name}`, ours(peer.ok('D', pack(target(type))).toString()), json(type.toDelta().map(canonical)))
  }
}

// ---- positions ----

// Where one could be: { on, at, assoc }, or null.
export const somePlace = (r, mirror) => {
  const type = descend(r, mirror.types[r.pick(['text', 'code', 'array', 'xml'])])
  if (type instanceof Y.Map) return null
  return { on: placeOf(type), at: r.below(type.length + 1), assoc: r.pick([-1, 0, 1]) }
}

// The position there, which both make.
export const positionAt = (peer, mirror, { on, at, assoc }) => {
  const pos = Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(typeAt(mirror, on), at, assoc))
  const mine = peer.ok('r', pack(place(on), uint(at), uint(assoc + 1)))
  sameBytes('positions', mine, pos)
  return pos
}

export const samePosition = (peer, mirror, pos) => {
  const abs = Y.createAbsolutePositionFromRelativePosition(Y.decodeRelativePosition(pos), mirror.doc, false)
  const { status, body } = peer.send('R', pos)
  const there = status === 0
  if (there !== (abs !== null)) throw new Wrong('a position resolves in one only', `: ${status}`)
  if (!abs) return
  const d = decoding.createDecoder(body)
  same('indexes', decoding.readVarUint(d), abs.index)
  same('types', body.subarray(d.pos).toString('hex'), Buffer.from(pack(target(abs.type))).toString('hex'))
}
