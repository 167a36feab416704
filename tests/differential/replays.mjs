// Replay recorded keystrokes (editing-traces, *.json.gz) with a stock Yjs replica for each author; the engine gets
// every update, in order and then shuffled, and must hold the recorded text.
import { readFileSync, readdirSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import * as Y from 'yjs'
import { sameDocument, state } from './compare.mjs'
import { Wrong } from './peer.mjs'

const roots = { text: 'text' }

// Positions in the traces are code points, Yjs counts UTF-16 units. ASCII texts need no translation.
const units = (s, from, n) => {
  let i = from
  for (; n > 0; n--) i += s.codePointAt(i) > 0xffff ? 2 : 1
  return i
}

const patch = (author, patches, ascii) => {
  const text = author.doc.getText('text')
  author.doc.transact(() => {
    for (const [at, deleted, inserted] of patches) {
      let from = at
      let to = at + deleted
      if (!ascii) {
        const s = text.toString()
        from = units(s, 0, at)
        to = units(s, from, deleted)
      }
      if (to > from) text.delete(from, to - from)
      if (inserted) text.insert(from, inserted)
    }
  })
}

// What the author of a transaction has not seen of its past; it saw all of its own.
const catchUp = (author, trace, parents) => {
  const wanted = []
  const look = [...parents]
  while (look.length > 0) {
    const t = look.pop()
    if (author.seen.has(t)) continue
    author.seen.add(t)
    wanted.push(t)
    look.push(...(trace.txns[t].parents ?? (t > 0 ? [t - 1] : [])))
  }
  for (const t of wanted.sort((a, b) => a - b)) Y.applyUpdate(author.doc, trace.txns[t].update, 'remote')
}

const writeAll = (trace, ascii) => {
  const authors = Array.from({ length: trace.numAgents ?? 1 }, (_, i) => {
    const doc = new Y.Doc()
    doc.clientID = 1000 + i
    return { doc, seen: new Set() }
  })
  trace.txns.forEach((txn, i) => {
    const author = authors[txn.agent ?? 0]
    catchUp(author, trace, txn.parents ?? (i > 0 ? [i - 1] : []))
    author.doc.once('update', (update) => (txn.update = update))
    patch(author, txn.patches, ascii)
    txn.update ??= new Uint8Array([0, 0])
    author.seen.add(i)
  })
  const last = authors[0]
  catchUp(last, trace, trace.txns.map((_, i) => i))
  return last.doc
}

const check = (peer, trace, updates, expected) => {
  peer.reset()
  for (const update of updates) peer.apply(update)
  if (peer.text('text') !== trace.endContent) throw new Wrong('text differs')
  sameDocument(peer, expected, roots)
}

export const runReplays = (peer, directory, random) => {
  const summary = { schedules: 0, failed: 0, updates: 0 }
  for (const name of readdirSync(directory).filter((n) => n.endsWith('.json.gz'))) {
    try {
      const trace = JSON.parse(gunzipSync(readFileSync(`${directory}/${name}`)))
      const ascii = ![trace.startContent ?? '', ...trace.txns.flatMap((t) => t.patches.map((p) => p[2]))].some((s) =>
        /[\ud800-\udfff]/.test(s))
      if (trace.startContent) trace.txns.unshift({ patches: [[0, 0, trace.startContent]], agent: 0, parents: [] })
      const doc = writeAll(trace, ascii)
      if (doc.getText('text').toString() !== trace.endContent) throw new Error('Yjs itself differs')
      const updates = trace.txns.map((t) => t.update)
      const expected = state(doc, roots)
      check(peer, trace, updates, expected)
      // In any order within windows: what waits is bounded.
      const mixed = []
      for (let i = 0; i < updates.length; i += 500) mixed.push(...random.shuffled(updates.slice(i, i + 500)))
      check(peer, trace, mixed, expected)
      summary.updates += updates.length
      summary.schedules++
      console.log(`${name}: ${updates.length} updates`)
    } catch (err) {
      summary.failed++
      console.error(`${name}: ${err.message.slice(0, 300)}`)
      if (peer.ended) throw err
    }
  }
  return summary
}
