// Makes the vectors beside this file and the first inputs of the fuzz targets, with stock Yjs and fixed seeds.
// The packages are those of tests/differential (npm ci there).
import { Y, encoding, parts, peer, putInput, randomLog, writeVector } from '../peer.mjs'

const typing = () => {
  const a = peer(1)
  for (const c of 'Hello, wörld! 😀') a.text.insert(a.text.length, c)
  a.text.delete(0, 5)
  a.text.insert(0, 'Bye')
  return a.log
}

const concurrent = () => {
  const peers = [3, 7, 2 ** 32 - 1, 2 ** 53 - 1, 5].map(peer)
  for (const p of peers) p.text.insert(0, `${p.doc.clientID % 100} says hi. `)
  for (const p of peers) for (const q of peers) Y.applyUpdate(p.doc, Y.encodeStateAsUpdate(q.doc), 'remote')
  for (const p of peers) p.text.insert(4, 'X')
  for (const p of peers) p.text.delete(2, 3)
  return peers.map((p) => Y.encodeStateAsUpdate(p.doc))
}

const surrogates = () => {
  const a = peer(10)
  a.text.insert(0, 'a😀b😀c')
  const b = peer(11)
  Y.applyUpdate(b.doc, a.log[0], 'remote')
  b.text.insert(2, 'inside')
  a.text.delete(5, 1)
  return [a.log[0], ...b.log.slice(1), ...a.log.slice(1)]
}

const late = () => {
  const a = peer(21)
  const b = peer(22)
  for (let i = 0; i < 6; i++) {
    a.text.insert(i, String(i))
    Y.applyUpdate(b.doc, a.log[a.log.length - 1], 'remote')
    b.text.insert(0, '-')
    Y.applyUpdate(a.doc, b.log[b.log.length - 1], 'remote')
  }
  a.text.delete(3, 4)
  const own = [...a.log.filter((_, i) => i % 2 === 0), ...b.log.filter((_, i) => i % 2 === 1)]
  return [...own.reverse(), a.log[a.log.length - 1]]
}

const skips = () => {
  const a = peer(31)
  for (const w of ['one ', 'two ', 'three ', 'four ', 'five ']) a.text.insert(a.text.length, w)
  a.text.delete(2, 6)
  return [Y.mergeUpdates([a.log[0], a.log[2], a.log[4]]), Y.mergeUpdates([a.log[1], a.log[5]]), a.log[3]]
}

const maps = () => {
  const a = peer(41)
  const b = peer(42)
  for (const p of [a, b, a, b]) {
    p.doc.getMap('map').set('key', p.doc.clientID)
    p.doc.getMap('map').set('nested', new Y.Map([['x', [1, { y: null }]]]))
    p.doc.getMap('map').delete(p === a ? 'nested' : 'none')
  }
  return [...a.log, ...b.log]
}

const collected = () => {
  const a = peer(51)
  const list = a.doc.getArray('array')
  list.insert(0, [new Y.Array(), new Y.Text('inner')])
  list.get(0).insert(0, [1, 2, new Y.Map()])
  list.get(0).get(2).set('k', 'v')
  const before = Y.encodeStateAsUpdate(a.doc)
  list.delete(0, 2)
  list.insert(0, ['after'])
  return [before, Y.encodeStateAsUpdate(a.doc), ...a.log]
}

const subdocs = () => {
  const a = peer(61)
  a.doc.getMap('map').set('doc', new Y.Doc({ guid: 'one', autoLoad: true }))
  a.doc.getArray('array').insert(0, [new Uint8Array([1, 2, 3]), new Y.Doc({ guid: 'two', meta: { n: 1 } })])
  a.text.insert(0, 'bold', { bold: true })
  a.text.insertEmbed(4, { image: 'x' })
  a.text.format(1, 2, { bold: null, em: 'é' })
  return a.log
}

const random = (seed) => () => randomLog(seed, 12, () => 'text')

const cases = { typing, concurrent, surrogates, late, skips, maps, collected, subdocs }
for (let i = 1; i <= 8; i++) cases[`random-${i}`] = random(i)

const frame = (...parts) => Buffer.concat(parts.map((p) => Buffer.from(p)))
const sized = (bytes) => {
  const e = encoding.createEncoder()
  encoding.writeVarUint8Array(e, bytes)
  return encoding.toUint8Array(e)
}

for (const [name, make] of Object.entries(cases)) {
  const updates = make()
  writeVector(new URL(`${name}.bin`, import.meta.url), updates)
  putInput('ydoc_update', name, parts(updates))
}

const doc = new Y.Doc()
doc.clientID = 9
doc.getText('text').insert(0, 'x')
const state = Buffer.from('{"user":{"name":"Ö"},"cursor":null}')
const frames = {
  step1: frame([0, 0], sized(Y.encodeStateVector(doc))),
  step2: frame([0, 1], sized(Y.encodeStateAsUpdate(doc))),
  update: frame([0, 2], sized(Y.encodeStateAsUpdate(doc))),
  awareness: frame([1], sized(frame([2, 9, 1], sized(state), [10, 3], sized(Buffer.from('null'))))),
  denied: frame([2, 0], sized(Buffer.from('no'))),
  query: Buffer.from([3]),
  saved: frame([100, 4], sized(Y.encodeStateVector(doc))),
}
for (const [name, bytes] of Object.entries(frames)) putInput('yproto', name, bytes)
