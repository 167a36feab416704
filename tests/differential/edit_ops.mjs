// Edits by the engine, and the same by Yjs: drawn as data (what a kept case holds), then done by both.
import * as Y from 'yjs'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { json, replica, same } from './compare.mjs'
import { openRoots, roots } from './edits.mjs'
import { attributes, bytes, pack, place, placeOf, string, typeAt, uint } from './edit_wire.mjs'

// An operation as data: its code in edit_peer.c, the type it is done to, and what that needs.  `values`: lib0's any, hex.
const CODES = { insert: 0, embed: 1, format: 2, delete: 3, values: 4, type: 5, set: 6, setType: 7, unset: 8 }

const any = (...values) => Buffer.from(pack(...values.map((v) => (e) => encoding.writeAny(e, v)))).toString('hex')
const anys = (hex) => {
  const d = decoding.createDecoder(Buffer.from(hex, 'hex'))
  const out = []
  while (decoding.hasContent(d)) out.push(decoding.readAny(d))
  return out
}

const wire = ({ op, on, at, len = 0, kind = 0, text = '', values, attrs = null }) => [
  uint(CODES[op]), place(on), typeof at === 'number' ? uint(at) : string(at), uint(len), uint(kind),
  bytes(values === undefined ? Buffer.from(text) : Buffer.from(values, 'hex')), attributes(attrs),
]

const made = (kind) => {
  switch (kind) {
    case 0: return new Y.Array()
    case 1: return new Y.Map()
    case 2: return new Y.Text()
    case 3: return new Y.XmlElement('em')
    default: return new Y.XmlText()
  }
}

// The same, done by Yjs.
const perform = (copy, { op, on, at, len, kind, text, values, attrs }) => {
  const type = typeAt(copy, on)
  const element = type instanceof Y.XmlElement
  switch (op) {
    case 'insert': return type.insert(at, text, attrs ?? undefined)
    case 'embed': return type.insertEmbed(at, JSON.parse(text), attrs)
    case 'format': return type.format(at, len, attrs)
    case 'delete': return type.delete(at, len)
    case 'values': return type.insert(at, anys(values))
    case 'type': return type.insert(at, [made(kind)])
    case 'set': return element ? type.setAttribute(at, anys(values)[0]) : type.set(at, anys(values)[0])
    case 'setType': return type.set(at, made(kind))
    default: return element ? type.removeAttribute(at) : type.delete(at)
  }
}

const words = ['a', 'bc', 'hello ', '\n', 'ä€', '漢字', '😀', '👩‍👩‍👧', 'e\u0301', '\u0000', '\ufeff']
const word = (r) => Array.from({ length: 1 + r.below(3) }, () => r.pick(words)).join('')
const value = (r) => r.pick([null, true, false, 0, -1, 63, 64, -65, 2147483647, -2147483648, 1e10, 0.5, 1 / 3, 1e300,
  word(r), [1, [word(r)]], { a: word(r), b: { c: [] } }, new Uint8Array([1, 2, 250])])

const plain = (text) => text.toDelta().map((d) => (typeof d.insert === 'string' ? d.insert : '*')).join('')
const offPair = (s, i) => (i > 0 && /[\ud800-\udbff]/.test(s[i - 1]) && /[\udc00-\udfff]/.test(s[i] ?? '') ? i - 1 : i)

const textOps = (r, text) => {
  const s = plain(text)
  const at = offPair(s, r.below(s.length + 1))
  const attrs = r.pick([null, null, { bold: true }, { bold: null }, { em: { x: 'ö' } }, {}])
  const to = offPair(s, at + r.below(s.length - at + 1))
  switch (r.below(6)) {
    case 0: case 1: {
      const w = word(r)
      return { op: 'insert', at, text: w, attrs }
    }
    case 2:
      return { op: 'embed', at, text: '{"image":"ü"}', attrs: attrs ?? {} }
    case 3: case 4: {
      const end = Math.min(to, offPair(s, Math.min(at + 8, s.length)))
      return end > at ? { op: 'delete', at, len: end - at } : null
    }
    default:
      return to > at && attrs ? { op: 'format', at, len: to - at, attrs } : null
  }
}

const listOps = (r, list) => {
  const at = r.below(list.length + 1)
  if (r.chance(30) && at < list.length) {
    const len = 1 + r.below(Math.min(3, list.length - at))
    return { op: 'delete', at, len }
  }
  if (list instanceof Y.XmlFragment || r.chance(30)) {
    const kind = list instanceof Y.XmlFragment ? r.pick([3, 6]) : r.pick([0, 1, 2, 3, 6])
    return { op: 'type', at, kind, text: 'em' }
  }
  const values = Array.from({ length: 1 + r.below(3) }, () => value(r))
  return { op: 'values', at, len: values.length, values: any(...values) }
}

const mapOps = (r, map) => {
  const element = map instanceof Y.XmlElement
  const key = r.pick(['a', 'b', 'ключ', '', 'new'])
  if (r.chance(25)) return { op: 'unset', at: key }
  if (r.chance(25) && !element) {
    const kind = r.pick([0, 1, 2, 6])
    return { op: 'setType', at: key, kind, text: 'em' }
  }
  return { op: 'set', at: key, values: any(element ? word(r) : value(r)) }
}

const isShared = (v) => v instanceof Y.AbstractType
export const descend = (r, type, depth = 0, own = 0) => {
  let children = []
  if (type instanceof Y.Map) children = [...type.values()].filter(isShared)
  else if (!(type instanceof Y.Text)) children = type.toArray().filter(isShared)
  children = children.filter((c) => c._item.id.client !== own) // the engine doesn't know what a copy made
  if (children.length === 0 || depth > 4 || r.chance(40)) return type
  return descend(r, r.pick(children), depth + 1, own)
}

const opOn = (r, type) => {
  if (type instanceof Y.Text) return textOps(r, type)
  if (type instanceof Y.Map) return mapOps(r, type)
  if (type instanceof Y.XmlElement && r.chance(40)) return mapOps(r, type)
  return listOps(r, type)
}

// Marks that change nothing may differ: texts are compared without the borders that they make.
const shown = (doc) => {
  const types = openRoots(doc)
  const deltas = ['text', 'code'].map((name) => {
    const out = []
    for (const d of types[name].toDelta()) {
      const last = out.at(-1)
      const same = last && typeof last.insert === 'string' && typeof d.insert === 'string' &&
        json(last.attributes ?? {}) === json(d.attributes ?? {})
      if (same) last.insert += d.insert
      else out.push({ ...d })
    }
    return out
  })
  const rest = [types.map.toJSON(), types.array.toJSON(), types.xml.toString()]
  return json([deltas, rest]).replace(/<\/(\w+)><\1( (?:[^>"\\]|\\"[^"]*\\")*)?>/g, '')
}

// One more that has the same.  Its roots are opened first: Yjs forgets that a root has formats as it learns its class.
export const copyOf = ({ doc }) => {
  const copy = { doc: replica() }
  copy.types = openRoots(copy.doc)
  Y.applyUpdate(copy.doc, Y.encodeStateAsUpdate(doc))
  return copy
}

// Some operations, as they are done one after the other.
export const drawOps = (r, mirror) => {
  const copy = copyOf(mirror)
  const ops = []
  copy.doc.transact(() => {
    for (let n = 1 + r.below(r.chance(30) ? 6 : 1); n > 0; n--) {
      const type = descend(r, copy.types[r.pick(Object.keys(roots))], 0, copy.doc.clientID)
      const one = opOn(r, type)
      if (!one) continue
      ops.push({ ...one, on: placeOf(type) })
      perform(copy, ops.at(-1))
    }
  })
  copy.doc.destroy()
  return ops
}

// The engine does them in one transaction; Yjs does the same to a copy.  Returns the update, null: nothing changed.
export const engineEdits = (peer, mirror, client, ops) => {
  const copy = copyOf(mirror)
  copy.doc.transact(() => ops.forEach((one) => perform(copy, one)))
  const update = peer.ok('E', pack(uint(client), uint(ops.length), ...ops.flatMap(wire)))
  if (update.length > 0) Y.applyUpdate(mirror.doc, update)
  same('results of edits', shown(mirror.doc), shown(copy.doc))
  copy.doc.destroy()
  return update.length > 0 ? update : null
}
