// Documents: stock yjs and y-websocket against the daemon.
import * as Y from 'yjs'
import * as encoding from 'lib0/encoding'
import * as decoding from 'lib0/decoding'
import { daemon, docSocket, equal, link, newRoom, ok, owner, patience, provider, roomSocket, seed, sleep, synced, test, ticket, until } from './harness.mjs'

const main = (room) => room.files['main.py']
const text = (p) => p.text.toString()

// y-protocols by hand.
const message = (...parts) => encoding.encode((e) => {
  for (const p of parts) typeof p === 'number' ? encoding.writeVarUint(e, p) : encoding.writeVarUint8Array(e, p)
})
const step1 = (doc) => message(0, 0, Y.encodeStateVector(doc))
const update = (bytes) => message(0, 2, bytes)
const insert = (content) => {
  const doc = new Y.Doc()
  doc.getText('text').insert(0, content)
  return Y.encodeStateAsUpdate(doc)
}
const savedFrames = (s) => s.binary.filter((b) => b[0] === 100).map((b) => {
  const d = decoding.createDecoder(new Uint8Array(b))
  decoding.readVarUint(d)
  return { count: decoding.readVarUint(d), vector: decoding.readVarUint8Array(d) }
})
const vectorOf = (bytes) => [...Y.decodeStateVector(bytes)].sort(([a], [b]) => a - b)
const lastCount = (s) => savedFrames(s).at(-1)?.count
const denied = (s) => s.binary.filter((b) => b[0] === 2).length

test('two stock clients write together and a third finds everything', async () => {
  const room = newRoom()
  const a = provider(room.room, main(room), { token: room.token })
  const b = provider(room.room, main(room), { token: room.token })
  await Promise.all([synced(a), synced(b)])
  a.text.insert(0, 'print("hé 🙂")\n')
  await until('b sees it', () => text(b) === 'print("hé 🙂")\n')
  for (let i = 0; i < 200; i++) {
    a.text.insert(Math.floor(a.text.length / 2), 'a')
    b.text.insert(b.text.length, '🙂')
    if (i % 7 === 0) b.text.delete(0, 1)
    if (i % 20 === 0) await sleep(1)
  }
  await until('same text', () => text(a) === text(b) && text(a).length > 300)
  const c = provider(room.room, main(room), { token: room.token })
  await synced(c)
  equal(text(c), text(a), 'text of the third')
})

test('files of a room are documents of their own', async () => {
  const room = newRoom()
  const a = provider(room.room, main(room), { token: room.token })
  const b = provider(room.room, room.files['src/util.py'], { token: room.token })
  await Promise.all([synced(a), synced(b)])
  a.text.insert(0, 'one')
  b.text.insert(0, 'two')
  const c = provider(room.room, room.files['src/util.py'], { token: room.token })
  await until('c sees two', () => text(c) === 'two')
})

test('what was reported as saved survives kill -9, nothing is doubled', async () => {
  const room = newRoom()
  const a = provider(room.room, main(room), { token: room.token })
  await synced(a)
  for (let round = 0; round < 3; round++) {
    const watcher = docSocket(room.room, main(room), { token: room.token, saved: '1' })
    await until('greeted', () => watcher.binary.length > 0)
    for (let i = 0; i < 20; i++) a.text.insert(a.text.length, `${round}.${i} `)
    watcher.send(update(insert(`w${round} `)))
    await until('saved', () => lastCount(watcher) === 1)
    for (let i = 0; i < 50; i++) a.text.insert(a.text.length, `u${round}.${i} `) // perhaps not stored
    await daemon.stop('SIGKILL')
    await daemon.start()
    await until('connected again', () => a.synced && a.wsconnected, 10000)
    ok(text(a).includes(`w${round} `), 'saved text is there')
  }
  const b = provider(room.room, main(room), { token: room.token })
  await synced(b)
  await until('both same', () => text(a) === text(b))
  const words = text(b).trim().split(' ')
  equal(words.length, 3 * (20 + 50 + 1), 'words')
  equal(new Set(words).size, words.length, 'different words')
})

test('saved counts meet what was sent', async () => {
  const room = newRoom()
  const s = docSocket(room.room, main(room), { token: room.token, saved: '1' })
  await until('greeted', () => s.binary.length > 0)
  s.send(message(0, 1, Y.encodeStateAsUpdate(new Y.Doc()))) // nothing new: handled at once
  await until('counted', () => lastCount(s) === 1)
  const once = insert('x')
  for (let i = 0; i < 30; i++) s.send(update(insert(`${i}`)))
  s.send(update(once))
  s.send(update(once))
  await until('all saved', () => lastCount(s) === 33)
  const counts = savedFrames(s).map((f) => f.count)
  equal(counts, [...counts].sort((x, y) => x - y), 'counts grow')
  const doc = new Y.Doc()
  const p = provider(room.room, main(room), { token: room.token }, doc)
  await synced(p)
  equal(vectorOf(savedFrames(s).at(-1).vector), vectorOf(Y.encodeStateVector(doc)), 'stored state vector')
  const plain = docSocket(room.room, main(room), { token: room.token })
  await until('greeted', () => plain.binary.length > 0)
  plain.send(update(insert('y')))
  await until('stored', () => lastCount(s) === 33 && plain.binary.length > 0)
  equal(savedFrames(plain).length, 0, 'frames for a client that did not ask')
})

test('a document survives an orderly restart', async () => {
  const room = newRoom()
  const a = provider(room.room, main(room), { token: room.token })
  await synced(a)
  for (let i = 0; i < 100; i++) a.text.insert(0, `${i},`)
  await sleep(3)
  a.disconnect()
  const end = await daemon.stop()
  equal(end.code, 0, 'exit status')
  await daemon.start()
  a.connect()
  await until('synced again', () => a.synced)
  const b = provider(room.room, main(room), { token: room.token })
  await synced(b)
  equal(text(b), text(a), 'text')
})

test('who edited long without a connection comes back and merges, whatever was restarted meanwhile', async () => {
  const room = newRoom()
  const a = provider(room.room, main(room), { token: room.token })
  const b = provider(room.room, main(room), { token: room.token })
  await Promise.all([synced(a), synced(b)])
  a.text.insert(0, 'start ')
  await until('b sees it', () => text(b) === 'start ')
  const words = { a: [], b: [] }
  a.disconnect()
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 400; i++) { // what an hour of writing makes
      words.a.push(`a${round}.${i}`)
      a.text.insert(a.text.length, `a${round}.${i} `)
      if (i % 5 === 0) { a.text.insert(0, 'x'); a.text.delete(0, 1) }
      if (i % 4) continue
      words.b.push(`b${round}.${i}`)
      b.text.insert(0, `b${round}.${i} `)
    }
    await daemon.stop(round === 1 ? 'SIGKILL' : 'SIGTERM')
    await daemon.start()
    await until('b is back', () => b.synced && b.wsconnected, 10000)
  }
  a.connect()
  await until('a is back', () => a.synced, 10000)
  await until('same text', () => text(a) === text(b))
  await daemon.stop('SIGTERM')
  await daemon.start()
  await until('both are back', () => a.synced && b.synced && a.wsconnected && b.wsconnected, 10000)
  const c = provider(room.room, main(room), { token: room.token })
  await synced(c)
  equal(text(c), text(a), 'text of a newcomer')
  const found = text(c).trim().split(' ')
  equal(found.length, words.a.length + words.b.length + 1, 'words: none lost, none twice')
  equal(new Set(found).size, found.length, 'different words')
  equal(found.filter((w) => w[0] === 'a').join(), words.a.join(), 'what a wrote, in its order')
})

test('an orderly stop closes sockets with 4512', async () => {
  const room = newRoom()
  const s = docSocket(room.room, main(room), { token: room.token })
  await until('greeted', () => s.binary.length > 0)
  await daemon.stop()
  ok((await s.close(4512)).reason.startsWith('restart: '), 'reason')
  await daemon.start()
})

test('awareness is relayed, echoes are dropped, a state ends with its socket', async () => {
  const room = newRoom()
  const [a, b, c] = [0, 1, 2].map(() => provider(room.room, main(room), { token: room.token }))
  await Promise.all([a, b, c].map(synced))
  // Stock clients take a state from its second clock on.
  for (const p of [b, c]) p.awareness.setLocalStateField('user', { name: 'Bob' })
  a.awareness.setLocalStateField('user', { name: 'Ada' })
  await until('all see Ada', () => [b, c].every((p) => p.awareness.getStates().get(a.doc.clientID)?.user?.name === 'Ada (script)'))
  await until('all see Bob', () => a.awareness.getStates().size === 3)
  for (let i = 0; i < 50; i++) { a.awareness.setLocalStateField('cursor', i); await sleep(1) }
  await until('last cursor', () => [b, c].every((p) => p.awareness.getStates().get(a.doc.clientID)?.cursor === 49))
  a.ws.terminate()
  a.shouldConnect = false
  await until('Ada is gone', () => [b, c].every((p) => !p.awareness.getStates().has(a.doc.clientID)))
  const d = provider(room.room, main(room), { token: room.token })
  await until('d sees b and c', () => d.awareness.getStates().size === 3)
})

test('one socket cannot stand for a crowd', async () => {
  const room = newRoom()
  const s = docSocket(room.room, main(room), { token: room.token })
  await until('greeted', () => s.binary.length > 0)
  const body = encoding.encode((e) => {
    encoding.writeVarUint(e, 200)
    for (let i = 1; i <= 200; i++) { encoding.writeVarUint(e, i); encoding.writeVarUint(e, 1); encoding.writeVarString(e, '{}') }
  })
  s.send(message(1, body))
  await s.close(4422)
})

test('a viewer reads but cannot edit, and is told', async () => {
  const room = newRoom()
  const editor = provider(room.room, main(room), { token: room.token })
  await synced(editor)
  editor.text.insert(0, 'shown')
  const viewer = provider(room.room, main(room), { token: room.viewer_token })
  await until('viewer sees it', () => text(viewer) === 'shown')
  const s = docSocket(room.room, main(room), { token: room.viewer_token, saved: '1' })
  await until('greeted', () => s.binary.length > 0)
  s.send(update(insert('forged')))
  await until('denied', () => denied(s) === 1)
  const reason = decoding.readVarString((() => { const d = decoding.createDecoder(new Uint8Array(s.binary.find((b) => b[0] === 2))); decoding.readVarUint(d); decoding.readVarUint(d); return d })())
  ok(reason.startsWith('read-only: '), `reason: ${reason}`)
  s.send(update(Y.encodeStateAsUpdate(editor.doc))) // nothing new
  await until('counted', () => lastCount(s) === 2)
  equal(denied(s), 1, 'denials')
  editor.text.insert(5, '!')
  await until('viewer sees more', () => text(viewer) === 'shown!')
  equal(text(editor), 'shown!', 'editor unchanged by the forgery')
})

test('a ticket opens one socket', async () => {
  const room = newRoom()
  const t = ticket(room.room, room.editor)
  const first = docSocket(room.room, main(room), { ticket: t })
  await until('greeted', () => first.binary.length > 0)
  const second = docSocket(room.room, main(room), { ticket: t })
  ok((await second.close(4401)).reason.includes('used'), 'reason names the use')
})

test('refusals say why', async () => {
  const room = newRoom(), other = newRoom()
  const cases = [
    [docSocket(room.room, main(room), {}), 4401],
    [docSocket(room.room, main(room), { ticket: 'nonsense' }), 4401],
    [docSocket(room.room, main(room), { token: 'crt_' + 'x'.repeat(43) }), 4401],
    [docSocket(other.room, main(other), { token: room.token }), 4401],
    [docSocket(other.room, main(other), { ticket: ticket(room.room, room.owner) }), 4401],
    [docSocket(room.room, main(room), { ticket: ticket(room.room, room.stranger) }), 4403],
    [docSocket(room.room, main(other), { token: room.token }), 4404],
    [docSocket('0'.repeat(20), main(room), { ticket: ticket('0'.repeat(20), room.owner) }), 4404],
    [docSocket('short', main(room), { token: room.token }), 4400],
    [docSocket(room.room, main(room), { ticket: ticket(room.room, room.owner) }, { Origin: 'https://evil.example' }), 4403],
    [docSocket(room.room, main(room), { ticket: ticket(room.room, room.owner) }, { Origin: 'null' }), 4403],
  ]
  for (const [s, code] of cases) ok((await s.close(code)).reason.includes(': '), 'there is a reason')
  const fine = docSocket(room.room, main(room), { ticket: ticket(room.room, room.owner) }, { Origin: 'https://code.example.org' })
  await until('greeted', () => fine.binary.length > 0)
  const script = docSocket(room.room, main(room), { token: room.token }, { Origin: 'https://plugin.example' })
  await until('greeted', () => script.binary.length > 0)
})

test('nobody owns a room that is not there, or for who may not come in', async () => {
  const room = newRoom(), nowhere = '0'.repeat(19) + 'v'
  const unknown = 'crt_' + 'x'.repeat(43)
  const cases = [[nowhere, { token: unknown }], [nowhere, { token: room.token }], [nowhere, { ticket: 'nonsense' }], [nowhere, { ticket: ticket(nowhere, room.owner) }],
    [room.room, { token: unknown }], [room.room, { ticket: 'nonsense' }], [room.room, { ticket: ticket(room.room, room.stranger) }]]
  for (const [where, query] of cases) await docSocket(where, main(room), query).close()
  for (const where of [nowhere, room.room]) equal(owner(where), { process: '', epoch: 0 }, `owner of ${where}`)
  const fine = docSocket(room.room, main(room), { ticket: ticket(room.room, room.owner) })
  await until('greeted', () => fine.binary.length > 0)
  ok(owner(room.room).process !== '', 'now there is one')
})

test('who is not let in yet takes no memory for what he sends', async () => {
  const room = newRoom()
  const warm = docSocket(room.room, main(room), { token: room.token })
  await until('greeted', () => warm.binary.length > 0)
  const before = daemon.rss()
  link.cut()
  const sockets = []
  try {
    const frame = Buffer.alloc(7_000_000)
    for (let i = 0; i < 20; i++) {
      const s = docSocket(room.room, main(room), { token: room.token })
      s.ws.on('open', () => s.ws.send(frame))
      sockets.push(s)
    }
    await Promise.all(sockets.map((s) => s.ready()))
    let peak = 0
    const watch = setInterval(() => { peak = Math.max(peak, daemon.rss()) }, 20)
    await Promise.all(sockets.map((s) => s.close(4503)))
    clearInterval(watch)
    ok(peak - before < (40 << 20) * patience, `20 frames of 7 MB take ${(peak - before) >> 20} MiB`)
  } finally {
    link.heal()
  }
  await until('the database is back', async () => (await daemon.get('/readyz')).status === 200, 20000)
})

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

test('a role change, a withdrawn token and an expired one reach open sockets within a second', async () => {
  const room = newRoom()
  const s = docSocket(room.room, main(room), { ticket: ticket(room.room, room.editor) })
  const t = docSocket(room.room, main(room), { token: room.viewer_token })
  const short = docSocket(room.room, main(room), { token: room.short_token })
  await until('greeted', () => s.binary.length > 0 && t.binary.length > 0 && short.binary.length > 0)
  seed('role', room.room, room.editor, 'viewer')
  await sleep(1100)
  s.send(update(insert('late')))
  await until('denied', () => denied(s) === 1)
  seed('role', room.room, room.editor, 'none')
  await s.close(4403)
  seed('withdraw', room.room, room.viewer_token_id)
  await t.close(4401)
  await short.close(4401)
})

test('a deleted file and a deleted room close their sockets', async () => {
  const room = newRoom()
  const s = docSocket(room.room, main(room), { token: room.token })
  const t = docSocket(room.room, room.files['src/util.py'], { token: room.token })
  await until('greeted', () => s.binary.length > 0 && t.binary.length > 0)
  seed('remove-file', room.room, 'src/util.py')
  await t.close(4404)
  ok(!s.closed, 'the other document stays')
  seed('delete-room', room.room)
  await s.close(4410)
})

test('another writer makes the document be read again, nothing is lost', async () => {
  const room = newRoom()
  const a = provider(room.room, main(room), { token: room.token })
  await synced(a)
  seed('steal', room.room, main(room), 1)
  a.text.insert(0, 'mine ')
  await until('closed with 4503', () => a.closes.some((c) => c.code === 4503))
  await until('both texts', () => text(a).includes('mine ') && text(a).includes('stolen '), 10000)
  const b = provider(room.room, main(room), { token: room.token })
  await until('b has both', () => text(b).length === 12)
})

test('malformed frames close with 4400 and change nothing', async () => {
  const room = newRoom()
  const a = provider(room.room, main(room), { token: room.token })
  await synced(a)
  a.text.insert(0, 'safe')
  const good = Buffer.from(update(insert('good')))
  const frames = [Buffer.alloc(0), Buffer.from([0]), Buffer.from([9]), Buffer.from([0, 3, 0]), Buffer.from([0, 2, 255, 255, 255, 255, 15]),
    Buffer.from([100, 1, 0]), Buffer.from([2, 0, 0]), Buffer.from([1, 1, 5]), Buffer.concat([good, Buffer.from([0])])]
  for (let cut = 1; cut < good.length; cut++) frames.push(good.subarray(0, cut))
  for (let i = 0; i < 60; i++) {
    const broken = Buffer.from(good)
    broken[3 + (i * 7) % (broken.length - 3)] ^= 1 << (i % 8)
    frames.push(broken)
  }
  await Promise.all(frames.map(async (frame, i) => {
    const s = docSocket(room.room, main(room), { token: room.token })
    await s.ready()
    s.send(frame)
    if (i < frames.length - 60) await s.close(4400) // a flipped bit may still be well-formed
  }))
  const textFrame = docSocket(room.room, main(room), { token: room.token })
  await textFrame.ready()
  textFrame.send({ type: 'ping' })
  await textFrame.close(4400)
  await until('still there', () => text(a).includes('safe'))
  const b = provider(room.room, main(room), { token: room.token })
  await synced(b)
  await until('same', () => text(b) === text(a))
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

test('a stock client gets its own edits back when they are stored, not before', async () => {
  const room = newRoom()
  const a = provider(room.room, main(room), { token: room.token })
  const b = provider(room.room, main(room), { token: room.token })
  await Promise.all([synced(a), synced(b)])
  const back = new Y.Doc() // what came back to a
  const listen = () => a.ws.addEventListener('message', (event) => {
    const d = decoding.createDecoder(new Uint8Array(event.data))
    if (decoding.readVarUint(d) === 0 && decoding.readVarUint(d) === 2) Y.applyUpdate(back, decoding.readVarUint8Array(d))
  })
  listen()
  a.text.insert(0, 'one ')
  await until('it comes back', () => back.getText('text').toString() === 'one ')
  link.cut()
  try {
    a.text.insert(4, 'two ')
    await until('b sees it', () => text(b) === 'one two ')
    await sleep(500)
    equal(back.getText('text').toString(), 'one ', 'what came back while the database is away')
  } finally {
    link.heal()
  }
  await until('it comes back when it is stored', () => back.getText('text').toString() === 'one two ', 20000)
  equal(text(a), 'one two ', 'nothing is doubled')
})

test('a quiet socket gets a message before stock clients give up', async () => {
  const room = newRoom()
  const s = docSocket(room.room, main(room), { token: room.token })
  await until('greeted', () => s.binary.length > 0)
  const count = s.binary.length
  const began = Date.now()
  await until('a step 1', () => s.binary.length > count, 29000)
  ok(Date.now() - began >= 24000, 'not too early')
  equal([...s.binary.at(-1).subarray(0, 2)], [0, 0], 'sync step 1')
})

test('the presence of a room socket does not disturb documents', async () => {
  const room = newRoom()
  const r = await roomSocket(room.room, room.owner)
  const a = provider(room.room, main(room), { token: room.token })
  await synced(a)
  equal(r.welcome.files.map((f) => f.path).sort(), ['main.py', 'src', 'src/util.py'], 'files')
})

test('a socket that answers no ping is cut', async () => {
  const room = newRoom()
  const dead = docSocket(room.room, main(room), { token: room.token }, {}, { autoPong: false })
  const alive = docSocket(room.room, main(room), { token: room.token })
  const pings = []
  let answered = 0
  dead.ws.on('ping', () => pings.push(Date.now()))
  alive.ws.on('ping', () => answered++)
  await dead.ready()
  const began = Date.now()
  await dead.close()
  const took = Date.now() - began
  equal(pings.length, 2, 'pings that got no answer')
  equal(dead.closed.code, 1006, 'cut: nobody is there to take a close')
  // Pings go out each second (ws.ping_interval), to the half second; the third finds nobody.
  ok(took >= 2900 && took < 4500 * patience, `cut after ${took} ms`)
  await until('more pings', () => answered >= 4)
  ok(!alive.closed, 'who answers stays')
})

test('the database is away: edits stay live and are stored later, new sockets are told to come again', async () => {
  const room = newRoom()
  const a = provider(room.room, main(room), { token: room.token })
  const b = provider(room.room, main(room), { token: room.token })
  const s = docSocket(room.room, main(room), { token: room.token, saved: '1' })
  await Promise.all([synced(a), synced(b)])
  await until('greeted', () => s.binary.length > 0)
  link.cut()
  try {
    a.text.insert(0, 'live ')
    s.send(update(insert('unsaved ')))
    await until('b sees both', () => text(b).includes('live ') && text(b).includes('unsaved '))
    await until('not ready', async () => (await daemon.get('/readyz')).status === 503, 10000)
    equal(lastCount(s), undefined, 'nothing is reported as saved')
    await docSocket(room.room, main(room), { token: room.token }).close(4503)
  } finally {
    link.heal()
  }
  await until('saved', () => lastCount(s) === 1, 20000)
  ok(!s.closed && a.wsconnected, 'sockets stayed open')
  await daemon.stop('SIGKILL')
  await daemon.start()
  const c = provider(room.room, main(room), { token: room.token })
  await until('c has it', () => text(c).includes('unsaved ') && text(c).includes('live '), 10000)
})

test('a protected range stays what it is, whatever stock clients do, and all copies stay the same', async () => {
  const room = newRoom()
  const owner = new Y.Doc()
  const o = provider(room.room, main(room), { ticket: ticket(room.room, room.owner) }, owner)
  const a = provider(room.room, main(room), { token: room.token })
  const b = provider(room.room, main(room), { token: room.token })
  await Promise.all([o, a, b].map(synced))
  const body = 'top\n# keep this 🙂\nbottom\n'
  o.text.insert(0, body)
  const from = body.indexOf('#'), to = body.indexOf('\nbottom')
  const position = (index, assoc) => Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(o.text, index, assoc))
  owner.getMap('protected').set('line', { start: position(from, 0), end: position(to, -1), why: 'template' })
  await until('all know', () => [a, b].every((p) => p.doc.getMap('protected').has('line') && text(p) === body))
  const kept = () => text(a).includes('# keep this 🙂') && text(a) === text(b) && text(b) === text(o)

  a.text.insert(from + 3, 'EVIL')
  await until('an insert is taken out', () => kept() && text(a) === body)
  a.text.delete(from + 2, 4)
  await until('what was deleted is back', () => kept() && text(a) === body)
  a.doc.transact(() => { a.text.delete(0, a.text.length); a.text.insert(0, 'all new') })
  await until('the rest may change', () => kept() && text(a).includes('all new') && !text(a).includes('top'))
  b.text.delete(b.text.toString().indexOf('keep') + 1, 2) // the range's units are others now
  await until('it is still protected', kept)
  a.text.insert(a.text.length, 'tail')
  await until('edits elsewhere pass', () => kept() && text(b).endsWith('tail'))

  // Many at once, also over the borders.
  for (let i = 0; i < 60; i++) {
    for (const p of [a, b]) {
      const at = Math.floor(Math.random() * (p.text.length - 2))
      if (i % 2) p.text.insert(at, `<${i}>`)
      else p.text.delete(at, 1 + Math.floor(Math.random() * 2))
    }
    if (i % 10 === 0) await sleep(2)
  }
  await until('all copies are the same, with the range whole', () => text(a).includes('# keep this 🙂') && text(a) === text(b) && text(b) === text(o))
  const late = provider(room.room, main(room), { token: room.token })
  await synced(late)
  await until('a late one sees the same', () => text(late) === text(a))

  const forger = docSocket(room.room, main(room), { token: room.token, saved: '1' })
  await until('greeted', () => forger.binary.length > 0)
  const forged = new Y.Doc()
  forged.getMap('protected').set('mine', 1)
  forger.send(update(Y.encodeStateAsUpdate(forged)))
  await until('told', () => denied(forger) === 1)
  const said = decoding.createDecoder(new Uint8Array(forger.binary.find((f) => f[0] === 101)))
  decoding.readVarUint(said)
  equal(decoding.readVarUint(said), 1, 'number of the refused message')
  ok(decoding.readVarString(said).startsWith('refused: '), 'reason')
  ok(!owner.getMap('protected').has('mine'), 'nobody got it')

  owner.getMap('protected').delete('line')
  await until('lifted', () => !a.doc.getMap('protected').has('line'))
  a.text.delete(0, a.text.length)
  await until('all may go', () => text(b) === '' && text(o) === '')
})
