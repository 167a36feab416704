// Updates made to cost as much as they can: each is a list of honest updates and, as the last, the hostile one of at most 1 MB.
import { encoding } from '../../differential/yjs.mjs'
import { random } from './random.mjs'

const MAX = 1000000
const GC = 0, STRING = 4, TYPE = 7, ANY = 8
const ORIGIN = 0x80, RIGHT = 0x40, SUB = 0x20

const uint = encoding.writeVarUint

const id = (e, [client, clock]) => {
  uint(e, client)
  uint(e, clock)
}

// origin, right: [client, clock] or null; body writes the content.
const struct = (e, kind, origin, right, body, { root = 'text', parent, sub } = {}) => {
  encoding.writeUint8(e, kind | (origin ? ORIGIN : 0) | (right ? RIGHT : 0) | (sub === undefined ? 0 : SUB))
  if (origin) id(e, origin)
  if (right) id(e, right)
  if (!origin && !right) {
    uint(e, parent ? 0 : 1)
    if (parent) id(e, parent)
    else encoding.writeVarString(e, root)
    if (sub !== undefined) encoding.writeVarString(e, sub)
  }
  body(e)
}
const text = (s) => (e) => encoding.writeVarString(e, s)
const nullValue = (e) => (uint(e, 1), encoding.writeUint8(e, 126))
const list = (e) => uint(e, 0)

// sections: [client, first clock, number of structs, (e) => writes them]; ranges: [client, [clock, length]…]
const update = (sections, ranges = []) => {
  const e = encoding.createEncoder()
  uint(e, sections.length)
  for (const [client, clock, count, write] of sections.sort((a, b) => b[0] - a[0])) {
    uint(e, count)
    uint(e, client)
    uint(e, clock)
    write(e)
  }
  uint(e, ranges.length)
  for (const [client, ...all] of ranges) {
    uint(e, client)
    uint(e, all.length)
    for (const r of all) id(e, r)
  }
  return encoding.toUint8Array(e)
}

// As many sections as fit, each made by one(i).
const fill = (one, perStruct) => {
  const sections = []
  for (let i = 0; i < MAX / perStruct - 1; i++) sections.push(one(i))
  return update(sections)
}
const single = (client, kind, origin, right, body, where) => [
  client, 0, 1, (e) => struct(e, kind, origin, right, body, where)
]

const base = (n, s = 'a') =>
  update([[1, 0, n, (e) => { for (let i = 0; i < n; i++) struct(e, STRING, i ? [1, i - 1] : null, null, text(s)) }]])

const shuffled = (n, rnd) => {
  const v = Array.from({ length: n }, (_, i) => i)
  for (let i = n - 1; i > 0; i--) {
    const j = rnd.below(i + 1)
    ;[v[i], v[j]] = [v[j], v[i]]
  }
  return v
}

// One client: a run that is cut up, by its right origins, into as many places as there are structs.
const ladder = (n, order) =>
  update([
    [2, 0, n, (e) => { for (let i = 0; i < n; i++) struct(e, GC + STRING, [1, 0], [1, order(i)], text('x')) }]
  ])

export const hostileInputs = () => {
  const rnd = random(7)
  const n = 90000
  const ids = shuffled(60000, rnd)
  const long = [base(1, 'a'.repeat(n + 1))]
  const emoji = '\u{1f600}'.repeat(180000)
  const run = (s) => update([[1, 0, 1, (e) => struct(e, STRING, null, null, text(s))]])
  const every = (from, step, count, len = 1) => Array.from({ length: count }, (_, i) => [from + i * step, len])
  return [
    ['siblings-up', [fill((i) => single(1 + i, STRING, null, null, text('x')), 13)]],
    ['siblings-random', [fill((i) => single(1 + (ids[i] ?? 60000 + i), STRING, null, null, text('x')), 15)]],
    ['ladder-up', [...long, ladder(n, (i) => 1 + i)]],
    ['ladder-down', [...long, ladder(n, (i) => n - i)]],
    ['ladder-clients', [
      ...long,
      fill((i) => single(2 + (ids[i] ?? i), STRING, [1, 0], [1, 1 + (ids[(i * 7 + 3) % 50000] ?? i)], text('x')), 17)
    ]],
    ['chain-branches', [
      // Two clients take turns, so nothing joins; then each link gets a second child, from the top.
      update([5, 6].map((c) => [c, 0, 25000, (e) => {
        for (let i = 0; i < 25000; i++)
          struct(e, STRING, c === 5 ? (i ? [6, i - 1] : null) : [5, i], null, text('x'))
      }])),
      update([[9, 0, 50000, (e) => {
        for (let i = 0; i < 50000; i++) struct(e, STRING, [5 + (i & 1), i >> 1], null, text('y'))
      }]])
    ]],
    ['cuts', [run('a'.repeat(400000)), update([], [[1, ...every(1, 2, 190000)]])]],
    ['emoji-cuts', [run(emoji), update([], [[1, ...every(1, 2, 175000)]])]],
    ['emoji-holes', [run(emoji), update([], [[1, ...every(1, 4, 90000, 2)]])]],
    ['unknown-deletes', [update([], [[1, ...every(1, 2, 200000)]])]],
    ['clients', [fill((i) => single(4000000000 + i, ANY, null, null, nullValue, { root: 'a' }), 16)]],
    ['types', [update([[3, 0, 160000, (e) => {
      for (let i = 0; i < 160000; i++) struct(e, TYPE, i ? [3, i - 1] : null, null, list)
    }]])]],
    ['map-chain', [update([[3, 0, 110000, (e) => {
      for (let i = 0; i < 110000; i++) struct(e, ANY, i ? [3, i - 1] : null, null, nullValue, { sub: 'k' })
    }]])]],
    ['map-keys', [update([[3, 0, 90000, (e) => {
      for (let i = 0; i < 90000; i++) struct(e, ANY, null, null, nullValue, { root: 'm', sub: i.toString(36) })
    }]])]],
    ['map-siblings', [fill((i) => single(1 + (ids[i] ?? 60000 + i), ANY, null, null, nullValue, { root: 'm', sub: 'k' }), 16)]],
    ['waiting', Array.from({ length: 2000 }, (_, i) =>
      update([[8, 2 * i + 1, 1, (e) => struct(e, STRING, [8, 2 * i], null, text('x'))]])
    ).concat([update([[8, 0, 1, (e) => struct(e, STRING, null, null, text('x'))]])])]
  ]
}
