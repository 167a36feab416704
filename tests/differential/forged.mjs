// Forged updates among honest ones: what the engine takes goes to stock clients as a server relays it, and they never
// throw, nothing waits in them, and they have all that the engine has: whether they came first or late, or came back,
// collect what is deleted or not, and whether the server has read the document again meanwhile.
import * as Y from 'yjs'
import * as encoding from 'lib0/encoding'
import { openRoots, roots } from './edits.mjs'
import { Wrong } from './peer.mjs'
import { makeRandom } from './random.mjs'
import { makeClient, oracle, write } from './schedule.mjs'

// ---- stock clients ----

const join = (r, peer, gc) => {
  const doc = new Y.Doc({ gc })
  doc.clientID = r.clientId()
  openRoots(doc)
  const client = { doc, own: [] }
  doc.on('update', (update, origin) => { // clean-ups after others' changes
    if (origin !== 'remote') client.own.push(update)
  })
  give(client, peer.settled(), 'the full state')
  return client
}

const give = (client, update, what) => {
  try {
    Y.applyUpdate(client.doc, update, 'remote')
  } catch (err) {
    throw new Wrong(`a stock client throws at ${what}`, `: ${err.stack}`)
  }
}

// Tell all but `from`, and then what those answer.
const relay = (peer, clients, update, from, given) => {
  given.push(update)
  const result = peer.tryApply(update)
  if (!result) return false
  for (const c of clients) if (c !== from && result.relay) give(c, result.relay, 'what is relayed')
  for (const c of clients) {
    for (const own of c.own.splice(0)) relay(peer, clients, own, c, given)
  }
  return true
}

// A client comes back: each side gets what it lacks.
const resync = (peer, client, given, clients) => {
  give(client, peer.settled(Y.encodeStateVector(client.doc)), 'a diff')
  relay(peer, clients, Y.encodeStateAsUpdate(client.doc, peer.ok('s')), client, given)
}

// The server reads what it has stored, what waits with it, and all clients come back.
const reload = (peer, given, clients) => {
  const stored = peer.diff()
  peer.reset()
  peer.apply(stored)
  for (const c of clients) resync(peer, c, given, clients)
}

const clocksOf = (stateVector) => JSON.stringify([...Y.decodeStateVector(stateVector)].sort((a, b) => a[0] - b[0]))

// Nobody got what waits, and everybody has all that does not.
const check = (peer, client) => {
  if (client.doc.store.pendingStructs || client.doc.store.pendingDs) throw new Wrong('what is relayed waits in a stock client')
  const mine = clocksOf(peer.ok('s')), theirs = clocksOf(Y.encodeStateVector(client.doc))
  if (mine !== theirs) throw new Wrong('a stock client has other clocks', `:\n  engine ${mine}\n  yjs    ${theirs}`)
}

// ---- forging ----

// What there is to take parts from: contents, ids and types of the honest updates.
const material = (log) => {
  const items = log.flatMap((update) => Y.decodeUpdate(update).structs).filter((s) => s instanceof Y.Item)
  return { items, types: items.filter((s) => s.content instanceof Y.ContentType).map((s) => s.id) }
}

const someId = (r, { clocks, types }, client, clock) => {
  if (types.length > 0 && r.chance(15)) return r.pick(types)
  if (clock > 0 && r.chance(40)) return Y.createID(client, r.below(clock))
  const [other, state] = r.pick([...clocks])
  return Y.createID(other, r.below(state + (r.chance(5) ? 2 : 0)))
}

// A struct at that place, made of an honest one.
const forgeStruct = (r, parts, client, clock) => {
  if (r.chance(7)) return { gc: 1 + r.below(5) }
  const model = r.pick(parts.items)
  const s = { origin: model.origin, right: model.rightOrigin, parent: model.parent, sub: model.parentSub, content: model.content }
  if (r.chance(40)) s.content = new Y.ContentString(r.pick(['x', 'yz', 'long text', '😀😀', 'a😀']))
  if (r.chance(50)) s.origin = r.chance(60) ? someId(r, parts, client, clock) : null
  if (r.chance(30)) s.right = r.chance(60) ? someId(r, parts, client, clock) : null
  if (!s.parent || r.chance(40)) {
    s.parent = parts.types.length > 0 && r.chance(60) ? r.pick(parts.types) : r.pick([...Object.keys(roots), 'new'])
    s.sub = r.chance(30) ? r.pick(['a', 'b', '']) : null
  }
  return s
}

const writeStruct = (e, s) => {
  if (s.gc) {
    e.writeInfo(0)
    e.writeLen(s.gc)
    return s.gc
  }
  e.writeInfo(s.content.getRef() | (s.origin ? 128 : 0) | (s.right ? 64 : 0) | (s.sub !== null ? 32 : 0))
  if (s.origin) e.writeLeftID(s.origin)
  if (s.right) e.writeRightID(s.right)
  if (!s.origin && !s.right) {
    const named = typeof s.parent === 'string'
    e.writeParentInfo(named)
    if (named) e.writeString(s.parent)
    else e.writeLeftID(s.parent)
    if (s.sub !== null) e.writeString(s.sub)
  }
  s.content.write(e, 0)
  return s.content.getLength()
}

// Where a forged run begins: mostly where the client's structs end, or before that.
const startOf = (r, state) => {
  if (r.chance(60)) return state
  return r.chance(80) ? Math.max(0, state - 1 - r.below(4)) : state + 1 + r.below(2)
}

const forgeDeletes = (r, e, { clocks, types }) => {
  const ranges = new Map()
  for (let n = r.below(4); n > 0; n--) {
    const id = types.length > 0 && r.chance(50) ? r.pick(types) : null
    const [client, state] = id ? [id.client, 0] : r.pick([...clocks])
    const range = id ? [id.clock, 1] : [r.below(state + 1), r.below(6)]
    ranges.set(client, [...(ranges.get(client) ?? []), range])
  }
  encoding.writeVarUint(e.restEncoder, ranges.size)
  for (const [client, list] of ranges) {
    encoding.writeVarUint(e.restEncoder, client)
    encoding.writeVarUint(e.restEncoder, list.length)
    for (const [clock, len] of list) {
      e.writeDsClock(clock)
      e.writeDsLen(len)
    }
  }
}

const forge = (r, parts) => {
  const e = new Y.UpdateEncoderV1()
  const authors = r.shuffled([...parts.clocks.keys(), ...parts.attackers]).slice(0, r.below(4))
  encoding.writeVarUint(e.restEncoder, authors.length)
  for (const client of authors) {
    let clock = startOf(r, parts.clocks.get(client) ?? 0)
    const count = 1 + r.below(4)
    encoding.writeVarUint(e.restEncoder, count)
    e.writeClient(client)
    encoding.writeVarUint(e.restEncoder, clock)
    for (let i = 0; i < count; i++) clock += writeStruct(e, forgeStruct(r, parts, client, clock))
  }
  forgeDeletes(r, e, parts)
  return e.toUint8Array()
}

const spoil = (r, update) => {
  const bytes = Uint8Array.from(update)
  for (let n = 1 + r.below(3); n > 0; n--) bytes[r.below(bytes.length)] = r.chance(50) ? r.below(256) : r.below(10)
  return bytes
}

// ---- the schedule ----

const runWith = (r, peer, given) => {
  const authors = [makeClient(r), makeClient(r)]
  const log = oracle(() => write(r, authors, 5 + r.below(25)))
  for (const a of authors) a.doc.destroy()
  const parts = { ...material(log), attackers: [r.clientId(), r.clientId()] }
  if (parts.items.length === 0) return 0
  peer.reset()
  const clients = [join(r, peer, true), join(r, peer, false)]
  let taken = 0
  for (let rest = [...log], n = 40 + r.below(60); n > 0; n--) {
    parts.clocks = Y.decodeStateVector(peer.ok('s'))
    const honest = rest.length > 0 && (parts.clocks.size === 0 || r.chance(50))
    const update = honest ? rest.shift() : r.chance(25) ? spoil(r, r.pick(log)) : forge(r, parts)
    if (!honest && parts.clocks.size === 0) break
    if (relay(peer, clients, update, null, given)) taken++
    if (r.chance(4)) clients.push(join(r, peer, r.chance(80)))
    if (r.chance(10)) resync(peer, r.pick(clients), given, clients)
    if (r.chance(2)) reload(peer, given, clients)
  }
  clients.push(join(r, peer, true))
  reload(peer, given, clients)
  for (const c of clients) check(peer, c)
  for (const c of clients) c.doc.destroy()
  return taken
}

// Returns how many updates were taken.  An error carries as `failing` { given }: what the engine had got.
export const runForged = (peer, seed) => {
  const failing = { what: 'forged', given: [], log: [] }
  try {
    return runWith(makeRandom(seed), peer, failing.given)
  } catch (err) {
    throw Object.assign(err, { failing })
  }
}

// A few updates, and clients that are there from the start, or come at the end.
export const examineForged = (peer, { updates }) => {
  const r = makeRandom(1)
  peer.reset()
  const clients = [join(r, peer, true), join(r, peer, false)]
  for (const update of updates) relay(peer, clients, update, null, [])
  clients.push(join(r, peer, true))
  reload(peer, [], clients)
  for (const c of clients) check(peer, c)
}
