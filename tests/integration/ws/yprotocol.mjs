// y-protocols by hand, and what a bare document socket got.
import * as Y from 'yjs'
import * as encoding from 'lib0/encoding'
import * as decoding from 'lib0/decoding'

export const main = (room) => room.files['main.py']
export const text = (p) => p.text.toString()
export const message = (...parts) => encoding.encode((e) => {
  for (const p of parts) typeof p === 'number' ? encoding.writeVarUint(e, p) : encoding.writeVarUint8Array(e, p)
})
export const step1 = (doc) => message(0, 0, Y.encodeStateVector(doc))
export const update = (bytes) => message(0, 2, bytes)
export const insert = (content) => {
  const doc = new Y.Doc()
  doc.getText('text').insert(0, content)
  return Y.encodeStateAsUpdate(doc)
}
export const savedFrames = (s) => s.binary.filter((b) => b[0] === 100).map((b) => {
  const d = decoding.createDecoder(new Uint8Array(b))
  decoding.readVarUint(d)
  return { count: decoding.readVarUint(d), vector: decoding.readVarUint8Array(d) }
})
export const vectorOf = (bytes) => [...Y.decodeStateVector(bytes)].sort(([a], [b]) => a - b)
export const lastCount = (s) => savedFrames(s).at(-1)?.count
export const denied = (s) => s.binary.filter((b) => b[0] === 2).length
