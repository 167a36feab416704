// The C engine (or yrs) as a peer: a command, an answer (frame.h).  Over two named pipes that are written and read at
// once: an answer is there in 15 us, where Node's own pipes and promises take ten times as long.
import { execFileSync, spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'

// What the engine did wrong; `kind`: which check found it.
export class Wrong extends Error {
  constructor(kind, more = '') {
    super(kind + more)
    this.kind = kind
  }
}

const nothing = new Uint8Array(0)

// A list in a body: for each value 4 bytes length and the value.
const list = (values) => {
  const out = Buffer.allocUnsafe(values.reduce((n, v) => n + 4 + v.length, 0))
  let at = 0
  for (const v of values) {
    at = out.writeUInt32LE(v.length, at)
    out.set(v, at)
    at += v.length
  }
  return out
}
const listed = (body) => {
  const out = []
  for (let at = 0; at < body.length;) {
    const end = at + 4 + body.readUInt32LE(at)
    out.push(body.subarray(at + 4, end))
    at = end
  }
  return out
}

const utf8 = (text) => Buffer.from(text)
const everythingOf = (body) => {
  const [stateVector, full, ...texts] = listed(body)
  return { bytes: body, stateVector, full, texts: texts.map(String) }
}

// A pipe: our end, and the end that the child inherits.
const pipe = (path, mine, theirs) => {
  execFileSync('mkfifo', [path])
  const both = openSync(path, 'r+') // opening one end alone would wait for the other
  const ends = [openSync(path, mine), openSync(path, theirs)]
  closeSync(both)
  return ends
}

export class Peer {
  constructor(program) {
    const directory = mkdtempSync(`${tmpdir()}/differential-`)
    const [to, childIn] = pipe(`${directory}/to`, 'w', 'r')
    const [from, childOut] = pipe(`${directory}/from`, 'r', 'w')
    spawn(program, [], { stdio: [childIn, childOut, 'inherit'] }).unref()
    for (const end of [childIn, childOut]) closeSync(end)
    rmSync(directory, { recursive: true })
    Object.assign(this, { to, from, ended: false, pendingBytes: 0 })
    this.command = Buffer.allocUnsafe(65536)
    this.answer = Buffer.allocUnsafe(65536)
    this.have = 0
  }

  #gone(err) {
    this.ended = true
    throw new Wrong('the engine is gone', err ? `: ${err.message}` : '')
  }

  #write(letter, body) {
    const size = 5 + body.length
    if (size > this.command.length) this.command = Buffer.allocUnsafe(2 * size)
    this.command[0] = letter.charCodeAt(0)
    this.command.writeUInt32LE(body.length, 1)
    this.command.set(body, 5)
    try {
      for (let at = 0; at < size;) at += writeSync(this.to, this.command, at, size - at)
    } catch (err) {
      this.#gone(err)
    }
  }

  #read(size) {
    if (size > this.answer.length) {
      const larger = Buffer.allocUnsafe(2 * size)
      this.answer.copy(larger, 0, 0, this.have)
      this.answer = larger
    }
    while (this.have < size) {
      const n = readSync(this.from, this.answer, this.have, this.answer.length - this.have)
      if (n === 0) this.#gone()
      this.have += n
    }
  }

  send(letter, body = nothing) {
    if (this.ended) this.#gone()
    this.#write(letter, body)
    this.have = 0
    this.#read(8)
    const end = 8 + this.answer.readUInt32LE(4)
    this.#read(end)
    return { status: this.answer.readInt32LE(0), body: Buffer.from(this.answer.subarray(8, end)) }
  }

  ok(letter, body) {
    const answer = this.send(letter, body)
    if (answer.status !== 0) throw new Wrong(`command ${letter} failed with ${answer.status}`)
    return answer.body
  }

  // keep: what is deleted stays.
  reset(keep = false) {
    this.ok('n', keep ? new Uint8Array(1) : nothing)
    this.pendingBytes = 0
  }

  #applied(update, answer) {
    const [changed, hasNew, complete, contained, whole] = [...answer.subarray(0, 5)].map(Boolean)
    const end = 13 + answer.readUInt32LE(9)
    this.pendingBytes = answer.readUInt32LE(5)
    const relay = changed ? (whole ? update : answer.subarray(13, end)) : null
    const result = { changed, hasNew, complete, contained, whole, relay }
    return answer.length > end ? { ...result, all: everythingOf(answer.subarray(end)) } : result
  }

  // Also keeps how much waits, as pendingBytes.  `relay` is what a server sends on (null: nothing).  With the names of
  // root texts the result has everything(), too, if nothing waits.
  apply = (update, roots = []) => this.#applied(update, this.ok('a', list([update, ...roots.map(utf8)])))

  // The same for what may be refused: then null.
  tryApply(update) {
    const { status, body } = this.send('a', list([update]))
    return status === 0 ? this.#applied(update, body) : null
  }

  // Everything that there is to compare, at once.
  everything = (roots) => everythingOf(this.ok('A', list([nothing, ...roots.map(utf8)])))

  diff = (stateVector) => this.ok('d', stateVector)
  // Without what waits: what a server sends.
  settled = (stateVector) => this.ok('e', stateVector)
  diffV2 = (stateVector) => this.ok('D', stateVector)
  text = (root) => this.ok('t', utf8(root)).toString()
  containsAll = (updates) => this.ok('c', list(updates)).every((byte) => byte === 1)
  // What the engine does with updates alone.
  merge = (updates) => this.ok('m', list(updates))
  stateVectorOf = (update) => this.ok('v', update)
  diffOf = (update, sv) => this.ok('f', list([sv, update]))
  toV1 = (update) => this.ok('1', update)
  toV2 = (update) => this.ok('2', update)

  close() {
    closeSync(this.to)
    closeSync(this.from)
    this.ended = true
  }
}

// A peer that is started anew when it has ended.
export class Lasting {
  #open
  #peer = null

  constructor(open) {
    this.#open = open
  }

  get peer() {
    if (this.#peer?.ended) this.close()
    this.#peer ??= this.#open()
    return this.#peer
  }

  close() {
    this.#peer?.close()
    this.#peer = null
  }
}
