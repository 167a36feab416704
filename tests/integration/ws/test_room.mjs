// The room socket and the runner's side of it.
import { daemon, docSocket, equal, newRoom, ok, open, provider, ringDoorbell, roomSocket, runner, seed, serviceToken, sleep, synced, test, ticket, until } from './harness.mjs'

const newId = () => Array.from({ length: 20 }, () => '0123456789abcdefghijklmnopqrstuv'[Math.floor(Math.random() * 32)]).join('')
const startRun = (s, fields = {}) => s.send({ type: 'run.start', key: `key-${newId()}`, entry: 'main.py', ...fields })
const claim = () => JSON.parse(seed('claim'))

// Binary frames.
const le = (n) => { const b = Buffer.alloc(8); b.writeBigUInt64LE(BigInt(n)); return b }
const output = (room, run, attempt, stream, offset, data) => Buffer.concat([Buffer.from([0x10]), Buffer.from(run), le(attempt), Buffer.from(room), Buffer.from([stream]), le(offset), Buffer.from(data)])
const read = (frame) => ({ run: frame.subarray(1, 21).toString(), stream: frame[21], offset: Number(frame.readBigUInt64LE(22)), data: frame.subarray(30) })
const printed = (s, run) => Buffer.concat(s.binary.map(read).filter((f) => f.run === run).map((f) => f.data)).toString()

test('welcome tells everything, presence follows', async () => {
  const room = newRoom()
  const a = await roomSocket(room.room, room.owner)
  const w = a.welcome
  equal([w.you.name, w.you.role, w.you.user_id], ['owner', 'owner', room.owner], 'you')
  equal(w.room, { id: room.room, name: 'Lab 🙂', language: 'python' }, 'room')
  equal([w.chat, w.runs, w.people.length], [[], [], 1], 'empty room')
  ok(w.languages.some((l) => l.id === 'python' && l.extensions.includes('py')), 'languages')
  ok(w.limits.wall_ms > 0 && w.limits.wall_max_ms >= w.limits.wall_ms && w.limits.output_bytes > 0, 'limits')
  const b = await roomSocket(room.room, room.viewer)
  equal(b.welcome.people.length, 2, 'people')
  const joined = await a.next('presence.joined')
  equal([joined.name, joined.role, joined.file], ['viewer', 'viewer', null], 'who joined')
  ok(joined.color !== w.you.color, 'two people have two colours')
  const again = await roomSocket(room.room, room.owner)
  equal(again.welcome.you.color, w.you.color, 'one person has one colour')
  b.send({ type: 'presence.set', file: room.files['main.py'] })
  const changed = await a.next('presence.changed')
  equal([changed.conn, changed.file], [joined.conn, room.files['main.py']], 'file')
  b.send({ type: 'presence.set', file: null })
  equal((await a.next('presence.changed')).file, null, 'no file')
  b.ws.close()
  equal((await a.next('presence.left')).conn, joined.conn, 'who left')
})

test('a room token opens the room socket', async () => {
  const room = newRoom()
  const s = open(`/ws/v1/room/${room.room}?token=${room.token}`)
  const w = await s.next('welcome')
  equal([w.you.user_id, w.you.name, w.you.role], ['', 'script', 'editor'], 'you')
})

test('chat is stored, told to everybody, and there after a restart; a repeat is one message', async () => {
  const room = newRoom()
  const a = await roomSocket(room.room, room.owner)
  const b = await roomSocket(room.room, room.viewer)
  const id = newId()
  b.send({ type: 'chat.send', id, text: 'hé 🙂 <b>' })
  const m = await a.next('chat.message')
  equal([m.id, m.user_id, m.name, m.text], [id, room.viewer, 'viewer', 'hé 🙂 <b>'], 'message')
  ok(Math.abs(m.at - Date.now()) < 5000, 'time')
  b.send({ type: 'chat.send', id, text: 'hé 🙂 <b>' })
  b.send({ type: 'chat.send', id: newId(), text: 'second' })
  equal((await a.next('chat.message')).text, 'second', 'next message')
  await daemon.stop('SIGKILL')
  await daemon.start()
  const c = await roomSocket(room.room, room.owner)
  equal(c.welcome.chat.map((x) => x.text), ['hé 🙂 <b>', 'second'], 'history')
})

test('history is the last 100 messages, oldest first', async () => {
  const room = newRoom()
  const a = await roomSocket(room.room, room.owner)
  for (let i = 0; i < 105; i++) a.send({ type: 'chat.send', id: newId(), text: `m${i}` })
  for (let i = 0; i < 105; i++) await a.next('chat.message')
  const b = await roomSocket(room.room, room.owner)
  equal(b.welcome.chat.length, 100, 'count')
})

test('bad messages are answered by an error that names the field, the socket stays', async () => {
  const room = newRoom()
  const s = await roomSocket(room.room, room.owner)
  const cases = [
    [{ type: 'no.such' }, 'type'],
    [{ x: 1 }, 'type'],
    [{ type: 'chat.send', id: newId() }, 'text'],
    [{ type: 'chat.send', id: 'short', text: 'x' }, 'id'],
    [{ type: 'chat.send', id: newId(), text: '' }, 'text'],
    [{ type: 'chat.send', id: newId(), text: 'x'.repeat(4001) }, 'text'],
    [{ type: 'chat.send', id: newId(), text: 'x', extra: 1 }, 'extra'],
    [{ type: 'chat.send', id: newId(), text: 7 }, 'text'],
    [{ type: 'presence.set', file: newId() }, 'file'],
    [{ type: 'run.start', key: 'k'.repeat(8), entry: 'nowhere.py' }, 'entry'],
    [{ type: 'run.start', key: 'k'.repeat(8), entry: '../nowhere' }, 'entry'],
    [{ type: 'run.start', key: 'short', entry: 'main.py' }, 'key'],
    [{ type: 'run.start', key: 'k'.repeat(8), entry: 'main.py', language: 'cobol' }, 'language'],
    [{ type: 'run.start', key: 'k'.repeat(8), entry: 'main.py', args: Array(65).fill('') }, 'args'],
    [{ type: 'run.start', key: 'k'.repeat(8), entry: 'main.py', wall_limit_ms: 999999999 }, 'wall_limit_ms'],
    [{ type: 'run.stop', run: newId() }, 'run'],
  ]
  for (const [message, field] of cases) {
    s.send({ ...message, ref: 'r1' })
    const e = await s.next('error')
    equal([e.field, e.ref], [field, 'r1'], JSON.stringify(message).slice(0, 80))
    ok(e.code && e.message, 'code and message')
  }
  for (const raw of ['{', '[]', 'null', '"x"', '{"type":"ping","type":"ping"}', '{"type":"chat.send","text":"\ud800"}']) {
    s.ws.send(raw)
    equal((await s.next('error')).code, 'invalid', raw)
  }
  s.send(Buffer.from([0x11, 1, 2]))
  equal((await s.next('error')).code, 'invalid', 'short binary frame')
  s.send({ type: 'ping', ref: 'still' })
  equal((await s.next('pong')).ref, 'still', 'pong')
})

test('viewers may chat but not run, stop or type', async () => {
  const room = newRoom()
  const s = await roomSocket(room.room, room.viewer)
  startRun(s)
  equal((await s.next('error')).code, 'forbidden', 'run')
  s.send({ type: 'run.stop', run: newId() })
  equal((await s.next('error')).code, 'forbidden', 'stop')
  s.send(Buffer.concat([Buffer.from([0x11]), Buffer.from(newId()), Buffer.from('x')]))
  equal((await s.next('error')).code, 'forbidden', 'input')
})

test('a flood closes with 4429, a frame over 64 KiB with 4413', async () => {
  const room = newRoom()
  const s = await roomSocket(room.room, room.owner)
  for (let i = 0; i < 400; i++) s.send({ type: 'ping' })
  await s.close(4429)
  const t = await roomSocket(room.room, room.owner)
  t.send({ type: 'ping', ref: 'x'.repeat(65536) })
  await t.close(4413)
})

test('role, members, files and name of the room follow within a second, at once by the doorbell', async () => {
  const room = newRoom()
  const s = await roomSocket(room.room, room.editor)
  let began = Date.now()
  seed('role', room.room, room.editor, 'viewer')
  equal((await s.next('role.changed')).role, 'viewer', 'role')
  await s.next('members.changed')
  equal((await s.next('presence.changed')).role, 'viewer', 'role that others see')
  ok(Date.now() - began < 1500, 'soon')
  startRun(s)
  equal((await s.next('error')).code, 'forbidden', 'the new role counts')
  seed('add-file', room.room, 'src/new.py')
  const files = (await s.next('files.changed')).files
  ok(files.some((f) => f.path === 'src/new.py' && f.kind === 'file'), 'new file')
  seed('rename', room.room, 'Renamed')
  ringDoorbell(room.room)
  began = Date.now()
  equal((await s.next('room.changed')).room.name, 'Renamed', 'name')
  seed('role', room.room, room.editor, 'none')
  await s.close(4403, 1000)
})

test('an earlier moment comes back as an edit', async () => {
  const room = newRoom()
  const file = room.files['main.py']
  const owner = await roomSocket(room.room, room.owner)
  const viewer = await roomSocket(room.room, room.viewer)
  const a = provider(room.room, file, { token: room.token })
  await synced(a)
  const watch = docSocket(room.room, file, { token: room.token, saved: '1' })
  const saved = async (n) => { watch.send(new Uint8Array([0, 2, 2, 0, 0])); await until('saved', () => watch.binary.filter((b) => b[0] === 100).length >= n) }
  const updates = () => watch.binary.filter((b) => b[0] === 0 && b[1] === 2).length
  const edit = async (n, work) => { // stored as the n-th of this test
    const before = updates()
    a.doc.transact(work)
    await until('passed on', () => updates() > before)
    await saved(n)
  }
  await until('greeted', () => watch.binary.length > 0)
  await edit(1, () => a.text.insert(0, 'one\ntwo 👋\nthree\n'))
  await edit(2, () => {
    a.text.delete(4, 4)
    a.text.insert(0, 'zero\n')
  })
  viewer.send({ type: 'doc.restore', file, seq: 1, ref: 'no' })
  equal((await viewer.next('error', (m) => m.ref === 'no')).code, 'forbidden', 'viewer')
  owner.send({ type: 'doc.restore', file, seq: 99, ref: 'late' })
  equal((await owner.next('error', (m) => m.ref === 'late')).code, 'not_found', 'a moment that is not')
  owner.send({ type: 'doc.restore', file, seq: 1, ref: 'back' })
  const { before } = await owner.next('doc.restored', (m) => m.ref === 'back' && m.seq === 1)
  equal(before, { seq: 2 }, 'the moment that undoes it')
  await until('as it was', () => a.text.toString() === 'one\ntwo 👋\nthree\n')
  await edit(3, () => a.text.insert(0, '!'))
  a.destroy()
  watch.ws.terminate()
  await daemon.stop('SIGKILL')
  await daemon.start()
  const b = provider(room.room, file, { token: room.token })
  await synced(b)
  equal(b.text.toString(), '!one\ntwo 👋\nthree\n', 'stored')
  const other = await roomSocket(room.room, room.owner) // a file that nobody has open
  b.destroy()
  await sleep(50)
  other.send({ type: 'doc.restore', file, seq: 1 })
  const c = provider(room.room, file, { token: room.token })
  await until('back again', () => c.text.toString() === 'one\ntwo 👋\nthree\n')
})

test('a run: the files of that moment, status and output for everybody, once', async () => {
  const room = newRoom()
  const owner = await roomSocket(room.room, room.owner)
  const viewer = await roomSocket(room.room, room.viewer)
  const editor = provider(room.room, room.files['main.py'], { token: room.token })
  const other = provider(room.room, room.files['src/util.py'], { token: room.token })
  await Promise.all([synced(editor), synced(other)])
  editor.text.insert(0, 'print("hé 🙂")')
  other.text.insert(0, 'x = 1')
  await sleep(100)
  const r = await runner()
  const key = `key-${newId()}`
  owner.send({ type: 'run.start', key, entry: 'main.py', args: ['a b', ''], ref: 'go' })
  const queued = (await viewer.next('run.status')).run
  equal([queued.state, queued.entry, queued.language, queued.args, queued.user_name, queued.stdin_open, queued.waiting],
    ['queued', 'main.py', 'python', ['a b', ''], 'owner', true, false], 'queued')
  equal((await r.next('job.ready')).run, queued.id, 'doorbell')
  owner.send({ type: 'run.start', key, entry: 'main.py' })
  equal((await owner.next('run.status', (m) => m.run.state === 'queued')).run.id, queued.id, 'first')
  equal((await owner.next('run.status', (m) => m.run.state === 'queued')).run.id, queued.id, 'repeat is the same run')
  const job = claim()
  equal([job.id, job.attempt, job.files], [queued.id, 1, { 'main.py': 'print("hé 🙂")', 'src/util.py': 'x = 1' }], 'job')
  const at = { run: job.id, room: room.room, attempt: 1 }
  r.send({ type: 'job.running', ...at, phase: 'run', started_at: Date.now() })
  const running = (await viewer.next('run.status', (m) => m.run.state === 'running')).run
  equal([running.phase, running.attempt], ['run', 1], 'running')
  r.send(output(room.room, job.id, 1, 1, 0, 'one\n'))
  r.send(output(room.room, job.id, 1, 2, 4, Buffer.from([0xff, 0xfe, 0x0a])))
  await until('output', () => viewer.binary.length === 2 && owner.binary.length === 2)
  equal(viewer.binary.map(read).map((f) => [f.stream, f.offset, f.data.toString('hex')]), [[1, 0, '6f6e650a'], [2, 4, 'fffe0a']], 'frames')
  const late = await roomSocket(room.room, room.editor)
  await until('late joiner has it', () => printed(late, job.id).length === printed(owner, job.id).length)
  equal(late.welcome.runs[0].state, 'running', 'run in welcome')
  owner.send(Buffer.concat([Buffer.from([0x11]), Buffer.from(job.id), Buffer.from('typed\n')]))
  await until('input', () => r.binary.length === 1)
  equal(r.binary[0].subarray(21).toString(), 'typed\n', 'input')
  owner.send({ type: 'run.stdin_close', run: job.id })
  equal((await r.next('job.stdin_close')).run, job.id, 'end of input')
  await viewer.next('run.stdin_closed')
  owner.send(Buffer.concat([Buffer.from([0x11]), Buffer.from(job.id), Buffer.from('late')]))
  equal((await owner.next('error')).code, 'conflict', 'input after its end')
  owner.send({ type: 'run.stop', run: job.id })
  equal((await r.next('job.stop')).run, job.id, 'stop')
  seed('finish', job.id, 1)
  r.send({ type: 'job.finished', ...at, result: { verdict: 'ok', wall_ms: 12, stdout_bytes: 4 }, finished_at: Date.now() })
  const finished = (await viewer.next('run.status', (m) => m.run.state === 'finished')).run
  equal([finished.result.verdict, finished.result.wall_ms, finished.phase], ['ok', 12, undefined], 'finished')
  r.send({ type: 'job.finished', ...at, result: { verdict: 'exit', exit_code: 3 }, finished_at: Date.now() })
  const after = await roomSocket(room.room, room.viewer)
  equal([after.welcome.runs.length, after.welcome.runs[0].result.verdict], [1, 'ok'], 'it ended once')
  await sleep(50)
  ok(!viewer.json.some((m) => m.type === 'run.status' && m.run.state === 'finished'), 'one end is told')
})

test('files that nobody has open are read from the database', async () => {
  const room = newRoom()
  const p = provider(room.room, room.files['main.py'], { token: room.token })
  await synced(p)
  p.text.insert(0, 'print(1)')
  const watch = docSocket(room.room, room.files['main.py'], { token: room.token, saved: '1' })
  await until('greeted', () => watch.binary.length > 0)
  await daemon.stop() // stored
  await daemon.start()
  p.destroy()
  const s = await roomSocket(room.room, room.owner)
  startRun(s, { stdin: '5\n' })
  equal((await s.next('run.status')).run.stdin_open, false, 'input given means its end')
  const job = claim()
  equal(job.files['main.py'], 'print(1)', 'text')
  seed('finish', job.id, job.attempt)
})

test('without a runner the run says that it waits; a queued run stops at once', async () => {
  const room = newRoom()
  const s = await roomSocket(room.room, room.owner)
  startRun(s)
  const run = (await s.next('run.status')).run
  equal([run.state, run.waiting], ['queued', true], 'waits')
  s.send({ type: 'run.stop', run: run.id })
  const end = (await s.next('run.status', (m) => m.run.state === 'finished')).run
  equal(end.result.verdict, 'stopped', 'verdict')
  s.send({ type: 'run.stop', run: run.id })
  equal((await s.next('error')).code, 'gone', 'stop again')
  equal(claim().found, false, 'nothing to claim')
})

test('waiting runs hear where they stand, and when they moved', async () => {
  const room = newRoom()
  const s = await roomSocket(room.room, room.owner)
  startRun(s)
  const first = (await s.next('run.status')).run
  startRun(s)
  const second = (await s.next('run.status', (m) => m.run.id !== first.id)).run
  const place = async (run, test) =>
    (await s.next('run.status', (m) => m.run.id === run.id && m.run.position && test(m.run.position))).run.position
  const at = await place(first, () => true)
  const behind = await place(second, (position) => position > at)
  s.send({ type: 'run.stop', run: first.id })
  await place(second, (position) => position < behind)
  s.send({ type: 'run.stop', run: second.id })
  await s.next('run.status', (m) => m.run.id === second.id && m.run.state === 'finished')
})

test('the same key from two room tokens is two runs', async () => {
  const room = newRoom()
  const ids = new Set()
  let s
  for (const token of [room.token, room.second_token, room.token]) {
    s = open(`/ws/v1/room/${room.room}?token=${token}`)
    await s.next('welcome')
    startRun(s, { key: '00000001' })
    ids.add((await s.next('run.status')).run.id)
  }
  equal(ids.size, 2, 'runs')
  for (const run of ids) s.send({ type: 'run.stop', run })
  for (const run of ids) await s.next('run.status', (m) => m.run.id === run && m.run.state === 'finished')
})

test('four runs at once are enough for a room, a file over the limit is named', async () => {
  const room = newRoom()
  const s = await roomSocket(room.room, room.owner)
  for (let i = 0; i < 5; i++) startRun(s)
  equal((await s.next('error')).code, 'limit', 'fifth')
  for (let i = 0; i < 4; i++) s.send({ type: 'run.stop', run: (await s.next('run.status', (m) => m.run.state === 'queued')).run.id })
  for (let i = 0; i < 4; i++) await s.next('run.status', (m) => m.run.state === 'finished')
  const p = provider(room.room, room.files['src/util.py'], { token: room.token })
  await synced(p)
  p.text.insert(0, 'z'.repeat((1 << 20) + 1))
  await until('stored', async () => (await daemon.metric('coderoom_ws_saves_total')) > 0)
  await sleep(200)
  startRun(s)
  const e = await s.next('error')
  equal([e.code, e.message.includes('src/util.py')], ['too_large', true], 'error')
})

test('a new attempt starts its output again, words of the old one are stale', async () => {
  const room = newRoom()
  const s = await roomSocket(room.room, room.owner)
  const r = await runner()
  startRun(s)
  await s.next('run.status')
  const job = claim()
  const at = { run: job.id, room: room.room }
  r.send({ type: 'job.running', ...at, attempt: 1, phase: 'run', started_at: 1 })
  r.send(output(room.room, job.id, 1, 1, 0, 'old'))
  await until('old output', () => s.binary.length === 1)
  r.send({ type: 'job.running', ...at, attempt: 2, phase: 'run', started_at: 2 })
  equal((await s.next('run.status', (m) => m.run.attempt === 2)).run.state, 'running', 'told')
  r.send(output(room.room, job.id, 1, 1, 3, 'stale'))
  r.send(output(room.room, job.id, 2, 1, 0, 'new'))
  await until('new output', () => s.binary.length === 2)
  equal(read(s.binary[1]).data.toString(), 'new', 'output')
  seed('finish', job.id, 1)
})

test('kill -9 of the daemon during a run: the runner tells again, nobody sees a byte twice or misses one', async () => {
  const room = newRoom()
  const s = await roomSocket(room.room, room.owner)
  let r = await runner()
  startRun(s)
  await s.next('run.status')
  const job = claim()
  const at = { run: job.id, room: room.room, attempt: 1 }
  r.send({ type: 'job.running', ...at, phase: 'run', started_at: Date.now() })
  r.send(output(room.room, job.id, 1, 1, 0, 'before '))
  await until('output', () => s.binary.length === 1)
  await daemon.stop('SIGKILL')
  await daemon.start()
  r = await runner()
  r.send({ type: 'job.running', ...at, phase: 'run', started_at: Date.now() })
  r.send(output(room.room, job.id, 1, 1, 0, 'before '))
  r.send(output(room.room, job.id, 1, 1, 3, 'ore and '))
  await sleep(50) // nobody is in the room yet
  const back = await roomSocket(room.room, room.owner)
  equal(back.welcome.runs[0].state, 'running', 'the run goes on')
  r.send(output(room.room, job.id, 1, 1, 11, 'after'))
  await until('all output', () => printed(back, job.id) === 'before and after')
  seed('finish', job.id, 1)
  r.ws.terminate() // dies before it says so
  const end = (await back.next('run.status', (m) => m.run.state === 'finished')).run
  equal(end.result.verdict, 'ok', 'found in the database')
})

test('a runner needs the token, and hello first', async () => {
  await open('/ws/v1/service').close(4401)
  await open('/ws/v1/service', { Authorization: 'Bearer wrong' }).close(4401)
  const s = open('/ws/v1/service', { Authorization: `Bearer ${serviceToken}` })
  await s.ready()
  s.send({ type: 'job.finished', run: newId(), room: newId(), attempt: 1, result: { verdict: 'ok' }, finished_at: 1 })
  await s.close(4400)
  const t = await runner()
  t.send({ type: 'job.finished', run: newId(), room: newId(), attempt: 1, result: { verdict: 'nonsense' }, finished_at: 1 })
  await t.close(4400)
})

test('thirty runs a minute are enough for one account', async () => {
  const room = newRoom()
  const s = await roomSocket(room.room, room.owner)
  let refused = null
  for (let i = 0; i < 32 && !refused; i++) {
    startRun(s)
    const m = await until('answer', () => s.json.find((x) => x.type === 'error') ?? s.json.find((x) => x.type === 'run.status' && x.run.state === 'queued'))
    if (m.type === 'error') { refused = m; break }
    s.json.length = 0
    s.send({ type: 'run.stop', run: m.run.id })
    await s.next('run.status', (x) => x.run.state === 'finished')
  }
  equal(refused?.code, 'rate', 'refused in the end')
})
