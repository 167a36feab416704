// One random schedule: several Yjs clients edit with partitions; the engine gets their updates in whatever order.
import * as Y from 'yjs'
import { replica, sameAs, sameBytes, sameDocument, sameKept, sameState, state, textRoots, throughV2 } from './compare.mjs'
import { openRoots, randomEdit, roots } from './edits.mjs'
import { Wrong } from './peer.mjs'
import { makeRandom } from './random.mjs'

// Yjs by itself, without the engine: where it throws (it cannot cut a struct whose first part it has collected, for
// one), the schedule says nothing about the engine.
export class YjsFailed extends Error {}
export const oracle = (work) => {
  try {
    return work()
  } catch (err) {
    throw new YjsFailed(err.message, { cause: err })
  }
}

export const makeClient = (r) => {
  const doc = new Y.Doc({ gc: !r.chance(15) })
  doc.clientID = r.clientId()
  const client = { doc, types: openRoots(doc), unseen: [] }
  if (r.chance(20)) client.undo = new Y.UndoManager(Object.values(client.types), { captureTimeout: 0 })
  return client
}

// Everything that every client wrote, as updates; what only passes on others' writing is left out.
export const write = (r, clients, steps) => {
  const log = []
  const bias = r.pick(Object.keys(roots))
  const publish = (from, update) => {
    log.push(update)
    for (const c of clients) if (c !== from) c.unseen.push(update)
  }
  for (const c of clients) {
    c.doc.on('update', (update, origin) => { // clean-ups after remote changes are its own, too
      if (origin !== 'remote') publish(c, update)
    })
  }
  for (let i = 0; i < steps; i++) {
    const c = r.pick(clients)
    if (c.undo && r.chance(15)) {
      if (r.chance(60)) c.undo.undo()
      else c.undo.redo()
    } else {
      c.doc.transact(() => {
        for (let n = 1 + r.below(r.chance(10) ? 12 : 3); n > 0; n--) randomEdit(r, c.types, bias)
      })
    }
    if (r.chance(40)) {
      const to = r.pick(clients)
      const order = r.chance(70) ? to.unseen : r.shuffled(to.unseen)
      const n = r.chance(50) ? order.length : r.below(order.length + 1)
      to.unseen = order.slice(n)
      for (const update of order.slice(0, n)) Y.applyUpdate(to.doc, update, 'remote')
    }
  }
  return log
}

// What works on updates alone, done by either of the two.
const tools = (r, peer) => ({
  merge: (updates) => (r.chance(50) ? peer.merge(updates) : oracle(() => Y.mergeUpdates(updates))),
  stateVectorOf: (update) => (r.chance(50) ? peer.stateVectorOf(update) : oracle(() => Y.encodeStateVectorFromUpdate(update))),
  diffOf: (update, sv) => (r.chance(50) ? peer.diffOf(update, sv) : oracle(() => Y.diffUpdate(update, sv))),
})

// The same content as the log, cut and glued as networks and servers do.
const parcels = (r, log, clients, { merge, stateVectorOf, diffOf }) => {
  let out = [...log]
  if (r.chance(60)) {
    const glued = []
    for (let rest = r.chance(50) ? out : r.shuffled(out); rest.length > 0;) {
      const n = 1 + r.below(Math.min(rest.length, 6))
      glued.push(merge(rest.slice(0, n)))
      rest = rest.slice(n)
    }
    out = glued
  }
  if (r.chance(40)) out.push(...r.shuffled(log).slice(0, 10))
  if (r.chance(40)) {
    const whole = merge(log)
    const sv = stateVectorOf(merge(log.slice(0, 1 + r.below(log.length))))
    out.push(diffOf(whole, sv))
  }
  if (r.chance(40) && !r.halves) {
    const a = r.pick(clients).doc
    out.push(oracle(() => Y.encodeStateAsUpdate(a, Y.encodeStateVector(r.pick(clients).doc))))
  }
  return r.chance(80) ? r.shuffled(out) : out
}

// A stock client that gets what a server relays: nothing of it may wait there.
const follow = (follower, relay) => {
  try {
    Y.applyUpdate(follower, relay)
  } catch (err) {
    throw new Wrong('a stock client throws at what is relayed', `: ${err.message}`)
  }
  if (follower.store.pendingStructs || follower.store.pendingDs) throw new Wrong('what is relayed waits in a stock client')
}

const feed = (peer, updates, given, keep, expected) => {
  const mirror = replica({ gc: !keep })
  const follower = replica()
  const texts = textRoots(roots)
  let compared = null
  let news = true
  let everWaited = false
  mirror.on('afterTransaction', ({ deleteSet, beforeState, afterState }) => {
    news ||= deleteSet.clients.size > 0 || [...afterState].some(([client, clock]) => beforeState.get(client) !== clock)
  })
  for (const update of updates) {
    given.push(update)
    const waited = peer.pendingBytes > 0
    oracle(() => Y.applyUpdate(mirror, update))
    // While something waits the two may differ: Yjs holds back more than it must, depending on the order, and the same
    // structs may come once whole, with what they need, and once collected, needing nothing. At the end nothing waits.
    const comparable = !mirror.store.pendingStructs && !mirror.store.pendingDs
    const result = peer.apply(update, comparable ? texts : [])
    everWaited ||= !comparable
    if (result.relay) follow(follower, result.relay)
    if (result.contained && (result.changed || result.hasNew)) throw new Wrong('contained, yet new')
    if (!result.contained && !result.hasNew && !waited) throw new Wrong('not contained, yet nothing new')
    if (result.changed && !result.hasNew) throw new Wrong('changed by nothing new')
    if (comparable && peer.pendingBytes > 0) throw new Wrong('something waits, and nothing in Yjs')
    if (!result.all || (!news && result.all.bytes.equals(compared))) continue // neither is another than it was
    sameAs(result.all, mirror, roots)
    compared = result.all.bytes
    news = false
  }
  if (keep && !everWaited) sameKept(peer.diff(), Y.encodeStateAsUpdate(mirror))
  sameState(state(follower, roots), expected)
  for (const doc of [mirror, follower]) doc.destroy()
}

// A stock client that has part of the log.  In one update: what waits it would otherwise merge anew with each.
const clientWithPart = (r, log) => {
  const doc = replica()
  const part = log.filter(() => r.chance(50))
  if (part.length > 0) oracle(() => Y.applyUpdate(doc, Y.mergeUpdates(part)))
  return doc
}

// It gets exactly what it misses.
const checkDiff = (r, peer, log, expected) => {
  const doc = clientWithPart(r, log)
  Y.applyUpdate(doc, peer.diff(Y.encodeStateVector(doc)))
  sameState(state(doc, roots), expected)
  doc.destroy()
}

// A stock client that gets all that we make of the log without a document: whole, or what it misses of it.
const checkTools = (r, peer, log, expected) => {
  const merged = peer.merge(r.shuffled([...log, ...log.slice(0, 5)]))
  const sv = Y.encodeStateVectorFromUpdate(merged)
  sameBytes('state vectors of an update', peer.stateVectorOf(merged), sv)
  const doc = r.chance(50) ? clientWithPart(r, log) : replica()
  const update = r.chance(50) ? merged : peer.diffOf(merged, Y.encodeStateVector(doc))
  Y.applyUpdate(doc, throughV2(peer, update, !r.halves))
  sameState(state(doc, roots), expected)
  doc.destroy()
}

// The authors themselves: they may answer with clean-ups of their own, which go back to the engine.
const settle = (peer, clients) => {
  for (let round = 0; round < 10; round++) {
    let news = []
    for (const c of clients) {
      const listen = (u, origin) => {
        if (origin !== 'remote') news.push(u)
      }
      c.doc.on('update', listen)
      Y.applyUpdate(c.doc, peer.diff(Y.encodeStateVector(c.doc)), 'remote')
      c.doc.off('update', listen)
    }
    for (const update of news) peer.apply(update)
    if (news.length === 0) break
  }
  for (const c of clients) sameDocument(peer, state(c.doc, roots), roots)
}

// All that the engine makes of a log which it gets as `sent`; `given` is filled with what it has got.
const examine = (r, peer, { sent, log, given, expected, keeps }) => {
  peer.reset(keeps)
  feed(peer, sent, given, keeps, expected)
  sameDocument(peer, expected, roots)
  if (peer.pendingBytes !== 0) throw new Wrong('something waits for ever')
  if (!peer.containsAll(log)) throw new Wrong('not contained')
  checkDiff(r, peer, log, expected)
  checkTools(r, peer, log, expected)
  const whole = peer.diff()
  peer.reset(keeps)
  peer.apply(whole)
  sameDocument(peer, expected, roots)
}

const stateAfter = (updates) => {
  const truth = replica()
  oracle(() => updates.forEach((update) => Y.applyUpdate(truth, update)))
  if (truth.store.pendingStructs || truth.store.pendingDs) throw new YjsFailed('something waits')
  const expected = state(truth, roots)
  truth.destroy()
  return expected
}

// A few updates, all of which come: the same each time.  `halves`: as in edits.mjs; `keeps`: what is deleted stays.
const DRAWS = 4
export const examineUpdates = (peer, { updates, halves, keeps }) => {
  const expected = stateAfter(updates)
  for (let seed = 0; seed < DRAWS; seed++) {
    const r = Object.assign(makeRandom(seed), { halves })
    examine(r, peer, { sent: updates, log: updates, given: [], expected, keeps })
  }
}

const runWith = (r, peer, clients, failing) => {
  const log = oracle(() => write(r, clients, 5 + r.below(r.chance(10) ? 200 : 50)))
  if (log.length === 0) return 0
  failing.log = log
  const expected = stateAfter(log)
  const sent = parcels(r, log, clients, tools(r, peer))
  const all = [...sent, ...(r.chance(50) ? log : r.shuffled(log))]
  examine(r, peer, { sent: all, log, given: failing.given, expected, keeps: failing.keeps })
  if (!r.halves) settle(peer, clients)
  return log.length
}

// Returns how many updates there were.  An error carries as `failing` { given, log, halves, keeps }: what the engine had
// got, and what the clients wrote.
export const runSchedule = (peer, seed) => {
  const r = makeRandom(seed)
  r.halves = r.chance(10)
  const clients = Array.from({ length: 2 + r.below(4) }, () => makeClient(r))
  const keeps = seed % 5 === 0 // one in five keeps what is deleted
  const failing = { what: 'updates', given: [], log: [], halves: r.halves, keeps }
  try {
    return runWith(r, peer, clients, failing)
  } catch (err) {
    throw Object.assign(err, { failing })
  } finally {
    for (const c of clients) c.doc.destroy()
  }
}
