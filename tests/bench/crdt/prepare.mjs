// Makes the inputs that all engines read: prepare.mjs FOLDER [TRACES]
//   NAME.updates  varUint length + bytes, for each update in the order in which it is applied
//   NAME.doc      the whole document as one update
//   NAME.edits    its text (varUint length + UTF-8), then for each edit: where (UTF-16), how much is deleted, what is put in
// TRACES: a folder with recorded keystrokes (*.json.gz of josephg/editing-traces).  Inputs that are there already are kept.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { Y, encoding } from '../../differential/yjs.mjs'
import { random } from './random.mjs'

const [folder, traces] = process.argv.slice(2)
mkdirSync(folder, { recursive: true })

const listOf = (updates) => {
  const out = encoding.createEncoder()
  for (const update of updates) encoding.writeVarUint8Array(out, update)
  return encoding.toUint8Array(out)
}

const make = (name, fill) => {
  if (existsSync(`${folder}/${name}.updates`)) return
  const { updates, doc } = fill()
  if (doc) writeFileSync(`${folder}/${name}.doc`, Y.encodeStateAsUpdate(doc))
  writeFileSync(`${folder}/${name}.updates`, listOf(updates))
  console.error(`${name}: ${updates.length} updates`)
}

const replica = (clientID, sink) => {
  const doc = new Y.Doc()
  doc.clientID = clientID
  doc.on('update', (update, origin) => origin === 'sync' || sink(update))
  return doc
}

// Positions of the traces count code points; those of Yjs UTF-16 units.
const utf16 = (text, from, count) => {
  let at = from
  for (; count > 0; count--) at += text.codePointAt(at) > 0xffff ? 2 : 1
  return at
}

const editText = (text, astral, [position, deleted, inserted]) => {
  let from = position
  let length = deleted
  if (astral) {
    const now = text.toString()
    from = utf16(now, 0, position)
    length = utf16(now, from, deleted) - from
  }
  if (length > 0) text.delete(from, length)
  if (inserted) text.insert(from, inserted)
}

const readTrace = (file) => JSON.parse(gunzipSync(readFileSync(`${traces}/${file}.json.gz`)))

// One author: each patch is a transaction of its own.
const sequential = (trace) => () => {
  const updates = []
  const doc = replica(3141592653, (u) => updates.push(u))
  const text = doc.getText('text')
  const astral = /[\ud800-\udfff]/.test(JSON.stringify(trace.txns.map((t) => t.patches)))
  for (const { patches } of trace.txns) for (const patch of patches) editText(text, astral, patch)
  if (text.toString() !== trace.endContent) throw new Error('the replay went wrong')
  return { updates, doc }
}

// Many texts in one document, one behind the other, each written by turns of 1,000 edits of the trace: so it grows everywhere.
const editsOf = (trace, copies) => {
  const patches = trace.txns.flatMap((t) => t.patches)
  if (/[\ud800-\udfff]/.test(trace.endContent + JSON.stringify(patches))) throw new Error('positions of this trace are not in UTF-16')
  const out = encoding.createEncoder()
  const lengths = Array(copies).fill(0)
  encoding.writeVarString(out, trace.endContent.repeat(copies))
  for (let from = 0; from < patches.length; from += 1000)
    for (let copy = 0, offset = 0; copy < copies; offset += lengths[copy++])
      for (const [position, deleted, inserted] of patches.slice(from, from + 1000)) {
        encoding.writeVarUint(out, offset + position)
        encoding.writeVarUint(out, deleted)
        encoding.writeVarString(out, inserted)
        lengths[copy] += inserted.length - deleted
      }
  return encoding.toUint8Array(out)
}

const makeEdits = (name, trace, copies) => {
  if (existsSync(`${folder}/${name}.edits`)) return
  writeFileSync(`${folder}/${name}.edits`, editsOf(trace, copies))
  console.error(`${name}: edits by index`)
}

// Several authors: each has a replica, which gets what a transaction's parents imply just before it.
const concurrent = (trace) => () => {
  const updates = []
  const at = [] // transaction -> its updates
  let mine = null
  const docs = Array.from({ length: trace.numAgents }, (_, i) =>
    replica(1000000007 * (i + 1), (u) => (updates.push(u), mine.push(u)))
  )
  const seen = docs.map(() => new Set())
  trace.txns.forEach(({ agent, parents, patches }, i) => {
    const missing = []
    const stack = [...parents]
    while (stack.length > 0) {
      const p = stack.pop()
      if (seen[agent].has(p)) continue
      seen[agent].add(p)
      missing.push(p)
      stack.push(...trace.txns[p].parents)
    }
    for (const p of missing.sort((a, b) => a - b))
      if (trace.txns[p].agent !== agent) for (const u of at[p]) Y.applyUpdate(docs[agent], u, 'sync')
    mine = at[i] = []
    seen[agent].add(i)
    const text = docs[agent].getText('text')
    docs[agent].transact(() => patches.forEach((patch) => editText(text, false, patch)))
  })
  const doc = new Y.Doc()
  for (const u of updates) Y.applyUpdate(doc, u)
  if (doc.getText('text').toString() !== trace.endContent) throw new Error('the replay went wrong')
  return { updates, doc }
}

// crdt-benchmarks B2.4: two people insert words and delete, each without the other, N times each.
const insertAndDelete = (n) => () => {
  const rnd = random(24)
  const sides = [[], []]
  const docs = [0, 1].map((i) => replica(11 + i, (u) => sides[i].push(u)))
  docs[0].getText('text').insert(0, rnd.word(100))
  for (const u of sides[0]) Y.applyUpdate(docs[1], u, 'sync')
  const start = sides[0].splice(0)
  for (const doc of docs) {
    const text = doc.getText('text')
    for (let i = 0; i < n; i++) {
      const at = rnd.below(text.length + 1)
      if (at === text.length || rnd.below(2)) text.insert(at, rnd.word(3 + rnd.below(7)))
      else text.delete(at, Math.min(text.length - at, 1 + rnd.below(9)))
    }
  }
  const doc = new Y.Doc()
  const updates = [...start, ...sides[0], ...sides[1]]
  for (const u of updates) Y.applyUpdate(doc, u)
  return { updates, doc }
}

// crdt-benchmarks B3.4: 20 * sqrt(N) people put a word at the start of one array at the same time.
const manyAtOnce = (n) => () => {
  const rnd = random(34)
  const updates = []
  for (let i = 0; i < Math.floor(Math.sqrt(n)) * 20; i++) {
    const one = replica(1 + rnd.below(4294967295), (u) => updates.push(u))
    one.getArray('array').insert(0, [rnd.word(8)])
    one.destroy()
  }
  const doc = new Y.Doc()
  for (const u of updates) Y.applyUpdate(doc, u)
  return { updates, doc }
}

// One word each by people who never met: a document that many have touched.
const oneEach = (n) => () => {
  const rnd = random(8)
  const updates = []
  for (let i = 0; i < n; i++) {
    const one = replica(1 + rnd.below(4294967295), (u) => updates.push(u))
    one.getText('text').insert(0, rnd.word(4))
    one.destroy()
  }
  return { updates }
}

make('clients-4000', oneEach(4000))
make('clients-8000', oneEach(8000))
make('B2.4', insertAndDelete(6000))
make('B3.4', manyAtOnce(6000))
if (traces) {
  make('B4', sequential(readTrace('automerge-paper')))
  makeEdits('B4', readTrace('automerge-paper'), 1)
  makeEdits('B4-ten-times', readTrace('automerge-paper'), 10)
  for (const file of ['rustcode', 'sveltecomponent'])
    if (existsSync(`${traces}/${file}.json.gz`)) make(file, sequential(readTrace(file)))
  if (existsSync(`${traces}/friendsforever.json.gz`))
    make('friendsforever', concurrent(readTrace('friendsforever')))
}
