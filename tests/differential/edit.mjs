// The C engine as one more author among Yjs clients: it writes, reads, and keeps positions.  See run-edit.sh.
import * as Y from 'yjs'
import { replica, state, sameState } from './compare.mjs'
import { openRoots, randomEdit, roots } from './edits.mjs'
import { applyWithEvents } from './edit_events.mjs'
import { engineEdits } from './edit_ops.mjs'
import { checkRoots, checkTouches, samePosition, sameReading, somePosition, touchCounts } from './edit_reading.mjs'
import { ok } from './edit_wire.mjs'
import { Peer } from './peer.mjs'
import { makeRandom } from './random.mjs'

// A document that keeps what is deleted, in the engine and in Yjs: the same moments, and the same text at each.
const runSnapshots = async (peer, seed) => {
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

const runSchedule = async (peer, seed) => {
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
