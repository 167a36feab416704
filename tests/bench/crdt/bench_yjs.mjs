// Measures Yjs on the inputs that prepare.mjs makes: node --expose-gc bench_yjs.mjs FOLDER [SECONDS] [FILE]; the same lines as bench_ydoc.c.
import { readFileSync, readdirSync } from 'node:fs'
import { Y } from '../../differential/yjs.mjs'

const [folder, seconds = '1', only] = process.argv.slice(2)

// Processor time of the whole process, so that what else runs on the machine counts less.
const cpu = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

class Input {
  at = 0

  constructor(bytes) {
    this.bytes = bytes
  }

  ended = () => this.at === this.bytes.length

  number = () => {
    let value = 0
    for (let shift = 1; ; shift *= 128) {
      const byte = this.bytes[this.at++]
      value += (byte & 127) * shift
      if (byte < 128) return value
    }
  }

  blob = () => {
    const length = this.number()
    return this.bytes.subarray(this.at, (this.at += length))
  }
}

const listOf = (bytes) => {
  const out = []
  for (const input = new Input(bytes); !input.ended(); ) out.push(input.blob())
  return out
}

const say = (measure, input, unit, values) =>
  console.log(`yjs ${measure} ${input} ${unit} ${values.map((v) => v.toFixed(4)).join(' ')}`)

const rounds = (measure, input, most, one) => {
  const begin = performance.now()
  const times = []
  while (times.length < 3 || (times.length < most && performance.now() - begin < seconds * 1000)) {
    const t = cpu()
    one()
    times.push(cpu() - t)
  }
  say(measure, input, 'ms', times)
}

// What stays allocated; the smallest of three, since the collector is not exact.
const heap = (measure, input, make) => {
  let least = Infinity
  for (let i = 0; i < 3; i++) {
    for (let k = 0; k < 5; k++) globalThis.gc()
    const before = process.memoryUsage().heapUsed
    const kept = make()
    globalThis.gc()
    least = Math.min(least, process.memoryUsage().heapUsed - before)
    kept.destroy()
  }
  say(measure, input, 'bytes', [least])
}

const applied = (updates, observe) => {
  const doc = new Y.Doc()
  if (observe) doc.on('update', () => {})
  for (const u of updates) Y.applyUpdate(doc, u)
  return doc
}

const measureDoc = (input, bytes) => {
  heap('heap', input, () => applied([bytes])) // first, while there is no garbage of the others
  rounds('parse', input, 100, () => {
    const doc = applied([bytes])
    doc.getText('text').toString()
  })
  const fresh = Array.from({ length: 30 }, () => applied([bytes]))
  rounds('encode', input, fresh.length, () => Y.encodeStateAsUpdate(fresh.pop()))
  const doc = applied([bytes])
  Y.encodeStateAsUpdate(doc)
  rounds('encode-again', input, 100, () => Y.encodeStateAsUpdate(doc))
}

const measureUpdates = (input, bytes) => {
  const updates = listOf(bytes)
  if (input.startsWith('clients-')) return rounds('merge', input, 3, () => Y.mergeUpdates(updates))
  rounds('apply', input, 10, () => applied(updates))
  rounds('apply+relay', input, 10, () => applied(updates, true))
  for (const n of [1000, 3000, 10000])
    if (updates.length >= n && (input === 'B4' || n === 10000))
      rounds(`merge-${n}`, input, 3, () => Y.mergeUpdates(updates.slice(0, n)))
}

// Every edit is a transaction, and its update is made. Returns at which edit it was stopped, 0: it was not.
const type = (edits, text, began) => {
  const expected = edits.blob()
  for (let n = 0; !edits.ended(); n++) {
    if (n % 4096 === 0 && cpu() - began > 60000) return n
    const [at, deleted, inserted] = [edits.number(), edits.number(), edits.blob()]
    text.doc.transact(() => {
      if (deleted) text.delete(at, deleted)
      if (inserted.length > 0) text.insert(at, inserted.toString())
    })
  }
  if (text.toString() !== expected.toString()) throw new Error('the text is not the one that was typed')
  return 0
}

// At most 3 rounds; none begins after 20 s of processor time, and one that takes 60 s is stopped: as in the programs beside this file.
const measureTyping = (input, bytes) => {
  const began = cpu()
  const times = []
  while (times.length < 3 && (times.length === 0 || cpu() - began < 20000)) {
    const doc = new Y.Doc()
    doc.on('update', () => {})
    const t = cpu()
    const stopped = type(new Input(bytes), doc.getText('text'), t)
    if (stopped) return console.log(`yjs type ${input} says stopped after 60 s at edit ${stopped}`)
    times.push(cpu() - t)
    doc.destroy()
  }
  say('type', input, 'ms', times)
}

const measureHostile = (input, bytes) => {
  const updates = listOf(bytes)
  const hostile = updates.pop()
  const doc = applied(updates)
  const t = cpu()
  try {
    Y.applyUpdate(doc, hostile)
  } catch (e) {
    console.log(`yjs hostile ${input} says ${e.constructor.name}`)
  }
  say('hostile', input, 'ms', [cpu() - t])
}

for (const name of readdirSync(folder).sort()) {
  const [input, kind] = [name.slice(0, name.lastIndexOf('.')), name.slice(name.lastIndexOf('.') + 1)]
  if (only ? name !== only : input.startsWith('hostile-')) continue
  const bytes = readFileSync(`${folder}/${name}`)
  if (kind === 'doc') measureDoc(input, bytes)
  else if (kind === 'updates' && input.startsWith('hostile-')) measureHostile(input, bytes)
  else if (kind === 'updates') measureUpdates(input, bytes)
  else if (kind === 'edits') measureTyping(input, bytes)
}
