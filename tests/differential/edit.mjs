// The C engine as one more author among Yjs clients: it writes, reads, and keeps positions.  A schedule is a number of
// steps, each with random choices of its own, so that any of them can be left out (shrink.mjs).
import * as Y from 'yjs'
import { sameState, state } from './compare.mjs'
import { openRoots, randomEdit, roots } from './edits.mjs'
import { drawOps } from './edit_ops.mjs'
import { somePlace } from './edit_reading.mjs'
import { somePart } from './edit_rights.mjs'
import { begin, finish, hex, tell } from './edit_told.mjs'
import { makeRandom } from './random.mjs'

export { tellRights } from './edit_rights.mjs'

const makeClient = (r, options) => {
  const doc = new Y.Doc(options)
  doc.clientID = r.clientId()
  return { doc, types: openRoots(doc), unseen: [] }
}

// A document that keeps what is deleted, in the engine and in Yjs: the same moments, and the same text at each.
const snapshots = (peer, r) => {
  const told = begin(peer, true)
  const [doc, other] = [makeClient(r, { gc: false }), makeClient(r, { gc: false })]
  const moments = []
  doc.doc.on('update', (update) => doc.unseen.push(update))
  const step = (r) => {
    doc.doc.transact(() => randomEdit(r, doc.types, 'text'))
    if (r.chance(30)) {
      Y.applyUpdate(other.doc, Y.encodeStateAsUpdate(doc.doc))
      other.doc.transact(() => randomEdit(r, other.types, 'code'))
      Y.applyUpdate(doc.doc, Y.encodeStateAsUpdate(other.doc))
    }
    for (const update of doc.unseen.splice(0)) tell(told, { do: 'take', update: hex(update) })
    if (r.chance(40)) moments.push(tell(told, { do: 'moment' }))
  }
  const end = () => moments.forEach((moment) => tell(told, { do: 'past', moment }))
  return { told, count: 15, step, end, docs: [doc.doc, other.doc] }
}

const makeClients = (r, publish) => {
  const clients = Array.from({ length: 1 + r.below(3) }, () => makeClient(r))
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

const authors = (peer, r) => {
  const told = begin(peer)
  const inbox = []
  const clients = makeClients(r, (update) => inbox.push(hex(update)))
  const agents = [r.clientId(), r.clientId()]
  const bias = r.pick(Object.keys(roots))
  const positions = []
  const take = (r, update) => tell(told, { do: 'take', update, events: r.chance(60), roots: r.chance(30),
    touches: r.chance(50) ? somePart(r, told.mirror) : null })
  const edit = (r) => {
    const update = tell(told, { do: 'edit', client: r.pick(agents), ops: drawOps(r, told.mirror) })
    if (update) for (const c of clients) c.unseen.push(update)
  }
  const type = (r) => {
    const c = r.pick(clients)
    c.doc.transact(() => randomEdit(r, c.types, bias))
  }
  const keepPosition = (r) => {
    const where = somePlace(r, told.mirror)
    if (where) positions.push(tell(told, { do: 'position', ...where }))
  }
  const resolve = (pos) => tell(told, { do: 'resolve', pos })
  const step = (r) => {
    const what = r.below(36)
    if (what < 5) type(r)
    else if (what < 11) for (const one of inbox.splice(0, r.chance(70) ? inbox.length : 1)) take(r, one)
    else if (what < 21) edit(r)
    else if (what < 25) keepPosition(r)
    else if (what < 30) catchUp(r.pick(clients))
    else if (what < 33) tell(told, { do: 'read' })
    else if (positions.length > 0) resolve(r.pick(positions))
  }
  const end = () => {
    for (let round = 0; round < 10 && (inbox.length > 0 || clients.some((c) => c.unseen.length > 0)); round++) {
      clients.forEach(catchUp)
      for (const update of inbox.splice(0)) tell(told, { do: 'take', update })
    }
    tell(told, { do: 'read' })
    positions.forEach(resolve)
    const expected = finish(told)
    for (const c of clients) sameState(state(c.doc, roots), expected)
  }
  return { told, count: 36 + r.below(216), step, end, docs: clients.map((c) => c.doc) }
}

const schedules = { authors, snapshots }
const stepRandom = (seed, n) => makeRandom(Math.imul((seed ^ Math.imul(n + 1, 0x9e3779b1)) >>> 0, 0x85ebca6b))

// Returns how many updates there were.  An error carries as `schedule` what brought it about: { what, seed, steps }, the
// numbers of the steps done, and as `told` what the engine was told.
export const runSteps = (peer, { what, seed, steps }) => {
  const schedule = schedules[what](peer, makeRandom(seed))
  const { told, docs } = schedule
  const done = []
  try {
    for (const n of steps ?? Array.from({ length: schedule.count }, (_, n) => n)) {
      done.push(n)
      schedule.step(stepRandom(seed, n))
    }
    schedule.end()
    return told.updates.length
  } catch (err) {
    throw Object.assign(err, { schedule: { what, seed, steps: done }, told })
  } finally {
    for (const doc of [told.mirror.doc, ...docs]) doc.destroy()
  }
}

export const runEdits = (peer, seed) => {
  const updates = runSteps(peer, { what: 'authors', seed })
  return seed % 3 === 0 ? updates + runSteps(peer, { what: 'snapshots', seed }) : updates
}
