// A failure made small: the fewest updates after which the engine does the same thing wrong (delta debugging, Zeller
// 2002), to be kept as a vector for the unit tests (tests/vectors/ydoc).
import * as Y from 'yjs'
import { replica, sameDocument, state } from './compare.mjs'
import { Wrong } from './peer.mjs'

// What goes wrong with these updates, in this order; null: nothing, or Yjs itself throws.  What waits in Yjs is no
// difference.
export const updatesKind = (open, updates, roots) => {
  const peer = open()
  const mirror = replica()
  try {
    peer.reset()
    for (const update of updates) {
      Y.applyUpdate(mirror, update)
      peer.apply(update)
    }
    if (mirror.store.pendingStructs || mirror.store.pendingDs) return null
    if (peer.pendingBytes > 0) return 'something waits, and nothing in Yjs'
    sameDocument(peer, state(mirror, roots), roots)
    return null
  } catch (err) {
    return err instanceof Wrong ? err.kind : null
  } finally {
    mirror.destroy()
    peer.close()
  }
}

const without = (list, from, n) => [...list.slice(0, from), ...list.slice(from + n)]

// kindOf(updates): what goes wrong.  Returns { kind, updates }, or null when the updates alone show nothing.
export const shrink = (kindOf, updates) => {
  const kind = kindOf(updates)
  let list = updates
  if (!kind) return null
  for (let n = Math.ceil(list.length / 2); n >= 1; n = n === 1 ? 0 : Math.ceil(n / 2)) {
    for (let from = 0; from < list.length;) {
      const fewer = without(list, from, n)
      if (fewer.length > 0 && kindOf(fewer) === kind) list = fewer
      else from += n
    }
  }
  return { kind, updates: list }
}
