// Edits by the engine, and the same by Yjs.
import * as Y from 'yjs'
import * as encoding from 'lib0/encoding'
import { json, replica, same } from './compare.mjs'
import { openRoots, roots } from './edits.mjs'
import { attributes, bytes, pack, string, target, uint } from './edit_wire.mjs'

const nothing = new Uint8Array(0)
// An operation: its form for the engine, and the same done by Yjs to the type of another document.
const op = (code, type, at, { len = 0, kind = 0, text = nothing, attrs = null }, js) => ({
  wire: [uint(code), target(type), typeof at === 'number' ? uint(at) : string(at), uint(len), uint(kind), bytes(text),
    attributes(attrs)],
  js: () => js(type),
})
const utf8 = (s) => new TextEncoder().encode(s)
const any = (...values) => pack(...values.map((v) => (e) => encoding.writeAny(e, v)))

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
      return op(0, text, at, { text: utf8(w), attrs }, (t) => t.insert(at, w, attrs ?? undefined))
    }
    case 2:
      return op(1, text, at, { text: utf8('{"image":"ü"}'), attrs: attrs ?? {} },
        (t) => t.insertEmbed(at, { image: 'ü' }, attrs ?? {}))
    case 3: case 4: {
      const end = Math.min(to, offPair(s, Math.min(at + 8, s.length)))
      return end > at ? op(3, text, at, { len: end - at }, (t) => t.delete(at, end - at)) : null
    }
    default:
      return to > at && attrs ? op(2, text, at, { len: to - at, attrs }, (t) => t.format(at, to - at, attrs)) : null
  }
}

const made = (kind) => {
  switch (kind) {
    case 0: return new Y.Array()
    case 1: return new Y.Map()
    case 2: return new Y.Text()
    case 3: return new Y.XmlElement('em')
    default: return new Y.XmlText()
  }
}

const listOps = (r, list) => {
  const at = r.below(list.length + 1)
  if (r.chance(30) && at < list.length) {
    const len = 1 + r.below(Math.min(3, list.length - at))
    return op(3, list, at, { len }, (l) => l.delete(at, len))
  }
  if (list instanceof Y.XmlFragment || r.chance(30)) {
    const kind = list instanceof Y.XmlFragment ? r.pick([3, 6]) : r.pick([0, 1, 2, 3, 6])
    return op(5, list, at, { kind, text: utf8('em') }, (l) => l.insert(at, [made(kind)]))
  }
  const values = Array.from({ length: 1 + r.below(3) }, () => value(r))
  return op(4, list, at, { len: values.length, text: any(...values) }, (l) => l.insert(at, values))
}

const mapOps = (r, map) => {
  const element = map instanceof Y.XmlElement
  const key = r.pick(['a', 'b', 'ключ', '', 'new'])
  if (r.chance(25)) return op(8, map, key, {}, (m) => (element ? m.removeAttribute(key) : m.delete(key)))
  if (r.chance(25) && !element) {
    const kind = r.pick([0, 1, 2, 6])
    return op(7, map, key, { kind, text: utf8('em') }, (m) => m.set(key, made(kind)))
  }
  const v = element ? word(r) : value(r)
  return op(6, map, key, { text: any(v) }, (m) => (element ? m.setAttribute(key, v) : m.set(key, v)))
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

const oneOp = (r, mirror) => {
  const type = descend(r, mirror.types[r.pick(Object.keys(roots))], 0, mirror.doc.clientID)
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

// The engine edits, some operations in one transaction; Yjs does the same to a copy.
export const engineEdits = (r, peer, mirror, client) => {
  const copy = copyOf(mirror)
  const wires = []
  copy.doc.transact(() => {
    for (let n = 1 + r.below(r.chance(30) ? 6 : 1); n > 0; n--) {
      const one = oneOp(r, copy)
      if (!one) continue
      wires.push(one.wire)
      one.js()
    }
  })
  const update = peer.ok('E', pack(uint(client), uint(wires.length), ...wires.flat()))
  if (update.length > 0) Y.applyUpdate(mirror.doc, update)
  same('results of edits', shown(mirror.doc), shown(copy.doc))
  copy.doc.destroy()
  return update.length > 0 ? update : null
}
