// The C engine as one more author among Yjs clients: it writes, reads, and keeps positions.  See run-edit.sh.
import * as Y from 'yjs'
import * as encoding from 'lib0/encoding'
import * as decoding from 'lib0/decoding'
import { replica, json, state, sameState } from './compare.mjs'
import { openRoots, randomEdit, roots } from './edits.mjs'
import { Peer } from './peer.mjs'
import { makeRandom } from './random.mjs'

const kinds = { array: 0, map: 1, text: 2, xml: 4 }

const pack = (...writes) => {
  const e = encoding.createEncoder()
  for (const write of writes) write(e)
  return encoding.toUint8Array(e)
}
const uint = (n) => (e) => encoding.writeVarUint(e, n)
const bytes = (b) => (e) => encoding.writeVarUint8Array(e, b)
const string = (s) => (e) => encoding.writeVarString(e, s)
const target = (type) => (e) => {
  if (type._item) {
    encoding.writeVarUint(e, 0)
    encoding.writeVarUint(e, type._item.id.client)
    encoding.writeVarUint(e, type._item.id.clock)
  } else {
    encoding.writeVarUint(e, 1)
    encoding.writeVarString(e, Y.findRootTypeKey(type))
  }
}
const attributes = (a) => (e) => {
  encoding.writeVarUint(e, a ? 1 : 0)
  if (!a) return
  encoding.writeVarUint(e, Object.keys(a).length)
  for (const [key, value] of Object.entries(a)) {
    encoding.writeVarString(e, key)
    encoding.writeVarString(e, JSON.stringify(value))
  }
}

const same = (what, a, b) => {
  if (a !== b) throw new Error(`${what} differ:\n  engine ${a}\n  yjs    ${b}`)
}

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
const descend = (r, type, depth = 0, own = 0) => {
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

const ok = async (peer, command, body) => {
  const { status, body: out } = await peer.send(command, body)
  if (status !== 0) throw new Error(`command ${command} failed with ${status}`)
  return out
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

// The engine edits, some operations in one transaction; Yjs does the same to a copy.
const engineEdits = async (r, peer, mirror, client) => {
  const copy = { doc: replica() }
  copy.types = openRoots(copy.doc)
  Y.applyUpdate(copy.doc, Y.encodeStateAsUpdate(mirror.doc))
  const wires = []
  copy.doc.transact(() => {
    for (let n = 1 + r.below(r.chance(30) ? 6 : 1); n > 0; n--) {
      const one = oneOp(r, copy)
      if (!one) continue
      wires.push(one.wire)
      one.js()
    }
  })
  const update = await ok(peer, 'E', pack(uint(client), uint(wires.length), ...wires.flat()))
  if (update.length > 0) Y.applyUpdate(mirror.doc, update)
  same('results of edits', shown(mirror.doc), shown(copy.doc))
  copy.doc.destroy()
  return update.length > 0 ? new Uint8Array(update) : null
}

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

const sameReading = async (peer, mirror) => {
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

const somePosition = async (r, peer, mirror) => {
  const type = descend(r, mirror.types[r.pick(['text', 'code', 'array', 'xml'])])
  if (type instanceof Y.Map) return null
  const index = r.below(type.length + 1)
  const assoc = r.pick([-1, 0, 1])
  const pos = Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(type, index, assoc))
  const mine = await ok(peer, 'r', pack(target(type), uint(index), uint(assoc + 1)))
  same('positions', Buffer.from(mine).toString('hex'), Buffer.from(pos).toString('hex'))
  return pos
}

const samePosition = async (peer, mirror, pos) => {
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

const units = (text) => {
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

const checkTouches = async (r, peer, mirror, update) => {
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

const checkRoots = async (peer, mirror, update) => {
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

// ---- events ----

// Adjacent changes of the same kind and attributes are one, whoever wrote them.
const joined = (delta) => {
  const out = []
  for (const d of delta) {
    const last = out[out.length - 1]
    if (last && last.kind === d.kind && json(last.attributes) === json(d.attributes)) last.len += d.len
    else out.push({ ...d })
  }
  return out
}

const length = (insert) => (typeof insert === 'string' || Array.isArray(insert) ? insert.length : 1)

// All texts of a document with what they hold: attributes of each unit.
const texts = (doc, types) => {
  const found = Object.values(types).filter((t) => t instanceof Y.Text)
  for (const structs of doc.store.clients.values())
    for (const s of structs) if (s.content?.type instanceof Y.Text && !s.deleted) found.push(s.content.type)
  return new Map(found.map((t) => [t, flat(t)]))
}
const flat = (text) => {
  const at = []
  for (const d of text.toDelta())
    for (let i = 0; i < (typeof d.insert === 'string' ? d.insert.length : 1); i++) at.push(d.attributes ?? {})
  return { ids: units(text), at }
}

// What really changed: Yjs's own delta says attributes of text that had them before, when marks are doubled.
const difference = (before, after) => {
  const out = []
  const left = new Set(after.ids)
  const was = new Map(before.ids.map((id, i) => [id, i]))
  const drop = (i) => {
    for (; i < before.ids.length && !left.has(before.ids[i]); i++) out.push({ kind: 'delete', len: 1, attributes: {} })
  }
  drop(0)
  after.ids.forEach((id, i) => {
    const now = after.at[i]
    if (!was.has(id)) {
      out.push({ kind: 'insert', len: 1, attributes: now })
      return
    }
    const old = before.at[was.get(id)]
    const attributes = {}
    for (const key of new Set([...Object.keys(now), ...Object.keys(old)]))
      if (json(now[key] ?? null) !== json(old[key] ?? null)) attributes[key] = now[key] ?? null
    out.push({ kind: 'retain', len: 1, attributes })
    drop(was.get(id) + 1)
  })
  const delta = ordered(joined(out))
  while (delta.length > 0 && delta.at(-1).kind === 'retain' && json(delta.at(-1).attributes) === '{}') delta.pop()
  return delta
}

// Between two retains: first what went, then what came.
const ordered = (delta) => {
  const out = []
  for (const d of delta) {
    let at = out.length
    while (d.kind === 'delete' && at > 0 && out[at - 1].kind === 'insert') at--
    out.splice(at, 0, d)
  }
  return joined(out)
}

const theirEvents = (doc, types, update) => {
  const seen = []
  const before = texts(doc, types)
  const changed = []
  for (const [name, type] of Object.entries(types)) {
    type.observeDeep((events) => {
      for (const event of events) {
        // Asking a text's event for its delta deletes superfluous marks, which is an event of its own.
        if (changed.some(([text]) => text === event.target)) continue
        const delta = event.changes.delta.map((d) => {
          const kind = ['retain', 'insert', 'delete'].find((k) => d[k] !== undefined)
          return { kind, len: kind === 'insert' ? length(d.insert) : d[kind], attributes: d.attributes ?? {} }
        })
        const keys = Object.fromEntries([...event.changes.keys].map(([k, v]) => [k, v.action]))
        const e = { path: [name, ...event.path], keys, delta: ordered(joined(delta)) }
        if (event.target instanceof Y.Text) changed.push([event.target, e])
        seen.push(e)
      }
    })
  }
  Y.applyUpdate(doc, update)
  for (const [text, e] of changed) {
    const plain = [...e.delta].every((d) => json(d.attributes) === '{}')
    const really = difference(before.get(text), flat(text))
    if (plain && json(really) !== json(e.delta)) throw new Error(`the test itself: ${json(e.delta)} / ${json(really)}`)
    e.delta = really
  }
  return seen
}

const ourEvents = (text, clients) => JSON.parse(text).slice(0, -1).map((e) => {
  let index = 0
  for (const d of e.delta.slice(0, -1)) {
    if (d.index !== index) throw new Error(`index ${d.index} instead of ${index}`)
    index += d.retain ?? d.insert ?? 0
    if (d.insert && !clients.has(d.client)) throw new Error(`author ${d.client}`)
  }
  const delta = e.delta.slice(0, -1).map((d) => {
    const kind = ['retain', 'insert', 'delete'].find((k) => d[k] !== undefined)
    return { kind, len: d[kind], attributes: d.attributes ?? {} }
  })
  return { path: e.path, keys: e.keys, delta: ordered(joined(delta)) }
})

const listed = (events) => events.filter((e) => e.delta.length > 0 || Object.keys(e.keys).length > 0).map(json).sort().join('\n')

const applyWithEvents = async (peer, mirror, update) => {
  const copy = replica()
  const types = openRoots(copy)
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(mirror.doc))
  const expected = theirEvents(copy, types, update)
  const clients = new Set([...copy.store.clients.keys()])
  const mine = ourEvents((await ok(peer, 'v', update)).toString(), clients)
  same('events', listed(mine), listed(expected))
  copy.destroy()
}

// ---- snapshots ----

// A document that keeps what is deleted, in the engine and in Yjs: the same moments, and the same text at each.
export const runSnapshots = async (peer, seed) => {
  const r = makeRandom(seed)
  const doc = new Y.Doc({ gc: false })
  doc.clientID = r.clientId()
  const types = openRoots(doc)
  await peer.send('n', new Uint8Array(1))
  const updates = []
  doc.on('update', (update) => updates.push(update))
  const moments = []
  const other = new Y.Doc({ gc: false })
  other.clientID = r.clientId()
  const otherTypes = openRoots(other)
  for (let i = 0; i < 15; i++) {
    doc.transact(() => randomEdit(r, types, 'text'))
    if (r.chance(30)) {
      Y.applyUpdate(other, Y.encodeStateAsUpdate(doc))
      other.transact(() => randomEdit(r, otherTypes, 'code'))
      Y.applyUpdate(doc, Y.encodeStateAsUpdate(other))
    }
    for (const update of updates.splice(0)) await ok(peer, 'a', update)
    if (r.chance(40)) {
      const theirs = Y.snapshot(doc)
      const mine = Y.decodeSnapshot(await ok(peer, 'S'))
      if (!Y.equalSnapshots(mine, theirs)) throw new Error('snapshots differ')
      moments.push(Y.encodeSnapshot(theirs))
    }
  }
  for (const moment of moments) {
    const mine = replica()
    Y.applyUpdate(mine, await ok(peer, 'M', moment))
    const theirs = Y.createDocFromSnapshot(doc, Y.decodeSnapshot(moment), replica())
    sameState(state(mine, roots), state(theirs, roots))
    mine.destroy()
    theirs.destroy()
  }
  doc.destroy()
  other.destroy()
}

// ---- schedules ----

export const runSchedule = async (peer, seed) => {
  const r = makeRandom(seed)
  const clients = Array.from({ length: 1 + r.below(3) }, () => {
    const doc = new Y.Doc()
    doc.clientID = r.clientId()
    return { doc, types: openRoots(doc), unseen: [] }
  })
  const mirror = { doc: replica() } // what the engine has
  mirror.types = openRoots(mirror.doc)
  const inbox = []
  const agents = [r.clientId(), r.clientId()]
  const bias = r.pick(Object.keys(roots))
  for (const c of clients) {
    c.doc.on('update', (update, origin) => {
      if (origin === 'remote') return
      inbox.push(update)
      for (const other of clients) if (other !== c) other.unseen.push(update)
    })
  }
  const positions = []
  await peer.send('n')
  for (let i = 10 + r.below(60); i > 0; i--) {
    const c = r.pick(clients)
    if (r.chance(50)) c.doc.transact(() => randomEdit(r, c.types, bias))
    if (r.chance(60)) {
      for (const update of inbox.splice(0, r.chance(70) ? inbox.length : 1)) {
        if (r.chance(50)) await checkTouches(r, peer, mirror, update)
        if (r.chance(30)) await checkRoots(peer, mirror, update)
        if (r.chance(60)) await applyWithEvents(peer, mirror, update)
        else await ok(peer, 'a', update)
        Y.applyUpdate(mirror.doc, update)
      }
    }
    for (let n = r.below(3); n > 0; n--) {
      const update = await engineEdits(r, peer, mirror, r.pick(agents))
      if (update) for (const other of clients) other.unseen.push(update)
    }
    if (r.chance(40)) {
      const pos = await somePosition(r, peer, mirror)
      if (pos) positions.push(pos)
    }
    if (r.chance(50)) for (const update of c.unseen.splice(0)) Y.applyUpdate(c.doc, update, 'remote')
    if (r.chance(30)) await sameReading(peer, mirror)
    if (r.chance(30) && positions.length > 0) await samePosition(peer, mirror, r.pick(positions))
  }
  for (let round = 0; round < 10 && (inbox.length > 0 || clients.some((c) => c.unseen.length > 0)); round++) {
    for (const c of clients) for (const update of c.unseen.splice(0)) Y.applyUpdate(c.doc, update, 'remote')
    for (const update of inbox.splice(0)) {
      await ok(peer, 'a', update)
      Y.applyUpdate(mirror.doc, update)
    }
  }
  await sameReading(peer, mirror)
  for (const pos of positions) await samePosition(peer, mirror, pos)
  const fresh = replica()
  Y.applyUpdate(fresh, await ok(peer, 'd'))
  const expected = state(mirror.doc, roots)
  sameState(state(fresh, roots), expected)
  for (const c of clients) sameState(state(c.doc, roots), expected)
  for (const doc of [fresh, mirror.doc, ...clients.map((c) => c.doc)]) doc.destroy()
}

const options = { seconds: '20', seed: String((Date.now() ^ (process.pid << 12)) >>> 0) }
for (let i = 2; i < process.argv.length; i += 2) options[process.argv[i].replace(/^--/, '')] = process.argv[i + 1]
const seed = Number(options.seed) >>> 0
const count = options.count ? Number(options.count) : Infinity
const until = Date.now() + Number(options.seconds) * 1000
const peer = new Peer(options.peer)
let passed = 0
let failed = 0
console.log(`the engine as an author, seed ${seed} (one alone: --seed N --count 1)`)
for (let i = 0; i < count && (options.count || Date.now() < until) && failed < 5; i++) {
  const one = (seed + i) >>> 0
  try {
    await runSchedule(peer, one)
    if (one % 3 === 0) await runSnapshots(peer, one)
    passed++
  } catch (err) {
    failed++
    console.error(`seed ${one}: ${options.count ? err.stack : err.message.slice(0, 500)}`)
    if (peer.ended) break
  }
}
peer.close()
console.log(`touches: ${JSON.stringify(touchCounts)}`)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0
