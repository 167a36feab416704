// The C engine as one more author among Yjs clients: it writes, reads, and keeps positions.
import * as Y from 'yjs'
import { replica, sameState, state } from './compare.mjs'
import { openRoots, randomEdit, roots } from './edits.mjs'
import { applyWithEvents } from './edit_events.mjs'
import { engineEdits } from './edit_ops.mjs'
import { samePosition, sameReading, somePosition } from './edit_reading.mjs'
import { askRoots, askTouches, judge } from './edit_rights.mjs'
import { Wrong } from './peer.mjs'
import { makeRandom } from './random.mjs'

export { tellRights } from './edit_rights.mjs'

// A document that keeps what is deleted, in the engine and in Yjs: the same moments, and the same text at each.
const runSnapshots = (peer, seed) => {
  const r = makeRandom(seed)
  const doc = new Y.Doc({ gc: false })
  doc.clientID = r.clientId()
  const types = openRoots(doc)
  peer.ok('n', new Uint8Array(1))
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
    for (const update of updates.splice(0)) peer.ok('a', update)
    if (r.chance(40)) {
      const theirs = Y.snapshot(doc)
      const mine = Y.decodeSnapshot(peer.ok('S'))
      if (!Y.equalSnapshots(mine, theirs)) throw new Wrong('snapshots differ')
      moments.push(Y.encodeSnapshot(theirs))
    }
  }
  for (const moment of moments) {
    const mine = replica()
    Y.applyUpdate(mine, peer.ok('M', moment))
    const theirs = Y.createDocFromSnapshot(doc, Y.decodeSnapshot(moment), replica())
    sameState(state(mine, roots), state(theirs, roots))
    mine.destroy()
    theirs.destroy()
  }
  doc.destroy()
  other.destroy()
}

// What the engine has, in Yjs; `changed`: the roots that the last update changed.
const makeMirror = () => {
  const doc = replica()
  const mirror = { doc, types: openRoots(doc), changed: new Set() }
  for (const [name, type] of Object.entries(mirror.types)) type.observeDeep(() => mirror.changed.add(name))
  return mirror
}

const deliver = (r, peer, mirror, update) => {
  const answers = {
    touches: r.chance(50) ? askTouches(r, peer, mirror, update) : null,
    roots: r.chance(30) ? askRoots(peer, update) : null,
  }
  if (r.chance(60)) applyWithEvents(peer, mirror, update)
  else peer.ok('a', update)
  mirror.changed.clear()
  Y.applyUpdate(mirror.doc, update)
  judge(mirror, answers)
}

const makeClients = (r, publish) => {
  const clients = Array.from({ length: 1 + r.below(3) }, () => {
    const doc = new Y.Doc()
    doc.clientID = r.clientId()
    return { doc, types: openRoots(doc), unseen: [] }
  })
  for (const c of clients) {
    c.doc.on('update', (update, origin) => {
      if (origin === 'remote') return
      publish(update)
      for (const other of clients) if (other !== c) other.unseen.push(update)
    })
  }
  return clients
}

const catchUp = (c) => {
  for (const update of c.unseen.splice(0)) Y.applyUpdate(c.doc, update, 'remote')
}

const runSchedule = (peer, seed) => {
  const r = makeRandom(seed)
  const inbox = []
  let updates = 0
  const clients = makeClients(r, (update) => {
    inbox.push(update)
    updates++
  })
  const mirror = makeMirror()
  const agents = [r.clientId(), r.clientId()]
  const bias = r.pick(Object.keys(roots))
  const positions = []
  peer.reset()
  for (let i = 10 + r.below(60); i > 0; i--) {
    const c = r.pick(clients)
    if (r.chance(50)) c.doc.transact(() => randomEdit(r, c.types, bias))
    if (r.chance(60))
      for (const update of inbox.splice(0, r.chance(70) ? inbox.length : 1)) deliver(r, peer, mirror, update)
    for (let n = r.below(3); n > 0; n--) {
      const update = engineEdits(r, peer, mirror, r.pick(agents))
      if (!update) continue
      updates++
      for (const other of clients) other.unseen.push(update)
    }
    if (r.chance(40)) {
      const pos = somePosition(r, peer, mirror)
      if (pos) positions.push(pos)
    }
    if (r.chance(50)) catchUp(c)
    if (r.chance(30)) sameReading(peer, mirror)
    if (r.chance(30) && positions.length > 0) samePosition(peer, mirror, r.pick(positions))
  }
  for (let round = 0; round < 10 && (inbox.length > 0 || clients.some((c) => c.unseen.length > 0)); round++) {
    clients.forEach(catchUp)
    for (const update of inbox.splice(0)) {
      peer.ok('a', update)
      Y.applyUpdate(mirror.doc, update)
    }
  }
  sameReading(peer, mirror)
  for (const pos of positions) samePosition(peer, mirror, pos)
  const fresh = replica()
  Y.applyUpdate(fresh, peer.ok('d'))
  const expected = state(mirror.doc, roots)
  sameState(state(fresh, roots), expected)
  for (const c of clients) sameState(state(c.doc, roots), expected)
  for (const doc of [fresh, mirror.doc, ...clients.map((c) => c.doc)]) doc.destroy()
  return updates
}

// Returns how many updates there were.
export const runEdits = (peer, seed) => {
  const updates = runSchedule(peer, seed)
  if (seed % 3 === 0) runSnapshots(peer, seed)
  return updates
}
