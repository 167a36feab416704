// Several daemons behind nginx: each room has one owner, whoever is killed, asleep or restarted.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import WebSocket from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { daemon, dir, equal, newRoom, ok, patience, sleep, test, until } from './harness.mjs'

const build = process.env.CR_BUILD ?? '.'
const PROCESSES = 3
const ROOMS = 9
const front = `${dir}/front.sock`

// What an installation's nginx does with sockets: these parts of its configuration, without its
// limits for one address, which all clients here share.
const template = fs.readFileSync(new URL('../../../conf/nginx/nginx.conf.in', import.meta.url), 'utf8')
function part(begin) {
  const at = template.indexOf(begin)
  if (at < 0) throw new Error(`nginx.conf.in has no ${begin}`)
  const indent = template.slice(template.lastIndexOf('\n', at) + 1, at)
  return template.slice(at, template.indexOf(`\n${indent}}`, at) + indent.length + 2)
    .replace(/^\s*(limit_|error_page|error_log).*$/gm, '')
    .replace('@ws_servers@', Array.from({ length: PROCESSES }, (_, i) => `server unix:${dir}/ws-${i}.sock max_fails=0;`).join(' '))
}
fs.writeFileSync(`${dir}/nginx.conf`, `daemon off;
user root;
pid ${dir}/nginx.pid;
error_log stderr crit;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path ${dir}/nginx-body;
  proxy_temp_path ${dir}/nginx-proxy;
  fastcgi_temp_path ${dir}/nginx-fastcgi;
  uwsgi_temp_path ${dir}/nginx-uwsgi;
  scgi_temp_path ${dir}/nginx-scgi;
  ${part('map $uri $coderoom_room {')}
  ${part('upstream coderoom_ws {')}
  server {
    listen unix:${front};
    ${part('location ~ ^/ws/v1/(doc|room)/ {')}
  }
}
`)

function fleet() {
  const nginx = spawn('nginx', ['-c', `${dir}/nginx.conf`], { stdio: 'ignore' })
  const members = Array.from({ length: PROCESSES }, (_, i) => ({ i, log: '' }))
  const get = (m, path) => new Promise((resolve) => {
    http.get({ socketPath: `${dir}/monitor-${m.i}.sock`, path }, (res) => {
      let text = ''
      res.on('data', (d) => { text += d })
      res.on('end', () => resolve({ status: res.statusCode, text }))
    }).on('error', () => resolve({ status: 0, text: '' }))
  })
  const start = async (m) => {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CODEROOM_')))
    Object.assign(env, { CODEROOM_WS_SOCKET: `${dir}/ws-${m.i}.sock`, CODEROOM_WS_NOTIFY_SOCKET: `${dir}/notify-${m.i}.sock`, CODEROOM_WS_MONITOR: `${dir}/monitor-${m.i}.sock` })
    const child = spawn(`${build}/ws/coderoom-ws`, ['--config', `${dir}/ws.conf`], { stdio: ['ignore', 'ignore', 'pipe'], env })
    child.stderr.on('data', (d) => { m.log += d })
    m.child = child
    m.ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal })))
    await until(`process ${m.i} is ready`, async () => (await get(m, '/readyz')).status === 200, 20000)
  }
  const rooms = async (m) => Number(/^coderoom_ws_rooms (\d+)/m.exec((await get(m, '/metrics')).text)?.[1] ?? -1)
  return {
    members,
    start,
    rooms,
    startAll: () => Promise.all(members.map(start)),
    async end() {
      for (const m of members) m.child.kill('SIGTERM')
      for (const m of members) await m.ended
      nginx.kill('SIGTERM')
    },
  }
}

class FrontWebSocket extends WebSocket {
  constructor(url, protocols) {
    const { pathname, search } = new URL(url)
    super(`ws+unix:${front}:${pathname}${search}`, protocols, { headers: { Host: 'code.example.org' } })
    this.on('error', () => {})
  }
}

// A stock client with its own back-off.
function client(room) {
  const doc = new Y.Doc()
  const p = new WebsocketProvider('ws://code.example.org/ws/v1/doc', `${room.room}/${room.files['main.py']}`, doc, {
    params: { token: room.token }, WebSocketPolyfill: FrontWebSocket, disableBc: true,
  })
  p.text = doc.getText('text')
  return p
}

// Two clients write words of their own into a room until they are stopped.
function writers(room, name) {
  const clients = [client(room), client(room)]
  const words = []
  let n = 0
  const timer = setInterval(() => {
    const word = `${name}.${n++}`
    words.push(word)
    clients[n % 2].text.insert(0, `${word} `)
  }, 25)
  return { room, clients, words, stop: () => clearInterval(timer) }
}

const connected = (all) => all.every((w) => w.clients.every((c) => c.wsconnected && c.synced))

// How long until everybody is served again.
async function outage(all, what, ms) {
  const began = Date.now()
  await until(`somebody is cut off: ${what}`, () => !connected(all), 12000)
  await until(`everybody is back: ${what}`, () => connected(all), ms)
  return Date.now() - began
}

// Nothing is lost or doubled: what everybody has is stored, and what is stored is read by processes
// that have seen nothing of it, from the database alone.
async function check(f, all) {
  for (const w of all) {
    w.stop()
    const [a, b] = w.clients
    await until('both have the same', () => a.synced && b.synced && a.text.toString() === b.text.toString() && a.text.toString().split(' ').length === w.words.length + 1, 20000)
  }
  for (const w of all) for (const c of w.clients) c.destroy()
  for (const m of f.members) m.child.kill('SIGTERM')
  for (const m of f.members) equal((await m.ended).code, 0, 'exit status: everything is stored')
  await f.startAll()
  for (const w of all) {
    const fresh = client(w.room)
    await until('synchronised', () => fresh.synced, 10000)
    const found = fresh.text.toString().trim().split(' ')
    equal(found.length, w.words.length, 'words: none lost, none twice')
    equal(new Set(found).size, w.words.length, 'different words')
    fresh.destroy()
  }
}

test('rooms move between processes: kill -9, asleep, restart; nothing is lost or doubled', async () => {
  const f = fleet()
  await f.startAll()
  const all = Array.from({ length: ROOMS }, (_, i) => writers(newRoom(), `r${i}`))
  try {
    await until('everybody is in', () => connected(all), 20000)
    const spread = await Promise.all(f.members.map(f.rooms))
    equal(spread.reduce((x, y) => x + y), ROOMS, `rooms have one owner each: ${spread}`)
    ok(spread.filter((n) => n > 0).length >= 2, `nginx spreads them: ${spread}`)
    const busy = f.members[spread.indexOf(Math.max(...spread))]

    busy.child.kill('SIGKILL')
    const killed = await outage(all, 'kill -9', 15000 * patience)
    console.log(`    served again ${killed} ms after kill -9`)
    ok(killed < 3000 * patience, `served again after ${killed} ms`)
    await f.start(busy)

    // A loop that stalls for a second keeps its rooms; a machine without time may make it more.
    const stalled = Date.now()
    busy.child.kill('SIGSTOP')
    await sleep(1100)
    busy.child.kill('SIGCONT')
    const stall = Date.now() - stalled
    await sleep(500)
    ok(stall > 1250 || f.members.every((m) => !m.log.includes('taken for dead')), `who stalls for ${stall} ms is not taken for dead`)

    const counts = await Promise.all(f.members.map(f.rooms))
    const asleep = f.members[counts.indexOf(Math.max(...counts))]
    const silent = () => [daemon, ...f.members].reduce((n, m) => n + m.log.split('a process is silent').length, 0)
    const before = silent()
    asleep.child.kill('SIGSTOP')
    await until('somebody takes it for dead', () => silent() > before, 20000 * patience)
    await sleep(2000)
    asleep.child.kill('SIGCONT')
    await until('it knows', () => asleep.log.includes('taken for dead'), 10000)
    await until('everybody is back', () => connected(all), 20000)

    const after = await Promise.all(f.members.map(f.rooms))
    const leaving = f.members[after.indexOf(Math.max(...after))]
    leaving.child.kill('SIGTERM')
    const moved = await outage(all, 'restart', 15000 * patience)
    equal((await leaving.ended).code, 0, 'exit status')
    console.log(`    served again ${moved} ms after SIGTERM`)
    await f.start(leaving)
    await sleep(500)
    await check(f, all)
  } finally {
    for (const w of all) { w.stop(); for (const c of w.clients) c.destroy() }
    await f.end()
    for (const m of f.members) if (/document cannot be (read|unpacked|decoded)/.test(m.log)) throw new Error(m.log)
  }
})

test('a process that is asked for a room of another answers 503 and names it', async () => {
  const f = fleet()
  await f.startAll()
  const room = newRoom()
  const path = `/ws/v1/doc/${room.room}/${room.files['main.py']}?token=${room.token}`
  const sockets = []
  const at = (i) => new Promise((resolve) => {
    const ws = new WebSocket(`ws+unix:${dir}/ws-${i}.sock:${path}`, { headers: { Host: 'code.example.org' } })
    sockets.push(ws)
    ws.on('error', () => {})
    ws.on('unexpected-response', (_, res) => resolve({ status: res.statusCode, owner: res.headers['x-coderoom-owner'] }))
    ws.on('message', () => resolve({ status: 101 }))
    ws.on('close', (code) => resolve({ code }))
  })
  try {
    equal(await at(0), { status: 101 }, 'the first that is asked owns the room')
    equal(await at(1), { code: 4503 }, 'another one finds out')
    const told = await at(1)
    equal(told.status, 503, 'and knows it from then on')
    ok(told.owner.endsWith('/ws-0.sock'), `owner: ${told.owner}`)
    f.members[0].child.kill('SIGTERM')
    await f.members[0].ended
    await until('it is free', async () => (await at(1)).status === 101, 3000)
  } finally {
    for (const ws of sockets) ws.terminate()
    await f.start(f.members[0])
    await f.end()
  }
})
