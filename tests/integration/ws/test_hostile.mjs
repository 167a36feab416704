// Hostile clients against the daemon: the others do not notice.
import net from 'node:net'
import * as Y from 'yjs'
import * as encoding from 'lib0/encoding'
import { daemon, docSocket, equal, newRoom, ok, patience, provider, sleep, socketPath, synced, test, until } from './harness.mjs'

const main = (room) => room.files['main.py']
const bytes = (write) => encoding.encode(write)
const message = (type, kind, body) => bytes((e) => {
  encoding.writeVarUint(e, type)
  if (kind !== null) encoding.writeVarUint(e, kind)
  encoding.writeVarUint8Array(e, body)
})
const update = (body) => message(0, 2, body)

// Two good clients of the same document; each edit of one is timed until the other has it.
async function pair(room) {
  const a = provider(room.room, main(room), { token: room.token })
  const b = provider(room.room, main(room), { token: room.token })
  await Promise.all([synced(a), synced(b)])
  const times = []
  let on = true
  const run = (async () => {
    for (let i = 0; on; i++) {
      const began = performance.now()
      a.doc.getMap('beat').set('n', i)
      await until('a beat arrives', () => b.doc.getMap('beat').get('n') === i, 10000)
      times.push(performance.now() - began)
      await sleep(5)
    }
  })()
  return {
    a, b,
    async end(what) {
      const seen = times.length
      await until('more beats', () => times.length >= seen + 20, 20000)
      on = false
      await run
      times.sort((x, y) => x - y)
      equal([...a.closes, ...b.closes], [], `connections lost during: ${what}`)
      // The attackers are in this process, too: much of it is their work.
      ok(times[Math.floor(times.length * 0.75)] < 250 * patience, `${what}: three of four edits take at most 250 ms, not ${times.map(Math.round)}`)
      ok(times.at(-1) < 3000 * patience, `${what}: no edit takes ${Math.round(times.at(-1))} ms`)
    },
  }
}

async function attack(room, frames) {
  const s = docSocket(room.room, main(room), { token: room.token })
  await until('greeted', () => s.binary.length > 0 || s.closed)
  for (const f of frames) {
    if (s.closed) break
    s.ws.send(f)
    if (s.ws.bufferedAmount > 1 << 20) await sleep(1)
  }
  return s
}

// One struct of a client from a clock on, which follows one that nobody sent.
const orphan = (client, clock, text) => bytes((e) => {
  for (const n of [1, 1, client, clock]) encoding.writeVarUint(e, n)
  encoding.writeUint8(e, 0x84)
  encoding.writeVarUint(e, client)
  encoding.writeVarUint(e, clock - 1)
  encoding.writeVarString(e, text)
  encoding.writeVarUint(e, 0)
})

test('hostile: 2,000 updates that wait for a missing one', async () => {
  const room = newRoom()
  const good = await pair(room)
  await attack(room, Array.from({ length: 2000 }, (_, i) => update(orphan(77, 10 + 2 * i, 'x'))))
  await attack(room, Array.from({ length: 2000 }, (_, i) => update(orphan(1000 + i, 10, 'y'))))
  await good.end('waiting updates')
})

// What stock clients log, instead of throwing it at us, while work() runs.
async function logged(work) {
  const { error } = console, lines = []
  console.error = (...args) => lines.push(args.map(String).join(' '))
  try {
    await work()
  } finally {
    console.error = error
  }
  return lines
}
const clockOf = (p, client) => Y.decodeStateVector(Y.encodeStateVector(p.doc)).get(client) ?? 0

test('hostile: the rest of a struct whose first part was collected', async () => {
  const room = newRoom()
  const good = await pair(room)
  const name = [4, ...Buffer.from('text')]
  const lines = await logged(async () => {
    await attack(room, [
      [1, 2, 5, 0, 0x27, 1, 1, 109, 1, 107, 2, 0x04, 0, 5, 0, 1, 120, 0], // a letter in a text in a map …
      [0, 1, 5, 1, 0, 1], // … which is deleted; then the same letter and two more, in a root
      [1, 1, 5, 1, 0x04, 1, ...name, 3, 120, 121, 122, 0],
    ].map((body) => update(new Uint8Array(body))))
    await until('all of it is with both', () => [good.a, good.b].every((p) => clockOf(p, 5) === 4))
    await good.end('the rest of a collected struct')
  })
  equal(lines, [], 'what stock clients logged')
})

// One letter of the client that goes in, and a struct of somebody else that waits for what nobody sends.
const half = (client, i) => update(bytes((e) => {
  for (const n of [2, 1, client * 1000 + i, 10]) encoding.writeVarUint(e, n)
  encoding.writeUint8(e, 0x84)
  for (const n of [client * 1000 + i, 9]) encoding.writeVarUint(e, n)
  encoding.writeVarString(e, 'waits')
  for (const n of [1, client, i]) encoding.writeVarUint(e, n)
  encoding.writeUint8(e, i === 0 ? 4 : 0x84)
  if (i === 0) { encoding.writeVarUint(e, 1); encoding.writeVarString(e, 'letters') }
  else for (const n of [client, i - 1]) encoding.writeVarUint(e, n)
  encoding.writeVarString(e, 'x')
  encoding.writeVarUint(e, 0)
}))

test('hostile: 1,000 edits of which a part waits for ever', async () => {
  const room = newRoom(), clients = [6, 7, 8, 9], each = 250 // more of them end a connection
  const good = await pair(room)
  for (const client of clients) await attack(room, Array.from({ length: each }, (_, i) => half(client, i)))
  const arrived = (p) => clients.every((client) => clockOf(p, client) === each)
  await until('what does not wait is with both', () => [good.a, good.b].every(arrived), 20000)
  await good.end('edits that wait in part')
  const late = provider(room.room, main(room), { token: room.token })
  await synced(late)
  ok(arrived(late), 'who joins has what does not wait')
  for (const p of [good.a, good.b, late]) ok(p.doc.store.pendingStructs === null, 'nothing waits in stock clients')
})

test('hostile: 20,000 types nested in each other', async () => {
  const room = newRoom()
  const good = await pair(room)
  const nested = bytes((e) => {
    for (const n of [1, 20000, 5, 0]) encoding.writeVarUint(e, n)
    for (let i = 0; i < 20000; i++) {
      encoding.writeUint8(e, 7) // a type whose parent is given
      encoding.writeVarUint(e, i === 0 ? 1 : 0)
      if (i === 0) encoding.writeVarString(e, 'deep')
      else { encoding.writeVarUint(e, 5); encoding.writeVarUint(e, i - 1) }
      encoding.writeVarUint(e, 0) // an array
    }
    encoding.writeVarUint(e, 0)
  })
  const s = await attack(room, [update(nested)])
  await s.close(4400)
  await good.end('nested types')
  ok(!good.b.doc.share.has('deep'), 'nobody got them')
})

test('hostile: 200,000 deletes of what nobody has', async () => {
  const room = newRoom()
  const good = await pair(room)
  const deletes = bytes((e) => {
    for (const n of [0, 1, 9, 200000]) encoding.writeVarUint(e, n)
    for (let i = 0; i < 200000; i++) { encoding.writeVarUint(e, 1000 + 2 * i); encoding.writeVarUint(e, 1) }
  })
  for (let i = 0; i < 3; i++) await attack(room, [update(deletes)])
  await good.end('unknown deletes')
})

test('hostile: an edit that takes more work than its size allows', async () => {
  const room = newRoom()
  const good = await pair(room)
  const n = 60000
  const crowd = bytes((e) => {
    encoding.writeVarUint(e, n)
    for (let i = n; i > 0; i--) { // each by a client of its own, into a map's key of its own
      for (const v of [1, 4000000000 + i, 0]) encoding.writeVarUint(e, v)
      encoding.writeUint8(e, 0x28)
      encoding.writeVarUint(e, 1)
      encoding.writeVarString(e, 'm')
      encoding.writeVarString(e, i.toString(36))
      encoding.writeVarUint(e, 1)
      encoding.writeUint8(e, 126)
    }
    encoding.writeVarUint(e, 0)
  })
  const s = await attack(room, [update(crowd)])
  await s.close(4422)
  await good.end('an edit that takes long')
  const keys = (p) => p.doc.getMap('m').size
  await until('the part that was taken is with both', () => keys(good.a) > 0 && keys(good.a) === keys(good.b))
  ok(keys(good.a) < n, 'the rest was left out')
  const late = provider(room.room, main(room), { token: room.token })
  await synced(late)
  equal(keys(late), keys(good.a), 'who comes later has the same')
})

test('hostile: huge counts and lengths in small frames', async () => {
  const room = newRoom()
  const good = await pair(room)
  const huge = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f] // 2^53 - 1
  const bodies = [[...huge], [1, ...huge, 1, 0], [1, 1, ...huge, ...huge, 4], [0, ...huge], [0, 1, 5, ...huge],
    [1, 1, 5, 0, 4, 1, 1, 120, ...huge], [1, 1, 5, 0, 8, 1, 1, 120, ...huge], [1, 1, 5, 0, 0, ...huge], [1, 1, 5, 0, 10, ...huge]]
  for (const body of bodies) {
    const s = await attack(room, [update(new Uint8Array(body))])
    await s.close(4400)
  }
  await (await attack(room, [message(1, null, new Uint8Array(huge))])).close(4400)
  await (await attack(room, [message(0, 0, new Uint8Array(huge))])).close(4400)
  await good.end('huge counts')
})

test('hostile: floods of edits, questions, presence and pings', async () => {
  const room = newRoom()
  const good = await pair(room)
  const doc = new Y.Doc(), edits = []
  doc.on('update', (u) => edits.push(update(u)))
  for (let i = 0; i < 5000; i++) doc.getText('flood').insert(0, 'x')
  const ask = message(0, 0, new Uint8Array([0])), state = (i) => message(1, null, bytes((e) => {
    for (const n of [1, 4242, i]) encoding.writeVarUint(e, n)
    encoding.writeVarString(e, `{"n":${i}}`)
  }))
  const attackers = await Promise.all([
    attack(room, edits),
    attack(room, Array.from({ length: 5000 }, () => ask)),
    attack(room, Array.from({ length: 20000 }, (_, i) => state(i + 1))),
  ])
  for (let i = 0; i < 2000; i++) attackers[0].ws.ping()
  await good.end('floods')
  ok((await daemon.metric('coderoom_ws_pauses_total')) > 0, 'somebody was slowed down')
  await until('the edits are there', () => good.b.doc.getText('flood').length === 5000, 10000)
})

// A raw WebSocket, to send what no library would.
async function raw(room) {
  const s = net.connect(socketPath)
  let text = '', closed = false
  s.on('data', (d) => { text += d.toString('latin1') })
  s.on('close', () => { closed = true })
  s.on('error', () => {})
  s.write(`GET /ws/v1/doc/${room.room}/${main(room)}?token=${room.token} HTTP/1.1\r\nHost: code.example.org\r\nUpgrade: websocket\r\n`
    + 'Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n')
  await until('opened', () => text.includes('\r\n\r\n'))
  return { s, closed: () => closed, text: () => text }
}

// The first close frame behind the handshake's answer; the others are skipped.
function closeFrame(text) {
  const all = Buffer.from(text, 'latin1')
  let at = all.indexOf('\r\n\r\n') + 4
  while (at + 2 <= all.length && all[at] !== 0x88) at += all[at + 1] < 126 ? 2 + all[at + 1] : 4 + all.readUInt16BE(at + 2)
  return at + 2 <= all.length && at + 2 + all[at + 1] <= all.length ? all.subarray(at) : null
}

test('hostile: malformed WebSocket frames', async () => {
  const room = newRoom()
  const good = await pair(room)
  const mask = [1, 2, 3, 4]
  const frames = [[0x82, 1, 0], [0xc2, 0x81, ...mask, 0], [0x83, 0x80, ...mask], [0x8b, 0x80, ...mask], [0x80, 0x80, ...mask],
    [0x02, 0x80, ...mask, 0x82, 0x80, ...mask], [0x09, 0x80, ...mask], [0x89, 0xfe, 1, 0, ...mask], [0x82, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, ...mask],
    [0x81, 0x81, 0, 0, 0, 0, 0xff], [0x88, 0x81, ...mask, 0], [0x88, 0x82, 0, 0, 0, 0, 0, 1], [0x82, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, ...mask]]
  for (const frame of frames) {
    const r = await raw(room)
    r.s.write(Buffer.from(frame))
    const hex = frame.map((n) => n.toString(16))
    const close = await until(`close frame after ${hex}`, () => closeFrame(r.text()), 10000)
    const code = close.readUInt16BE(2), reason = close.subarray(4, 2 + close[1]).toString()
    ok([1002, 1007, 4413].includes(code) && /^[a-z_]+: ./.test(reason), `${hex}: ${code} ${reason}`)
    r.s.destroy()
  }
  const crumbs = await raw(room) // a frame byte by byte, in pieces of one byte
  for (let i = 0; i < 2000; i++) crumbs.s.write(Buffer.from([i === 0 ? 0x02 : 0x00, 0x81, 0, 0, 0, 0, 0]))
  const cut = await raw(room)
  cut.s.write(Buffer.from([0x82, 0xfe, 0x10]))
  cut.s.destroy()
  await sleep(200)
  crumbs.s.destroy()
  await good.end('malformed frames')
})
