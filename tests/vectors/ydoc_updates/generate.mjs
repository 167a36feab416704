// Makes the vectors beside this file and the first inputs of the fuzz targets for updates, with stock Yjs and fixed seeds.
// The packages are those of tests/differential (npm ci there).
import { Y, documentOf, encoding, makeRandom, parts, peer, putInput, randomLog, writeFile } from '../peer.mjs'

// One author's edits, delivered backwards: all but the last wait.
const backwards = () => {
  const a = peer(1)
  for (const w of ['one', 'two', 'three', 'four']) a.doc.getArray('array').push([w])
  for (const c of 'typed') a.text.insert(a.text.length, c)
  return a.log.reverse()
}

// Several authors who never met, and one who heard of all.
const strangers = () => {
  const peers = [2 ** 53 - 1, 2 ** 32 - 1, 70000, 300, 5].map(peer)
  for (const p of peers) p.text.insert(0, `${p.doc.clientID}: ünö 😀. `)
  const last = peer(6)
  for (const p of peers) Y.applyUpdate(last.doc, p.log[0])
  last.text.delete(3, 30)
  return [...peers.flatMap((p) => p.log), last.log[last.log.length - 1]]
}

// What overlaps: states of a document at several times, and differences between them.
const overlapping = () => {
  const a = peer(11)
  const states = []
  for (const w of ['a😀', 'b', 'cdé', 'f']) {
    a.text.insert(a.text.length, w)
    states.push(Y.encodeStateAsUpdate(a.doc))
  }
  a.text.delete(1, 3)
  states.push(Y.encodeStateAsUpdate(a.doc, Y.encodeStateVectorFromUpdate(states[1])))
  return [states[1], states[3], states[0], states[4], a.log[2]]
}

// Updates that were merged with gaps, so that they carry skips.
const gaps = () => {
  const a = peer(21)
  const b = peer(22)
  for (let i = 0; i < 8; i++) {
    a.text.insert(0, String(i))
    if (i % 2) Y.applyUpdate(b.doc, a.log[a.log.length - 1])
    b.doc.getMap('map').set(`k${i % 3}`, i)
  }
  a.text.delete(2, 3)
  const own = b.log.filter((u) => Y.decodeUpdate(u).structs.some((s) => s.id.client === 22))
  return [Y.mergeUpdates([a.log[0], a.log[2], a.log[5]]), Y.mergeUpdates([own[1], own[4], a.log[8]]),
    Y.mergeUpdates([a.log[1], a.log[3], a.log[4], own[0]]), a.log[6], a.log[7], ...own]
}

// Every kind of content, and the keys that v2 numbers.
const kinds = () => {
  const a = peer(31)
  const array = a.doc.getArray('array')
  array.insert(0, [1, 'two', true, null, [undefined], 2.5, -0, 2 ** 40, [123456789012345678n, [2]], { a: { b: [] } }])
  array.insert(2, [new Uint8Array([0, 127, 255]), new Y.Doc({ guid: 'inner', meta: { n: 1 } }), new Y.Map([['x', 1]])])
  const fragment = a.doc.getXmlFragment('xml')
  const p = new Y.XmlElement('p')
  fragment.insert(0, [p, new Y.XmlText('words'), new Y.XmlHook('hook'), new Y.XmlElement('p')])
  p.setAttribute('class', 'é')
  p.insert(0, [new Y.XmlElement('b')])
  a.text.insert(0, 'formatted')
  a.text.format(0, 4, { bold: true, color: 'red' })
  a.text.format(2, 4, { bold: null, link: { href: 'x"\\\n\u0001', list: [] } })
  a.text.insertEmbed(3, { image: 'x.png', width: 0.1 })
  for (const value of ['old', 'new', 'newest']) a.doc.getMap('map').set('key', value)
  a.doc.getMap('map').set('gone', new Y.Text('inner'))
  a.doc.getMap('map').delete('gone')
  array.delete(0, 4)
  return a.log
}

// Numbers whose shortest form is not obvious, as values that v1 writes as JSON.
const numbers = () => {
  const a = peer(41)
  const list = [0, -0, 1, -1, 63, 64, -64, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 53, 2 ** 53 + 2, 1e21, 1e20, 123e18, 1e-6, 1e-7, 0.1, 0.3, 1 / 3,
    2 / 3, 0.1 + 0.2, 5e-324, 2.5e-323, 2.2250738585072014e-308, 1.7976931348623157e308, 2 ** -44, 2 ** -1022, 2 ** 60, 9007199254740993, 4.35, 1.005,
    100.5, 3.4028234663852886e38, 3.4028235e38, 1.401298464324817e-45, 0.5, 1.5e300, -1.25, 12345.678, 1e16, 123456789.125, 2 ** -27, 2 ** -149]
  const r = makeRandom(4)
  for (let i = 0; i < 200; i++) list.push((r.below(2 ** 30) + r.below(2 ** 20) / 2 ** 20) * 10 ** (r.below(40) - 20))
  a.text.insert(0, 'x')
  a.text.insertEmbed(1, { list })
  a.text.format(0, 1, { n: 1e-9, text: 'a/b\u2028\u007f<é😀>\b\f\t\r' })
  return a.log
}

// Numbers where their form in bytes changes: of clients, of values, of lengths.
const edges = () => {
  const near = (...list) => list.flatMap((n) => [n - 1, n, n + 1]).filter((n) => n <= Number.MAX_SAFE_INTEGER)
  const clients = near(2 ** 7, 2 ** 14, 2 ** 21, 2 ** 28, 2 ** 32, 2 ** 35, 2 ** 49, 2 ** 53 - 1).map(peer)
  const values = near(0, 2 ** 6, 2 ** 13, 2 ** 20, 2 ** 27, 2 ** 31, 2 ** 32, 2 ** 53 - 1)
  for (const [i, { doc, text }] of clients.entries()) {
    doc.getArray('array').insert(0, [values[i % values.length], -values[i % values.length], -0])
    if (i % 3 === 0) text.insert(0, 'x'.repeat(126 + i / 3))
  }
  return clients.flatMap((c) => c.log)
}

// A half of a surrogate pair in each of two strings: v2 keeps them side by side.
const halves = () => {
  const a = peer(51)
  a.text.insert(0, 'a😀b😀c')
  const b = peer(52)
  Y.applyUpdate(b.doc, a.log[0])
  b.text.insert(2, 'in')
  b.text.delete(6, 1)
  return [a.log[0], Y.encodeStateAsUpdate(b.doc)]
}

// What only old versions wrote: values as JSON text each, undefined among them; and collected structs by themselves.
const legacy = () => {
  const e = encoding.createEncoder()
  const numbers = (...list) => list.forEach((n) => encoding.writeVarUint(e, n))
  const strings = (...list) => list.forEach((s) => encoding.writeVarString(e, s))
  numbers(2, 3, 61, 0)
  numbers(2, 1)
  strings('array')
  numbers(3)
  strings('1', '{"a":[true,"é😀"]}', 'undefined')
  encoding.writeUint8(e, 0x82) // with an origin
  numbers(61, 2, 1)
  strings('"x"')
  numbers(0, 5)
  numbers(1, 60, 0, 0, 2)
  numbers(1, 61, 1, 1, 1)
  return [encoding.toUint8Array(e)]
}

const random = (seed) => () => randomLog(seed, 25, (r) => r.pick(['text', 'array', 'map', 'xml']))

const cases = { backwards, strangers, overlapping, gaps, kinds, numbers, edges, halves, legacy }
for (let i = 1; i <= 6; i++) cases[`random-${i}`] = random(100 + i)

for (const [name, make] of Object.entries(cases)) {
  const updates = make()
  const doc = documentOf(updates)
  const merged = Y.mergeUpdates(updates)
  const v2 = Y.encodeStateAsUpdateV2(doc)
  writeFile(new URL(`${name}.bin`, import.meta.url), (e) => {
    encoding.writeVarUint(e, updates.length)
    for (const u of updates) {
      const asV2 = Y.convertUpdateFormatV1ToV2(u)
      for (const bytes of [u, asV2, Y.convertUpdateFormatV2ToV1(asV2)]) encoding.writeVarUint8Array(e, bytes)
    }
    encoding.writeVarUint8Array(e, Y.encodeStateAsUpdate(doc))
    encoding.writeVarUint8Array(e, v2)
    encoding.writeVarUint8Array(e, Y.encodeStateVector(doc))
    encoding.writeVarString(e, doc.getText('text').toString())
    encoding.writeVarUint8Array(e, merged)
    encoding.writeVarUint8Array(e, Y.encodeStateVectorFromUpdate(merged))
  })
  putInput('ydoc_merge', name, parts(updates.slice(0, 12)))
  putInput('ydoc_diff', name, parts([merged, Y.encodeStateVectorFromUpdate(updates[0])]))
  putInput('ydoc_v2', name, Buffer.concat([Buffer.from([2]), v2]))
  putInput('ydoc_v2', `${name}-v1`, Buffer.concat([Buffer.from([1]), merged]))
}
