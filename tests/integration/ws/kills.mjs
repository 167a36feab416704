// The daemon is killed with SIGKILL again and again while clients write. Before anybody can send
// again what he knows, a reader looks whether every edit that was acknowledged is there.
//   node kills.mjs [TIMES]     as a program of its own; `run` does a few
import { pathToFileURL } from 'node:url'
import * as Y from 'yjs'
import * as encoding from 'lib0/encoding'
import * as decoding from 'lib0/decoding'
import { daemon, docSocket, main, newRoom, patience, sleep, test, until } from './harness.mjs'

const WRITERS = 4
const EVERY_MS = 5

const update = (bytes) => encoding.encode((e) => { encoding.writeVarUint(e, 0); encoding.writeVarUint(e, 2); encoding.writeVarUint8Array(e, bytes) })
const step1 = () => encoding.encode((e) => { encoding.writeVarUint(e, 0); encoding.writeVarUint(e, 0); encoding.writeVarUint8Array(e, Uint8Array.of(0)) })

class Writer {
  constructor(room, n) {
    Object.assign(this, { room, n, made: 0, acked: 0, latencies: [], doc: new Y.Doc() })
    this.doc.on('update', (u, origin) => { if (origin === 'own') this.send(u) })
  }

  open() {
    this.first = Infinity // when this socket first heard that something is stored
    this.sent = [] // by message of this socket: how many words it and those before hold, and when
    this.socket = docSocket(this.room.room, this.room.files['main.py'], { token: this.room.token, saved: '1' })
    this.socket.ws.on('message', (data) => this.received(new Uint8Array(data)))
    return this.socket.ready().then(() => this.send(Y.encodeStateAsUpdate(this.doc)))
  }

  send(bytes) {
    if (this.socket?.ws.readyState !== 1) return
    this.sent.push({ words: this.made, at: performance.now() })
    this.socket.send(update(bytes))
  }

  received(frame) {
    if (frame[0] !== 100) return
    const d = decoding.createDecoder(frame)
    decoding.readVarUint(d)
    const count = decoding.readVarUint(d)
    const now = performance.now()
    for (; (this.told ?? 0) < count; this.told = (this.told ?? 0) + 1) {
      const m = this.sent[this.told ?? 0]
      if (m.at > this.first) this.latencies.push(now - m.at) // before, the document is being opened
      this.acked = Math.max(this.acked, m.words)
    }
    this.first = Math.min(this.first, now)
  }

  write() {
    this.made++
    this.doc.transact(() => this.doc.getText('text').insert(0, `${this.n}.${this.made} `), 'own')
  }

  close() {
    this.socket.ws.terminate()
    this.told = 0
  }
}

const isState = (frame) => frame[0] === 0 && frame[1] === 1

// What the database has, seen by somebody new, who comes again when he is told to (45xx).
async function read(room) {
  const deadline = Date.now() + 10000
  const began = daemon.log.length
  for (;;) {
    const s = docSocket(room.room, room.files['main.py'], { token: room.token })
    await s.ready()
    s.send(step1())
    await until('the document', () => s.binary.some(isState) || s.closed, Math.max(deadline - Date.now(), 1)).catch((e) => {
      throw new Error(`${e.message}; the daemon says: ${daemon.log.slice(began).slice(-3000)}`)
    })
    if (s.closed && !(s.closed.code >= 4500 && Date.now() < deadline)) throw new Error(`no document: ${JSON.stringify(s.closed)}`)
    if (s.closed) continue
    const doc = new Y.Doc()
    const d = decoding.createDecoder(new Uint8Array(s.binary.find(isState)))
    decoding.readVarUint(d)
    decoding.readVarUint(d)
    Y.applyUpdate(doc, decoding.readVarUint8Array(d))
    s.ws.terminate()
    return doc.getText('text').toString()
  }
}

const percentile = (values, p) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))]

async function kills(times) {
  const room = newRoom()
  const reads = [] // ms until a newcomer has the document
  const writers = Array.from({ length: WRITERS }, (_, n) => new Writer(room, n))
  for (let round = 0; round < times; round++) {
    await Promise.all(writers.map((w) => w.open()))
    const before = writers.map((w) => w.acked)
    const timer = setInterval(() => writers.forEach((w) => w.write()), EVERY_MS)
    await until('everybody was acknowledged', () => writers.every((w, i) => w.acked > before[i]), 10000)
    await sleep(Math.random() * 150)
    await daemon.stop('SIGKILL')
    clearInterval(timer)
    const acked = writers.map((w) => w.acked)
    writers.forEach((w) => w.close())
    await daemon.start()
    const asked = performance.now()
    const words = (await read(room)).trim().split(' ')
    reads.push(performance.now() - asked)
    const found = new Set(words)
    if (found.size !== words.length) throw new Error(`round ${round}: a word is there twice`)
    writers.forEach((w, i) => {
      for (let k = 1; k <= acked[i]; k++)
        if (!found.has(`${w.n}.${k}`)) throw new Error(`round ${round}: ${w.n}.${k} was acknowledged and is lost`)
    })
    if (round % 50 === 49) console.log(`    ${round + 1} kills, ${acked.reduce((a, b) => a + b)} edits acknowledged, none lost; read in ${percentile(reads.slice(-50), 0.5).toFixed(0)} ms (median of the last 50)`)
  }
  const latencies = writers.flatMap((w) => w.latencies)
  const edits = writers.reduce((n, w) => n + w.acked, 0)
  console.log(`    ${times} kills, ${edits} edits acknowledged, none lost; acknowledged after ${percentile(latencies, 0.5).toFixed(1)} ms (median), ${percentile(latencies, 0.99).toFixed(1)} ms (p99)`)
}

const alone = import.meta.url === pathToFileURL(process.argv[1]).href
const times = alone ? Number(process.argv[2] ?? 1000) : Math.max(4, Math.ceil(8 / patience))

test(`${times} times kill -9 under load: no acknowledged edit is lost`, () => kills(times))

if (alone) {
  process.argv.length = 2 // the rest names tests
  await main()
}
