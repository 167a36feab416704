// A failure made small: the fewest updates after which the engine and Yjs differ (delta debugging, Zeller 2002), kept
// as a vector for the unit tests (tests/vectors/ydoc).
import { writeFileSync } from 'node:fs'
import * as Y from 'yjs'
import * as encoding from 'lib0/encoding'
import { replica, sameDocument, state } from './compare.mjs'

// Whether these updates, in this order, still show a difference; what waits in either is no difference.
const differs = async (open, updates, roots) => {
  const peer = open()
  const mirror = replica()
  try {
    await peer.reset()
    for (const update of updates) {
      await peer.apply(update)
      Y.applyUpdate(mirror, update)
    }
    if (mirror.store.pendingStructs || mirror.store.pendingDs || (await peer.pendingBytes()) > 0) return false
    await sameDocument(peer, state(mirror, roots), roots)
    return false
  } catch {
    return true
  } finally {
    mirror.destroy()
    peer.close()
  }
}

const without = (list, from, n) => [...list.slice(0, from), ...list.slice(from + n)]

export const shrink = async (open, updates, roots) => {
  let list = updates
  if (!(await differs(open, list, roots))) return null
  for (let n = Math.ceil(list.length / 2); n >= 1; n = n === 1 ? 0 : Math.ceil(n / 2)) {
    for (let from = 0; from < list.length;) {
      const fewer = without(list, from, n)
      if (fewer.length > 0 && (await differs(open, fewer, roots))) list = fewer
      else from += n
    }
  }
  return list
}

// The format of tests/vectors/ydoc/README.md.
export const writeVector = (file, updates) => {
  const doc = new Y.Doc()
  const out = encoding.createEncoder()
  encoding.writeVarUint(out, updates.length)
  for (const update of updates) {
    Y.applyUpdate(doc, update)
    encoding.writeVarUint8Array(out, update)
  }
  encoding.writeVarString(out, doc.getText('text').toString())
  encoding.writeVarUint8Array(out, Y.encodeStateVector(doc))
  encoding.writeVarUint8Array(out, Y.encodeStateAsUpdate(doc))
  writeFileSync(file, encoding.toUint8Array(out))
}
