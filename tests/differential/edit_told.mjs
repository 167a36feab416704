// What the engine as an author is told and asked, one step after the other, and whether Yjs has the same.  A step is
// data with all that it needs (bytes are hex), so that a kept case can be told again without its schedule.
import * as Y from 'yjs'
import { replica, sameState, state } from './compare.mjs'
import { openRoots, roots } from './edits.mjs'
import { applyWithEvents } from './edit_events.mjs'
import { engineEdits } from './edit_ops.mjs'
import { positionAt, samePosition, sameReading } from './edit_reading.mjs'
import { askRoots, askTouches, judge, waits } from './edit_rights.mjs'
import { Wrong } from './peer.mjs'
import { YjsFailed } from './schedule.mjs'

export const hex = (bytes) => Buffer.from(bytes).toString('hex')
const unhex = (text) => new Uint8Array(Buffer.from(text, 'hex'))

// What the engine has, in Yjs; `changed`: the roots that the last update changed.
const makeMirror = (keeps) => {
  const doc = replica({ gc: !keeps })
  const mirror = { doc, types: openRoots(doc), changed: new Set() }
  for (const [name, type] of Object.entries(mirror.types)) type.observeDeep(() => mirror.changed.add(name))
  return mirror
}

// A new document; `keeps`: what is deleted is kept, and there are moments to go back to.
export const begin = (peer, keeps = false) => {
  peer.ok('n', new Uint8Array(keeps ? 1 : 0))
  return { peer, keeps, mirror: makeMirror(keeps), steps: [], updates: [] }
}

const steps = {
  // An update by somebody else.
  take: ({ peer, mirror, updates }, { update, events, touches, roots: asked }) => {
    const bytes = unhex(update)
    const answers = {
      touches: touches ? askTouches(peer, mirror, bytes, touches) : null,
      roots: asked ? askRoots(peer, bytes) : null,
    }
    if (events) applyWithEvents(peer, mirror, bytes)
    else peer.ok('a', bytes)
    mirror.changed.clear()
    Y.applyUpdate(mirror.doc, bytes)
    judge(mirror, answers)
    updates.push(bytes)
  },
  edit: ({ peer, mirror, updates }, { client, ops }) => {
    const update = engineEdits(peer, mirror, client, ops)
    if (update) updates.push(update)
    return update
  },
  position: ({ peer, mirror }, where) => hex(positionAt(peer, mirror, where)),
  resolve: ({ peer, mirror }, { pos }) => samePosition(peer, mirror, unhex(pos)),
  read: ({ peer, mirror }) => sameReading(peer, mirror),
  // Now, to be gone back to.
  moment: ({ peer, mirror }) => {
    const theirs = Y.snapshot(mirror.doc)
    if (!Y.equalSnapshots(Y.decodeSnapshot(peer.ok('S')), theirs)) throw new Wrong('snapshots differ')
    return hex(Y.encodeSnapshot(theirs))
  },
  past: ({ peer, mirror }, { moment }) => {
    const mine = replica()
    Y.applyUpdate(mine, peer.ok('M', unhex(moment)))
    const theirs = Y.createDocFromSnapshot(mirror.doc, Y.decodeSnapshot(unhex(moment)), replica())
    sameState(state(mine, roots), state(theirs, roots))
    mine.destroy()
    theirs.destroy()
  },
}

// Returns what the step gives: the update of an edit, a position, a moment.
export const tell = (told, step) => {
  told.steps.push(step)
  return steps[step.do](told, step)
}

// In the end a stock client that gets our state has the same document; returns its state.
export const finish = ({ peer, mirror }) => {
  const fresh = replica()
  Y.applyUpdate(fresh, peer.ok('d'))
  const expected = state(mirror.doc, roots)
  sameState(state(fresh, roots), expected)
  fresh.destroy()
  return expected
}

// A kept case, told again: throws what is wrong.  Also for clients that get the updates in another order.
export const tellAgain = (peer, { keeps, steps: list }) => {
  const told = begin(peer, keeps)
  const other = replica()
  try {
    for (const step of list) tell(told, step)
    const expected = finish(told)
    for (const update of [...told.updates].reverse()) Y.applyUpdate(other, update)
    sameState(state(other, roots), expected)
  } catch (err) {
    throw waits(told.mirror.doc) ? new YjsFailed('something waits') : err
  } finally {
    for (const doc of [told.mirror.doc, other]) doc.destroy()
  }
}
