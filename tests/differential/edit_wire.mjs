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

// Where a type is: the name of its root, or the id of its item.
export const placeOf = (type) => (type._item ? [type._item.id.client, type._item.id.clock] : Y.findRootTypeKey(type))
export const typeAt = ({ doc, types }, on) =>
  (typeof on === 'string' ? types[on] : Y.getItem(doc.store, Y.createID(...on)).content.type)
export const place = (on) => (e) => {
  encoding.writeVarUint(e, typeof on === 'string' ? 1 : 0)
  if (typeof on === 'string') encoding.writeVarString(e, on)
  else on.forEach((n) => encoding.writeVarUint(e, n))
}
export const target = (type) => place(placeOf(type))

export const attributes = (a) => (e) => {
  encoding.writeVarUint(e, a ? 1 : 0)
  if (!a) return
  encoding.writeVarUint(e, Object.keys(a).length)
  for (const [key, value] of Object.entries(a)) {
    encoding.writeVarString(e, key)
    encoding.writeVarString(e, JSON.stringify(value))
  }
}
