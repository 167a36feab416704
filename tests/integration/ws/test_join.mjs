// Who may come in, and who has to go.
import { daemon, docSocket, equal, link, newRoom, ok, owner, patience, seed, sleep, test, ticket, until } from './harness.mjs'
import { main, update, insert, denied } from './yprotocol.mjs'

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
  let peak = 0
  const watch = setInterval(() => { peak = Math.max(peak, daemon.rss()) }, 20)
  try {
    const frame = Buffer.alloc(7_000_000)
    for (let i = 0; i < 4; i++) { // so many at a time wait for the database
      const s = docSocket(room.room, main(room), { token: room.token })
      s.ws.on('open', () => s.ws.send(frame))
      sockets.push(s)
    }
    await Promise.all(sockets.map((s) => s.ready()))
    await Promise.all(sockets.map((s) => s.close(4503)))
    ok(peak - before < (14 << 20) * patience, `4 frames of 7 MB take ${(peak - before) >> 20} MiB`)
  } finally {
    clearInterval(watch)
    link.heal()
  }
  await until('the database is back', async () => (await daemon.get('/readyz')).status === 200, 20000)
})

test('a role change, a withdrawn token and an expired one reach open sockets within a second', async () => {
  const room = newRoom()
  const expired = Date.now() + 3000 // the short token, at the latest
  const s = docSocket(room.room, main(room), { ticket: ticket(room.room, room.editor) })
  const t = docSocket(room.room, main(room), { token: room.viewer_token })
  const short = docSocket(room.room, main(room), { token: room.short_token })
  await until('greeted', () => s.binary.length > 0 && t.binary.length > 0 && short.binary.length > 0)
  seed('role', room.room, room.editor, 'viewer')
  await sleep(1100)
  s.send(update(insert('late')))
  await until('denied', () => denied(s) === 1)
  seed('role', room.room, room.editor, 'none')
  await s.close(4403, 1000)
  seed('withdraw', room.room, room.viewer_token_id)
  await t.close(4401, 1000)
  await short.close(4401, expired + 1000 - Date.now())
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
