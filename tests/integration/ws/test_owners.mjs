// Several daemons behind nginx: each room has one owner, whoever is killed, asleep or restarted.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import WebSocket from 'ws'
import { check, connected, member, outage, startAll, stopAll, writers } from './fleet.mjs'
import { daemon, dir, equal, newRoom, ok, patience, sleep, test, until } from './harness.mjs'

const PROCESSES = 3
const ROOMS = 9
const front = `${dir}/front.sock`
const frontLog = `${dir}/front.log` // a line for each socket that ended

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
  log_format upstreams '$coderoom_room $upstream_addr $upstream_status';
  access_log ${frontLog} upstreams;
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
  const ended = new Promise((resolve) => nginx.on('exit', resolve))
  const members = Array.from({ length: PROCESSES }, (_, i) => member(i))
  return {
    members,
    startAll: () => startAll(members),
    rooms: () => Promise.all(members.map((m) => m.rooms())),
    async end() {
      await stopAll(members)
      nginx.kill('SIGTERM')
      await ended
    },
  }
}

test('rooms move between processes: kill -9, asleep, restart; nothing is lost or doubled', async () => {
  const f = fleet()
  await f.startAll()
  const all = Array.from({ length: ROOMS }, (_, i) => writers(newRoom(), `r${i}`, front))
  try {
    await until('everybody is in', () => connected(all), 20000)
    const spread = await f.rooms()
    equal(spread.reduce((x, y) => x + y), ROOMS, `rooms have one owner each: ${spread}`)
    ok(spread.filter((n) => n > 0).length >= 2, `nginx spreads them: ${spread}`)
    const busy = f.members[spread.indexOf(Math.max(...spread))]

    busy.child.kill('SIGKILL')
    const killed = await outage(all, 'kill -9', 15000 * patience)
    console.log(`    served again ${killed} ms after kill -9`)
    ok(killed < 3000 * patience, `served again after ${killed} ms`)
    await busy.start()

    // A loop that stalls for a second keeps its rooms; a machine without time may make it more.
    const stalled = Date.now()
    busy.child.kill('SIGSTOP')
    await sleep(1100)
    busy.child.kill('SIGCONT')
    const stall = Date.now() - stalled
    await sleep(500)
    ok(stall > 1250 || f.members.every((m) => !m.log.includes('taken for dead')), `who stalls for ${stall} ms is not taken for dead`)

    const counts = await f.rooms()
    const asleep = f.members[counts.indexOf(Math.max(...counts))]
    const silent = () => [daemon, ...f.members].reduce((n, m) => n + m.log.split('a process is silent').length, 0)
    const before = silent()
    asleep.child.kill('SIGSTOP')
    await until('somebody takes it for dead', () => silent() > before, 20000 * patience)
    await sleep(2000)
    asleep.child.kill('SIGCONT')
    await until('it knows', () => asleep.log.includes('taken for dead'), 10000)
    await until('everybody is back', () => connected(all), 20000)

    const after = await f.rooms()
    const leaving = f.members[after.indexOf(Math.max(...after))]
    leaving.child.kill('SIGTERM')
    const moved = await outage(all, 'restart', 15000 * patience)
    equal((await leaving.ended).code, 0, 'exit status')
    console.log(`    served again ${moved} ms after SIGTERM`)
    await leaving.start()
    await sleep(500)
    await check(f.members, all)
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
    await f.members[0].start()
    await f.end()
  }
})

// The hash is what keeps people together: without it the rooms would still work, by asking one
// process after the other.
test('nginx sends all sockets of a room to the process that has it, at the first attempt', async () => {
  const f = fleet()
  await f.startAll()
  const rooms = [newRoom(), newRoom(), newRoom()]
  const known = fs.readFileSync(frontLog, 'utf8').length
  const sockets = []
  const enter = (room) => new Promise((resolve) => {
    const ws = new WebSocket(`ws+unix:${front}:/ws/v1/doc/${room.room}/${room.files['main.py']}?token=${room.token}`, { headers: { Host: 'code.example.org' } })
    sockets.push(ws)
    ws.on('error', () => {})
    ws.on('message', () => resolve('served'))
    ws.on('unexpected-response', (_, res) => resolve(res.statusCode))
    ws.on('close', (code) => resolve(code))
  })
  try {
    for (const room of rooms) {
      const got = [await enter(room), ...await Promise.all(Array.from({ length: 19 }, () => enter(room)))]
      equal(got, Array(20).fill('served'), 'all sockets')
    }
    for (const ws of sockets) ws.close()
    const lines = await until('nginx has told of all', () => {
      const told = fs.readFileSync(frontLog, 'utf8').slice(known).trim().split('\n')
      return told.length === sockets.length && told
    })
    for (const { room } of rooms) {
      const told = lines.filter((line) => line.startsWith(`${room} `))
      equal(told.length, 20, 'sockets of a room')
      equal(new Set(told).size, 1, `the same process: ${[...new Set(told)]}`)
      ok(/^\S+ unix:\S+ 101$/.test(told[0]), `the first that was asked: ${told[0]}`)
    }
  } finally {
    for (const ws of sockets) ws.terminate()
    await f.end()
  }
})
