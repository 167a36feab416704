// Fan-out of one writer's keystrokes: node bench.mjs [CLIENTS] [UPDATES A SECOND] [SECONDS].
// Prints the time from sending to the arrival at each other client, and the daemon's CPU for each delivery.
import fs from 'node:fs'
import { execFileSync } from 'node:child_process'
import * as Y from 'yjs'
import * as encoding from 'lib0/encoding'
import { daemon, dir, docSocket, newRoom, sleep, until } from './harness.mjs'

const [clients = 100, rate = 20, seconds = 15] = process.argv.slice(2).map(Number)
const tick = 1000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
const cpuMs = () => {
  const fields = fs.readFileSync(`/proc/${daemon.process.pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) * tick
}

await daemon.start()
const room = newRoom()
const latencies = []
const sent = []
const sockets = []
for (let i = 0; i < clients; i++) {
  const s = docSocket(room.room, room.files['main.py'], { token: room.token, ...(i === 0 ? { saved: '1' } : {}) })
  await s.ready()
  sockets.push(s)
}
await until('all greeted', () => sockets.every((s) => s.binary.length > 0), 20000)
let delivered = 0, acked = 0
const saved = []
for (const s of sockets) {
  let seen = 0
  s.ws.removeAllListeners('message')
  s.ws.on('message', (data) => {
    const now = process.hrtime.bigint()
    if (data[0] === 100) {
      const count = data[1] < 128 ? data[1] : (data[1] & 127) | (data[2] << 7)
      for (; acked < count && acked < sent.length; acked++) saved.push(Number(now - sent[acked]) / 1e6)
    }
    if (data[0] !== 0 || data[1] !== 2) return
    latencies.push(Number(now - sent[seen++]) / 1e6)
    delivered++
  })
}
const doc = new Y.Doc()
let next = null
doc.on('update', (update) => { next = update })
const cpuBefore = cpuMs(), rssBefore = daemon.rss()
const began = Date.now()
for (let i = 0; i < rate * seconds; i++) {
  await sleep(Math.max(0, began + (i * 1000) / rate - Date.now()))
  doc.getText('text').insert(i, 'x')
  const frame = encoding.encode((e) => { encoding.writeVarUint(e, 0); encoding.writeVarUint(e, 2); encoding.writeVarUint8Array(e, next) })
  sent.push(process.hrtime.bigint())
  sockets[0].ws.send(frame)
}
await until('all delivered', () => delivered === rate * seconds * (clients - 1), 20000)
await until('all saved', () => acked === sent.length, 20000)
const cpu = cpuMs() - cpuBefore
const at = (list, q) => list.sort((a, b) => a - b)[Math.floor((list.length - 1) * q)].toFixed(2)
console.log(`${clients} clients, ${rate} updates/s, ${seconds} s: ${delivered} deliveries`)
console.log(`delivery: p50 ${at(latencies, 0.5)} ms, p95 ${at(latencies, 0.95)} ms, p99 ${at(latencies, 0.99)} ms`)
console.log(`saved:    p50 ${at(saved, 0.5)} ms, p95 ${at(saved, 0.95)} ms, p99 ${at(saved, 0.99)} ms`)
console.log(`daemon: ${((cpu * 1000) / delivered).toFixed(1)} µs CPU a delivery, ${(rssBefore / 1048576).toFixed(1)} MiB RSS`)
for (const s of sockets) s.ws.terminate()
await daemon.stop()
fs.rmSync(dir, { recursive: true, force: true })
process.exit(0)
