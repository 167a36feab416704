// Documents: stock yjs and y-websocket against the daemon.
import * as Y from 'yjs'
import * as encoding from 'lib0/encoding'
import * as decoding from 'lib0/decoding'
import { daemon, docSocket, equal, link, newRoom, ok, patience, provider, roomSocket, seed, sleep, synced, test, until } from './harness.mjs'
import { main, text, message, update, insert, savedFrames, vectorOf, lastCount } from './yprotocol.mjs'

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
  ok(took >= 2000 && took < 6000 * patience, `cut after ${took} ms`)
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
