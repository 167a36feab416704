// What the daemon says of itself, after traffic that is known.
import * as Y from 'yjs'
import * as encoding from 'lib0/encoding'
import { daemon, docSocket, equal, link, newRoom, ok, provider, synced, test, until } from './harness.mjs'
import { denied, insert, main, message, update } from './yprotocol.mjs'

const metric = (name) => daemon.metric(`coderoom_ws_${name}`)
const NAMES = ['updates_total', 'apply_seconds_count', 'broadcast_seconds_count', 'deliveries_total', 'messages_in_total', 'bytes_in_total', 'bytes_out_total']
const all = async () => Object.fromEntries(await Promise.all(NAMES.map(async (name) => [name, await metric(name)])))

test('a metric that is not there is a mistake', async () => {
  const said = await daemon.metric('coderoom_ws_no_such').catch((e) => e.message)
  equal(said, 'no metric coderoom_ws_no_such', 'error')
})

test('metrics count edits, messages and what they take', async () => {
  const room = newRoom()
  const [a, b, c] = [1, 2, 3].map(() => provider(room.room, main(room), { token: room.token }))
  await Promise.all([a, b, c].map(synced))
  await until('three sockets', async () => await metric('connections') === 3 && await metric('docs') >= 1 && await metric('rooms') >= 1)
  const before = await all()
  for (let i = 0; i < 10; i++) {
    a.text.insert(0, 'x')
    await until('all have it', () => [b, c].every((p) => p.text.length === i + 1))
  }
  const after = await all()
  const grown = (name) => after[name] - before[name]
  equal(grown('updates_total'), 10, 'edits')
  equal(grown('apply_seconds_count'), 10, 'edits whose time was taken')
  ok(grown('broadcast_seconds_count') >= 10, `broadcasts: ${grown('broadcast_seconds_count')}`)
  ok(grown('deliveries_total') >= 20, `deliveries to two others: ${grown('deliveries_total')}`)
  ok(grown('messages_in_total') >= 10 && grown('bytes_in_total') >= 10 * 10, 'what came in')
  ok(grown('bytes_out_total') >= 20 * 10, 'what went out')
})

test('metrics tell how long edits wait for the database', async () => {
  const room = newRoom()
  const a = provider(room.room, main(room), { token: room.token })
  await synced(a)
  await until('all is stored', async () => await metric('save_lag_ms') === 0)
  const failures = await metric('save_failures_total')
  link.cut()
  try {
    a.text.insert(0, 'waits')
    await until('it waits', async () => await metric('save_lag_ms') > 500, 10000)
    await until('attempts fail', async () => await metric('save_failures_total') > failures, 20000)
  } finally {
    link.heal()
  }
  const saves = await metric('saves_total')
  await until('it is stored', async () => await metric('save_lag_ms') === 0 && await metric('saves_total') > saves, 20000)
})

test('metrics tell what waits for others, was refused or was dropped', async () => {
  const room = newRoom()
  const s = docSocket(room.room, main(room), { token: room.token, saved: '1' })
  const viewer = docSocket(room.room, main(room), { token: room.viewer_token })
  await until('greeted', () => s.binary.length > 0 && viewer.binary.length > 0)

  equal(await metric('pending_bytes'), 0, 'what waits')
  const doc = new Y.Doc()
  doc.getText('text').insert(0, 'first')
  const first = Y.encodeStateAsUpdate(doc)
  doc.getText('text').insert(5, ' second')
  s.send(update(Y.encodeStateAsUpdate(doc, Y.encodeStateVectorFromUpdate(first))))
  await until('it waits', async () => await metric('pending_bytes') > 0)
  s.send(update(first))
  await until('nothing waits', async () => await metric('pending_bytes') === 0)

  const refusals = await metric('denied_total')
  viewer.send(update(insert('forged')))
  await until('refused', () => denied(viewer) === 1)
  equal(await metric('denied_total'), refusals + 1, 'refusals')

  const states = await metric('awareness_total'), drops = await metric('awareness_drops_total')
  const state = encoding.encode((e) => { for (const n of [1, 7, 1]) encoding.writeVarUint(e, n); encoding.writeVarString(e, '{}') })
  s.send(message(1, state))
  await until('a state', async () => await metric('awareness_total') === states + 1)
  s.send(message(1, state))
  viewer.send(message(1, state))
  await until('two echoes', async () => await metric('awareness_drops_total') === drops + 2)
  equal(await metric('awareness_total'), states + 1, 'states')
})
