// What the tests stand on: the daemon as a process, the database's seed, stock clients over the unix
// socket, and waiting for conditions with a deadline.
import { execFileSync, spawn } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import WebSocket from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'

const build = process.env.CR_BUILD ?? '.'
const uri = process.env.CR_MONGODB_URI
const wrapper = (process.env.CR_WRAPPER ?? '').split(' ').filter(Boolean)
const here = path.dirname(new URL(import.meta.url).pathname)
// Under valgrind and the like everything takes longer.
export const patience = Number(process.env.CR_PATIENCE ?? 1)

export const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'coderoom-ws-'))
const database = `test_${process.pid}_${Date.now().toString(36)}`
export const socketPath = path.join(dir, 'ws.sock')
export const serviceToken = 'service-token-service-token-service-token'

execFileSync('openssl', ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', `${dir}/key.pem`], { stdio: 'ignore' })
execFileSync('openssl', ['pkey', '-in', `${dir}/key.pem`, '-pubout', '-out', `${dir}/pub.pem`])
fs.writeFileSync(`${dir}/ws.conf`, `log.level = info
http.public_url = https://code.example.org
mongodb.uri = mongodb://${encodeURIComponent(`${dir}/db.sock`)}/
mongodb.database = ${database}
mongodb.timeout = 2s
ws.socket = ${socketPath}
ws.notify_socket = ${dir}/notify.sock
ws.monitor = ${dir}/monitor.sock
ws.ping_interval = 1s
runner.languages_dir = ${here}/../../../conf/languages
auth.verify_key = ${dir}/pub.pem
auth.service_token = ${serviceToken}
`)

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

export async function until(what, condition, ms = 5000) {
  const end = Date.now() + ms * patience
  for (;;) {
    const value = await condition()
    if (value) return value
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`)
    await sleep(5)
  }
}

export function seed(...args) {
  return execFileSync(`${build}/tests/integration/ws/seed`, [uri, database, `${dir}/key.pem`, ...args.map(String)], { encoding: 'utf8' })
}
export const newRoom = () => JSON.parse(seed('room'))
export const owner = (room) => JSON.parse(seed('owner', room))
export const ticket = (room, user) => seed('tickets', room, user, 1).trim()

// ---- the way to the database, which can be cut ----

const databaseSocket = decodeURIComponent(/^mongodb:\/\/([^/]+)/.exec(uri)[1]) // a unix socket
export const link = {
  sockets: new Set(),
  away: false,
  cut() {
    this.away = true
    for (const s of this.sockets) s.destroy()
  },
  heal() { this.away = false },
}
const proxy = net.createServer((near) => {
  if (link.away) { near.destroy(); return }
  const far = net.connect(databaseSocket)
  for (const s of [near, far]) {
    link.sockets.add(s)
    s.on('error', () => {})
    s.on('close', () => { link.sockets.delete(s); near.destroy(); far.destroy() })
  }
  near.pipe(far)
  far.pipe(near)
}).listen(`${dir}/db.sock`)

// ---- the daemon ----

export const daemon = {
  process: null,
  log: '',
  async start() {
    const command = [...wrapper, `${build}/ws/coderoom-ws`, '--config', `${dir}/ws.conf`]
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CODEROOM_')))
    const child = spawn(command[0], command.slice(1), { stdio: ['ignore', 'ignore', 'pipe'], env })
    child.stderr.on('data', (d) => { this.log += d })
    this.process = child
    this.ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal })))
    await until('the daemon is ready', async () => (await this.get('/readyz').catch(() => ({}))).status === 200, 20000)
  },
  async stop(signal = 'SIGTERM') {
    this.process.kill(signal)
    return this.ended
  },
  get(where) {
    return new Promise((resolve, reject) => {
      http.get({ socketPath: `${dir}/monitor.sock`, path: where }, (res) => {
        let text = ''
        res.on('data', (d) => { text += d })
        res.on('end', () => resolve({ status: res.statusCode, text }))
      }).on('error', reject)
    })
  },
  // A metric by its whole name, with its labels if it has some; one that is not there is a mistake.
  async metric(name) {
    const { text } = await this.get('/metrics')
    const line = text.split('\n').find((l) => l.startsWith(`${name} `))
    if (!line) throw new Error(`no metric ${name}`)
    return Number(line.slice(name.length))
  },
  rss() {
    const status = fs.readFileSync(`/proc/${this.process.pid}/status`, 'utf8')
    return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) * 1024
  },
}

export function ringDoorbell(room) {
  execFileSync('python3', ['-c', 'import socket,sys; socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(sys.argv[2].encode(), sys.argv[1])', `${dir}/notify.sock`, room])
}

// ---- clients ----

const opened = []

class UnixWebSocket extends WebSocket {
  constructor(url, protocols) {
    const { pathname, search } = new URL(url)
    super(`ws+unix:${socketPath}:${pathname}${search}`, protocols, { headers: { Host: 'code.example.org' } })
    this.on('error', () => {})
  }
}

// A stock y-websocket provider on a file of a room. query: { token } or { ticket }, { saved: '1' }.
export function provider(room, file, query, doc = new Y.Doc()) {
  const p = new WebsocketProvider('ws://code.example.org/ws/v1/doc', `${room}/${file}`, doc, {
    params: query, WebSocketPolyfill: UnixWebSocket, disableBc: true, maxBackoffTime: 200,
  })
  p.text = doc.getText('text')
  p.closes = []
  p.on('connection-close', (event) => { if (event) p.closes.push({ code: event.code, reason: event.reason }) })
  opened.push(() => p.destroy())
  return p
}
export const synced = (p) => until('synchronised', () => p.synced)

// A bare socket: JSON messages, binary frames and the close, in order.
export function open(where, headers = {}, options = {}) {
  const ws = new WebSocket(`ws+unix:${socketPath}:${where}`, { headers: { Host: 'code.example.org', ...headers }, maxPayload: 64 << 20, ...options })
  const s = { ws, json: [], binary: [], closed: null, opened: false }
  ws.on('open', () => { s.opened = true })
  ws.on('message', (data, isBinary) => { if (isBinary) s.binary.push(data); else s.json.push(JSON.parse(data.toString())) })
  ws.on('close', (code, reason) => { s.closed = { code, reason: reason.toString() } })
  ws.on('error', () => {})
  s.send = (message) => ws.send(message instanceof Uint8Array ? message : JSON.stringify(message))
  // The next message that fits, taken out of the queue.
  s.next = async (type, fits = () => true, ms = 5000) => {
    let at = -1
    await until(`${type}`, () => { at = s.json.findIndex((m) => m.type === type && fits(m)); return at >= 0 || s.closed }, ms)
    if (at < 0) throw new Error(`closed instead of ${type}: ${JSON.stringify(s.closed)}`)
    return s.json.splice(at, 1)[0]
  }
  // Wait for the close; one with a code has to say why, in the form that docs/PROTOCOL.md promises.
  s.close = (code, ms = 10000) => until(`closed within ${ms} ms`, () => s.closed, ms).then(() => {
    if (code && s.closed.code !== code) throw new Error(`closed with ${JSON.stringify(s.closed)}, not ${code}`)
    if (code && !/^[a-z_]+: ./.test(s.closed.reason)) throw new Error(`closed without a reason: ${JSON.stringify(s.closed)}`)
    return s.closed
  })
  s.ready = () => until('open', () => s.opened)
  opened.push(() => ws.terminate())
  return s
}
export const docSocket = (room, file, query, headers, options) => open(`/ws/v1/doc/${room}/${file}?${new URLSearchParams(query)}`, headers, options)
export async function roomSocket(room, user) {
  const s = open(`/ws/v1/room/${room}?ticket=${ticket(room, user)}`)
  s.welcome = await s.next('welcome')
  return s
}
export async function runner(languages = ['python']) {
  const s = open('/ws/v1/service', { Authorization: `Bearer ${serviceToken}` })
  await s.ready()
  s.send({ type: 'hello', runner: 'test-runner', languages })
  return s
}

// ---- tests ----

const tests = []
export const test = (name, run) => tests.push({ name, run })
export function equal(got, wanted, what = 'value') {
  const a = JSON.stringify(got), b = JSON.stringify(wanted)
  if (a !== b) throw new Error(`${what}: got ${a}, wanted ${b}`)
}
export function ok(value, what) {
  if (!value) throw new Error(`not so: ${what}`)
}

export async function main() {
  const only = process.argv.slice(2).join(' ')
  let passed = 0, failed = 0
  await daemon.start()
  for (const { name, run } of tests.filter((t) => t.name.includes(only))) {
    const began = Date.now()
    try {
      await run()
      passed++
      console.log(`ok: ${name} (${Date.now() - began} ms)`)
    } catch (e) {
      failed++
      console.log(`FAIL: ${name}\n    ${e.stack}`)
    }
    for (const close of opened.splice(0)) close()
    if (daemon.process.exitCode !== null || daemon.process.signalCode) {
      console.log(`FAIL: the daemon ended during: ${name}\n${daemon.log.slice(-3000)}`)
      failed++
      await daemon.start()
    }
  }
  const end = await daemon.stop()
  proxy.close()
  if (end.code !== 0) {
    console.log(`FAIL: the daemon ended with ${JSON.stringify(end)}\n${daemon.log.slice(-6000)}`)
    failed++
  }
  fs.rmSync(dir, { recursive: true, force: true })
  console.log(`${passed} passed, ${failed} failed`)
  process.exit(failed ? 1 : 0)
}
