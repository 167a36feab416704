// The engine's events are those of Yjs.
import * as Y from 'yjs'
import { json, same } from './compare.mjs'
import { copyOf } from './edit_ops.mjs'
import { units } from './edit_rights.mjs'
import { Wrong } from './peer.mjs'

// Adjacent changes of the same kind and attributes are one, whoever wrote them.
const joined = (delta) => {
  const out = []
  for (const d of delta) {
    const last = out[out.length - 1]
    if (last && last.kind === d.kind && json(last.attributes) === json(d.attributes)) last.len += d.len
    else out.push({ ...d })
  }
  return out
}

const length = (insert) => (typeof insert === 'string' || Array.isArray(insert) ? insert.length : 1)

// All texts of a document with what they hold: attributes of each unit.
const texts = (doc, types) => {
  const found = Object.values(types).filter((t) => t instanceof Y.Text)
  for (const structs of doc.store.clients.values())
    for (const s of structs) if (s.content?.type instanceof Y.Text && !s.deleted) found.push(s.content.type)
  return new Map(found.map((t) => [t, flat(t)]))
}
const flat = (text) => {
  const at = []
  for (const d of text.toDelta())
    for (let i = 0; i < (typeof d.insert === 'string' ? d.insert.length : 1); i++) at.push(d.attributes ?? {})
  return { ids: units(text), at }
}

// What really changed: Yjs's own delta says attributes of text that had them before, when marks are doubled.
const difference = (before, after) => {
  const out = []
  const left = new Set(after.ids)
  const was = new Map(before.ids.map((id, i) => [id, i]))
  const drop = (i) => {
    for (; i < before.ids.length && !left.has(before.ids[i]); i++) out.push({ kind: 'delete', len: 1, attributes: {} })
  }
  drop(0)
  after.ids.forEach((id, i) => {
    const now = after.at[i]
    if (!was.has(id)) {
      out.push({ kind: 'insert', len: 1, attributes: now })
      return
    }
    const old = before.at[was.get(id)]
    const attributes = {}
    for (const key of new Set([...Object.keys(now), ...Object.keys(old)]))
      if (json(now[key] ?? null) !== json(old[key] ?? null)) attributes[key] = now[key] ?? null
    out.push({ kind: 'retain', len: 1, attributes })
    drop(was.get(id) + 1)
  })
  const delta = ordered(joined(out))
  while (delta.length > 0 && delta.at(-1).kind === 'retain' && json(delta.at(-1).attributes) === '{}') delta.pop()
  return delta
}

// Between two retains: first what went, then what came.
const ordered = (delta) => {
  const out = []
  for (const d of delta) {
    let at = out.length
    while (d.kind === 'delete' && at > 0 && out[at - 1].kind === 'insert') at--
    out.splice(at, 0, d)
  }
  return joined(out)
}

const theirEvents = (doc, types, update) => {
  const seen = []
  const before = texts(doc, types)
  const changed = []
  for (const [name, type] of Object.entries(types)) {
    type.observeDeep((events) => {
      for (const event of events) {
        // Asking a text's event for its delta deletes superfluous marks, which is an event of its own.
        if (changed.some(([text]) => text === event.target)) continue
        const delta = event.changes.delta.map((d) => {
          const kind = ['retain', 'insert', 'delete'].find((k) => d[k] !== undefined)
          return { kind, len: kind === 'insert' ? length(d.insert) : d[kind], attributes: d.attributes ?? {} }
        })
        const keys = Object.fromEntries([...event.changes.keys].map(([k, v]) => [k, v.action]))
        const e = { path: [name, ...event.path], keys, delta: ordered(joined(delta)) }
        if (event.target instanceof Y.Text) changed.push([event.target, e])
        seen.push(e)
      }
    })
  }
  Y.applyUpdate(doc, update)
  for (const [text, e] of changed) {
    const plain = [...e.delta].every((d) => json(d.attributes) === '{}')
    const really = difference(before.get(text), flat(text))
    if (plain && json(really) !== json(e.delta)) throw new Error(`the test itself: ${json(e.delta)} / ${json(really)}`)
    e.delta = really
  }
  return seen
}

const ourEvents = (text, clients) => JSON.parse(text).slice(0, -1).map((e) => {
  let index = 0
  for (const d of e.delta.slice(0, -1)) {
    if (d.index !== index) throw new Wrong('index of a change', `: ${d.index} instead of ${index}`)
    index += d.retain ?? d.insert ?? 0
    if (d.insert && !clients.has(d.client)) throw new Wrong('author of a change', `: ${d.client}`)
  }
  const delta = e.delta.slice(0, -1).map((d) => {
    const kind = ['retain', 'insert', 'delete'].find((k) => d[k] !== undefined)
    return { kind, len: d[kind], attributes: d.attributes ?? {} }
  })
  return { path: e.path, keys: e.keys, delta: ordered(joined(delta)) }
})

const listed = (events) => events.filter((e) => e.delta.length > 0 || Object.keys(e.keys).length > 0).map(json).sort().join('\n')

export const applyWithEvents = (peer, mirror, update) => {
  const copy = copyOf(mirror)
  const expected = theirEvents(copy.doc, copy.types, update)
  const clients = new Set(copy.doc.store.clients.keys())
  const mine = ourEvents(peer.ok('v', update).toString(), clients)
  same('events', listed(mine), listed(expected))
  copy.doc.destroy()
}
