// One random schedule with yrs as an author and a second opinion: stock Yjs clients and one yrs client edit with
// partitions, the engine gets all their updates in any order. Yjs is the measure; where yrs alone differs that is
// said, and nothing fails.
import * as Y from 'yjs'
import { replica, sameDocument, state } from './compare.mjs'
import { randomText } from './edits.mjs'
import { Wrong } from './peer.mjs'
import { makeRandom } from './random.mjs'

const roots = { text: 'text', map: 'map' }
const kinds = Object.keys(roots)

const utf8 = (s) => Buffer.from(s)
const isLow = (code) => code >= 0xdc00 && code <= 0xdfff
// yrs cannot cut a pair, nor count through embeds: its edits keep to the places between characters.
const between = (s, i) => (isLow(s.charCodeAt(i)) ? i - 1 : i)

class YrsAuthor {
  constructor(peer, r) {
    this.peer = peer
    this.r = r
    this.unseen = []
  }

  open = (id) => {
    const { status } = this.peer.send('w', utf8(String(id)))
    if (status !== 0) throw new Error('yrs does not start')
  }

  apply = (update) => {
    const { status, body } = this.peer.send('a', update)
    if (status !== 0) throw new Error(`yrs does not take an update: ${body}`)
  }

  diff = (sv) => this.peer.send('d', sv).body

  // Returns the update, or null when yrs would not.
  edit = () => {
    const { r } = this
    const text = this.peer.send('t', utf8('text')).body.toString()
    const at = between(text, r.below(text.length + 1))
    const to = Math.max(at, between(text, Math.min(text.length, at + r.below(6))))
    const key = r.pick(['a', 'b', 'ключ'])
    const command = r.pick(text.length > 0 ? ['i', 'i', 'i', 'x', 'x', 'f', 'k', 'r'] : ['i', 'k'])
    const body = {
      i: `text\n${at}\n${randomText(r)}`,
      x: `text\n${at}\n${to - at}`,
      f: `text\n${at}\n${to - at}\nbold\n${r.pick(['yes', 'null'])}`,
      k: `map\n${key}\n${r.below(100)}`,
      r: `map\n${key}`,
    }[command]
    if ((command === 'x' || command === 'f') && to === at) return null
    const answer = this.peer.send(command, utf8(body))
    if (answer.status === -100) throw new Error('yrs panicked')
    return answer.status === 0 && answer.body.length > 2 ? answer.body : null
  }
}

const yjsEdit = (r, doc) => {
  const text = doc.getText('text')
  const plain = text.toString()
  const at = between(plain, r.below(text.length + 1))
  const len = Math.max(0, between(plain, Math.min(text.length, at + 1 + r.below(6))) - at)
  switch (r.below(6)) {
    case 0: case 1: case 2: return text.insert(at, randomText(r))
    case 3: return len > 0 ? text.delete(at, len) : undefined
    case 4: return doc.getMap('map').set(r.pick(['a', 'b', 'ключ']), r.below(100))
    default: return doc.getMap('map').delete(r.pick(['a', 'b', 'ключ']))
  }
}

const write = (r, clients, yrs, steps) => {
  const log = []
  const publish = (from, update) => {
    log.push(update)
    for (const c of [...clients, yrs]) if (c !== from) c.unseen.push(update)
  }
  for (const c of clients)
    c.doc.on('update', (update, origin) => {
      if (origin !== 'remote') publish(c, update)
    })
  for (let i = 0; i < steps; i++) {
    if (r.chance(35)) {
      const update = yrs.edit()
      if (update) publish(yrs, update)
    } else {
      const c = r.pick(clients)
      c.doc.transact(() => yjsEdit(r, c.doc))
    }
    if (!r.chance(50)) continue
    const to = r.pick([...clients, yrs])
    const n = r.below(to.unseen.length + 1)
    for (const update of to.unseen.splice(0, n)) {
      if (to === yrs) yrs.apply(update)
      else Y.applyUpdate(to.doc, update, 'remote')
    }
  }
  return log
}

// Returns { updates, agrees }: whether yrs, too, has the same document.  An error of the engine carries `failing` as in
// schedule.mjs.
export const runYrsSchedule = (peer, yrsPeer, seed) => {
  const r = makeRandom(seed)
  const clients = Array.from({ length: 1 + r.below(3) }, () => {
    const doc = new Y.Doc()
    doc.clientID = r.clientId()
    kinds.forEach((k) => doc.get(k, k === 'map' ? Y.Map : Y.Text))
    return { doc, unseen: [] }
  })
  const yrs = new YrsAuthor(yrsPeer, r)
  yrs.open(r.clientId())
  const log = write(r, clients, yrs, 5 + r.below(60))
  if (log.length === 0) return { updates: 0, agrees: true }
  const truth = replica()
  for (const update of log) Y.applyUpdate(truth, update)
  const expected = state(truth, roots)
  truth.destroy()
  peer.reset()
  const given = r.shuffled([...log, ...log.slice(0, r.below(log.length + 1))])
  try {
    for (const update of given) peer.apply(update)
    sameDocument(peer, expected, roots)
    if (peer.pendingBytes !== 0) throw new Wrong('something waits for ever')
  } catch (err) {
    throw Object.assign(err, { failing: { what: 'updates', given, log, halves: false, keeps: false } })
  }
  // yrs takes what it misses from the engine.
  const sv = yrsPeer.send('s').body
  yrs.apply(peer.diff(sv))
  const mirror = replica()
  Y.applyUpdate(mirror, yrs.diff(new Uint8Array(0)))
  const agrees = state(mirror, roots).visible === expected.visible
  mirror.destroy()
  for (const c of clients) c.doc.destroy()
  return { updates: log.length, agrees }
}
