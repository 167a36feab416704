// Several daemons at once, and stock clients that reach them through a socket of nginx's.
import { spawn } from 'node:child_process'
import http from 'node:http'
import WebSocket from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { dir, equal, until } from './harness.mjs'

const build = process.env.CR_BUILD ?? '.'

// A daemon of its own sockets. within: a command that the daemon is run by, and ends with.
export function member(name, within = [], settings = {}) {
  const m = { name, log: '', socket: `${dir}/ws-${name}.sock` }
  m.get = (path) => new Promise((resolve) => {
    http.get({ socketPath: `${dir}/monitor-${name}.sock`, path }, (res) => {
      let text = ''
      res.on('data', (d) => { text += d })
      res.on('end', () => resolve({ status: res.statusCode, text }))
    }).on('error', () => resolve({ status: 0, text: '' }))
  })
  m.start = async () => {
    const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('CODEROOM_')))
    Object.assign(env, { CODEROOM_WS_SOCKET: m.socket, CODEROOM_WS_NOTIFY_SOCKET: `${dir}/notify-${name}.sock`, CODEROOM_WS_MONITOR: `${dir}/monitor-${name}.sock` }, settings)
    const command = [...within, `${build}/ws/coderoom-ws`, '--config', `${dir}/ws.conf`]
    m.child = spawn(command[0], command.slice(1), { stdio: ['ignore', 'ignore', 'pipe'], env })
    m.child.stderr.on('data', (d) => { m.log += d })
    m.ended = new Promise((resolve) => m.child.on('exit', (code, signal) => resolve({ code, signal })))
    await until(`process ${name} is ready`, async () => (await m.get('/readyz')).status === 200, 20000)
  }
  m.rooms = async () => Number(/^coderoom_ws_rooms (\d+)/m.exec((await m.get('/metrics')).text)?.[1] ?? -1)
  m.stop = async () => {
    m.child.kill('SIGTERM')
    return m.ended
  }
  return m
}

export const startAll = (members) => Promise.all(members.map((m) => m.start()))
export const stopAll = (members) => Promise.all(members.map((m) => m.stop()))

// The sockets that nginx serves at this unix socket.
const through = (front) => class extends WebSocket {
  constructor(url, protocols) {
    const { pathname, search } = new URL(url)
    super(`ws+unix:${front}:${pathname}${search}`, protocols, { headers: { Host: 'code.example.org' } })
    this.on('error', () => {})
  }
}

// A stock client with its own back-off.
function client(room, front) {
  const doc = new Y.Doc()
  const p = new WebsocketProvider('ws://code.example.org/ws/v1/doc', `${room.room}/${room.files['main.py']}`, doc, {
    params: { token: room.token }, WebSocketPolyfill: through(front), disableBc: true,
  })
  p.text = doc.getText('text')
  return p
}

// Two clients write words of their own into a room until they are stopped.
export function writers(room, name, front) {
  const clients = [client(room, front), client(room, front)]
  const words = []
  let n = 0
  const timer = setInterval(() => {
    const word = `${name}.${n++}`
    words.push(word)
    clients[n % 2].text.insert(0, `${word} `)
  }, 25)
  return { room, front, clients, words, stop: () => clearInterval(timer) }
}

export const connected = (all) => all.every((w) => w.clients.every((c) => c.wsconnected && c.synced))

// How long until everybody is served again.
export async function outage(all, what, ms) {
  const began = Date.now()
  await until(`somebody is cut off: ${what}`, () => !connected(all), 12000)
  await until(`everybody is back: ${what}`, () => connected(all), ms)
  return Date.now() - began
}

// Nothing is lost or doubled: what everybody has is stored, and what is stored is read by processes
// that have seen nothing of it, from the database alone.
export async function check(members, all) {
  for (const w of all) {
    w.stop()
    const [a, b] = w.clients
    await until('both have the same', () => a.synced && b.synced && a.text.toString() === b.text.toString() && a.text.toString().split(' ').length === w.words.length + 1, 20000)
  }
  for (const w of all) for (const c of w.clients) c.destroy()
  for (const end of await stopAll(members)) equal(end.code, 0, 'exit status: everything is stored')
  await startAll(members)
  for (const w of all) {
    const fresh = client(w.room, w.front)
    await until('synchronised', () => fresh.synced, 10000)
    const found = fresh.text.toString().trim().split(' ')
    equal(found.length, w.words.length, 'words: none lost, none twice')
    equal(new Set(found).size, w.words.length, 'different words')
    fresh.destroy()
  }
}
