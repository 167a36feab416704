// Makes the documents that the benchmark puts: node prepare.mjs OUT MEGABYTES [TRACE.json.gz].
// TRACE is an editing trace, see docs/BENCHMARKS.md; without one a trace of the same kind is made up.
//   doc.update      the document of the trace as one update
//   doc.list        the same, with 4 bytes of length before it (little endian)
//   edits.list      one update for each edit
//   doc.sv, part.sv its state vector; the one after nine tenths of the edits
//   big.list        many copies, each by another client, together about MEGABYTES
//   facts.json      sizes, and how many clocks there are
import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import { createRequire } from 'node:module'

const [out, megabytes, trace] = process.argv.slice(2)
const Y = createRequire(path.join(process.cwd(), 'package.json'))('yjs')
const CLIENT = 0xf1e2d3c4 // five bytes as varUint, the first four above 127: they do not occur in text

// Like someone who writes: some letters, then some deleted again, now and then elsewhere.
function madeUp() {
  let seed = 1, length = 0, at = 0, left = 0, deletes = false
  const random = (n) => ((seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) >>> 8) % n
  const edits = []
  while (edits.length < 259778) {
    if (left-- <= 0) {
      left = random(60)
      deletes = random(10) < 3
      if (random(4) === 0) at = random(length + 1)
    }
    if (deletes && at > 0) {
      edits.push([--at, 1, ''])
      length--
    } else {
      edits.push([at++, 0, String.fromCharCode(97 + random(26))])
      length++
    }
  }
  return edits
}

function fromTrace() {
  const { txns } = JSON.parse(zlib.gunzipSync(fs.readFileSync(trace)))
  return txns.flatMap((t) => t.patches)
}

const withLength = (bytes) => Buffer.concat([Buffer.from(new Uint32Array([bytes.length]).buffer), bytes])
const write = (name, ...parts) => fs.writeFileSync(path.join(out, name), Buffer.concat(parts))

fs.mkdirSync(out, { recursive: true })
const edits = trace ? fromTrace() : madeUp()
const doc = new Y.Doc()
doc.clientID = CLIENT
const text = doc.getText('text')
const updates = []
doc.on('update', (u) => updates.push(withLength(u)))
edits.forEach(([at, deleted, inserted], i) => {
  doc.transact(() => {
    if (deleted) text.delete(at, deleted)
    if (inserted) text.insert(at, inserted)
  })
  if (i === Math.floor(edits.length * 0.9)) write('part.sv', Y.encodeStateVector(doc))
})
const update = Buffer.from(Y.encodeStateAsUpdate(doc))
const clocks = Y.getState(doc.store, CLIENT)

const varUint = (n) => {
  const bytes = []
  for (; n > 127; n = Math.floor(n / 128)) bytes.push((n % 128) | 128)
  return Buffer.from([...bytes, n])
}
function asClient(client) {
  const copy = Buffer.from(update), from = varUint(CLIENT), to = varUint(client)
  for (let at = copy.indexOf(from); at >= 0; at = copy.indexOf(from, at + 5)) to.copy(copy, at)
  return copy
}
const copies = Math.max(1, Math.round((megabytes * 1e6) / update.length))
const big = Array.from({ length: copies }, (_, i) => asClient(CLIENT - i * 128))
const check = new Y.Doc()
Y.applyUpdate(check, big[copies - 1])
if (check.getText('text').toString() !== text.toString()) throw new Error('a copy is not what it was made from')

write('doc.update', update)
write('doc.list', withLength(update))
write('doc.sv', Y.encodeStateVector(doc))
fs.writeFileSync(path.join(out, 'edits.list'), Buffer.concat(updates))
write('big.list', ...big.map(withLength))
fs.writeFileSync(path.join(out, 'facts.json'), JSON.stringify({
  trace: trace ? path.basename(trace) : 'made up', edits: edits.length, clocks, bytes: update.length,
  edit_bytes: updates.reduce((n, u) => n + u.length - 4, 0), big_clocks: clocks * copies, big_bytes: update.length * copies,
}))
