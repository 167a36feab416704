// Much at once: large pastes, large documents, slow readers.
import * as Y from 'yjs'
import * as decoding from 'lib0/decoding'
import { daemon, docSocket, equal, newRoom, ok, patience, provider, roomSocket, sleep, synced, test, until } from './harness.mjs'
import { main, message, update, insert, lastCount } from './yprotocol.mjs'

test('who pastes on and on into a document that is being decoded is only slowed', async () => {
  const room = newRoom()
  const first = docSocket(room.room, main(room), { token: room.token, saved: '1' })
  await until('greeted', () => first.binary.length > 0)
  const noise = (size) => { // packs badly, so that decoding takes a while
    const bytes = Buffer.alloc(size)
    for (let k = 0; k < size; k++) bytes[k] = 33 + Math.floor(Math.random() * 90)
    return bytes.toString()
  }
  for (let i = 1; i <= 3; i++) {
    first.send(update(insert(noise(5_000_000))))
    await until('saved', () => lastCount(first) === i, 20000)
  }
  first.ws.terminate()
  await daemon.stop()
  await daemon.start()
  const s = docSocket(room.room, main(room), { token: room.token, saved: '1' })
  await until('greeted', () => s.binary.length > 0, 10000)
  for (let i = 0; i < 4; i++) s.send(update(insert(noise(4_000_000))))
  await until('all is stored', () => lastCount(s) === 4 || s.closed, 30000)
  equal(s.closed, null, 'closed')
})

test('pastes of 10 KB to 5 MB pass, a frame over the limit closes with 4413', async () => {
  const room = newRoom()
  const a = provider(room.room, main(room), { token: room.token })
  const b = provider(room.room, main(room), { token: room.token })
  await Promise.all([synced(a), synced(b)])
  for (const size of [10e3, 256e3, 1e6, 5e6]) {
    a.text.insert(0, 'é' + 'x'.repeat(size - 1))
    await until(`b has ${size}`, () => b.text.length === size, 20000)
    a.text.delete(0, size)
    await until('b has nothing', () => b.text.length === 0, 20000)
  }
  equal([...a.closes, ...b.closes], [], 'connections that were lost')
  const r = await roomSocket(room.room, room.owner)
  const s = docSocket(room.room, main(room), { token: room.token })
  await until('greeted', () => s.binary.length > 0)
  s.send(Buffer.alloc(r.welcome.limits.edit_bytes + 1))
  await s.close(4413)
})

test('a document of 20 MB opens for many at once out of one copy', async () => {
  const room = newRoom()
  const writer = docSocket(room.room, main(room), { token: room.token, saved: '1' })
  await until('greeted', () => writer.binary.length > 0)
  const doc = new Y.Doc()
  let last
  doc.on('update', (u) => { last = u })
  let dice = 1
  for (let i = 0; i < 5; i++) {
    const bytes = Buffer.alloc(4_000_000)
    for (let k = 0; k < bytes.length; k++) bytes[k] = 33 + ((dice = (Math.imul(dice, 1103515245) + 12345) >>> 0) >>> 16) % 90
    doc.getText('text').insert(0, bytes.toString())
    writer.send(update(last))
    await until('saved', () => lastCount(writer) === i + 1, 20000)
  }
  writer.ws.terminate()
  await daemon.stop()
  await daemon.start()
  const join = () => new Promise((resolve, reject) => {
    const s = docSocket(room.room, main(room), { token: room.token }, {}, { perMessageDeflate: false })
    s.ws.on('open', () => s.send(message(0, 0, Uint8Array.of(0))))
    s.ws.on('message', (d) => { s.binary.length = 0; if (d[0] === 0 && d[1] === 1) { resolve(d.length); s.ws.terminate() } })
    s.ws.on('close', () => reject(new Error('closed')))
  })
  await join() // it is read from the database
  await sleep(4000) // nothing is left of that
  const before = daemon.rss()
  let peak = 0
  const watch = setInterval(() => { peak = Math.max(peak, daemon.rss()) }, 20)
  const began = Date.now()
  const lengths = await Promise.all(Array.from({ length: Number(process.env.CR_JOINERS ?? 12) }, join))
  clearInterval(watch)
  const times = (peak - before) / 20e6
  ok(lengths.every((n) => n > 20_000_000), 'whole documents')
  console.log(`    ${lengths.length} joiners in ${Date.now() - began} ms, ${times.toFixed(2)} times the document more memory at most`)
  ok(times <= 2.1 * patience, `memory: ${times} times the document`)
})

test('a slow reader is left out and gets what it missed at once, its queue is bounded, others do not notice', async () => {
  const room = newRoom()
  const slow = docSocket(room.room, main(room), { token: room.token })
  const a = provider(room.room, main(room), { token: room.token })
  const b = provider(room.room, main(room), { token: room.token })
  await until('slow greeted', () => slow.binary.length > 0)
  await Promise.all([synced(a), synced(b)])
  slow.ws.pause()
  const before = daemon.rss()
  for (let i = 0; i < 12; i++) { // it answers no pings: not for long
    a.text.insert(0, 'y'.repeat(512 << 10))
    await until('b follows', () => b.text.length === 512 << 10, 10000)
    a.text.delete(0, 512 << 10)
    await until('b follows', () => b.text.length === 0, 10000)
  }
  a.text.insert(0, 'end')
  ok(daemon.rss() - before < patience * (80 << 20), `memory stays bounded: ${(daemon.rss() - before) >> 20} MiB`)
  ok((await daemon.metric('coderoom_ws_queued_bytes')) < 4 << 20, 'little waits for it')
  await until('only the slow one is left out', async () => (await daemon.metric('coderoom_ws_lagging')) === 1)
  slow.ws.resume()
  const doc = new Y.Doc()
  const seen = { 0: 0, 1: 0, 2: 0 }
  let read = 0
  await until('slow has it all', () => {
    for (; read < slow.binary.length; read++) {
      const d = decoding.createDecoder(new Uint8Array(slow.binary[read]))
      if (decoding.readVarUint(d) !== 0) continue
      const kind = decoding.readVarUint(d)
      seen[kind]++
      if (kind > 0) Y.applyUpdate(doc, decoding.readVarUint8Array(d))
    }
    return doc.getText('text').toString() === 'end'
  }, 10000)
  ok(seen[1] >= 1 && seen[1] <= 3 && seen[2] < 10, `one step 2 for the rest, not ${JSON.stringify(seen)}`)
  ok(!slow.closed, 'it stays')
  await until('nobody lags', async () => (await daemon.metric('coderoom_ws_lagging')) === 0)
})
