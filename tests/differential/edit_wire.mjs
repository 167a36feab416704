// What the engine and the test say to each other (edit_peer.c): lib0 values.
import * as Y from 'yjs'
import * as encoding from 'lib0/encoding'

export const pack = (...writes) => {
  const e = encoding.createEncoder()
  for (const write of writes) write(e)
  return encoding.toUint8Array(e)
}
export const uint = (n) => (e) => encoding.writeVarUint(e, n)
export const bytes = (b) => (e) => encoding.writeVarUint8Array(e, b)
export const string = (s) => (e) => encoding.writeVarString(e, s)
export const target = (type) => (e) => {
  if (type._item) {
    encoding.writeVarUint(e, 0)
    encoding.writeVarUint(e, type._item.id.client)
    encoding.writeVarUint(e, type._item.id.clock)
  } else {
    encoding.writeVarUint(e, 1)
    encoding.writeVarString(e, Y.findRootTypeKey(type))
  }
}
export const attributes = (a) => (e) => {
  encoding.writeVarUint(e, a ? 1 : 0)
  if (!a) return
  encoding.writeVarUint(e, Object.keys(a).length)
  for (const [key, value] of Object.entries(a)) {
    encoding.writeVarString(e, key)
    encoding.writeVarString(e, JSON.stringify(value))
  }
}
