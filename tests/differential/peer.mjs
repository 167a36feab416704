// The C engine as a peer: commands over pipes, answers in order (see ydoc_peer.c).
import { spawn } from 'node:child_process'

const sized = (bytes) => {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(bytes.length)
  return length
}

export class Peer {
  constructor(program) {
    this.child = spawn(program, [], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.waiting = []
    this.chunks = []
    this.length = 0
    this.child.stdout.on('data', (chunk) => this.#receive(chunk))
    this.child.on('exit', (code, signal) => {
      this.ended = true
      const err = new Error(`${program} ended: ${signal ?? code}`)
      for (const { reject } of this.waiting.splice(0)) reject(err)
    })
  }

  #receive(chunk) {
    this.chunks.push(chunk)
    this.length += chunk.length
    while (this.length >= 8) {
      const all = this.chunks.length === 1 ? this.chunks[0] : Buffer.concat(this.chunks)
      this.chunks = [all]
      const length = all.readUInt32LE(4)
      if (all.length < 8 + length) return
      const status = all.readInt32LE(0)
      const body = all.subarray(8, 8 + length)
      this.chunks = [all.subarray(8 + length)]
      this.length = all.length - 8 - length
      this.waiting.shift().resolve({ status, body })
    }
  }

  send(letter, body = new Uint8Array(0)) {
    if (this.ended) return Promise.reject(new Error('the engine is gone'))
    const head = Buffer.alloc(5)
    head.write(letter, 0, 'latin1')
    head.writeUInt32LE(body.length, 1)
    this.child.stdin.write(head)
    if (body.length > 0) this.child.stdin.write(body)
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }))
  }

  async #ok(letter, body) {
    const answer = await this.send(letter, body)
    if (answer.status !== 0) throw new Error(`command ${letter} failed with ${answer.status}`)
    return answer.body
  }

  reset = () => this.#ok('n')
  apply = async (update) => {
    const flags = await this.#ok('a', update)
    return { changed: !!flags[0], hasNew: !!flags[1], complete: !!flags[2], contained: !!flags[3] }
  }
  stateVector = () => this.#ok('s')
  diff = (stateVector) => this.#ok('d', stateVector)
  text = async (root) => (await this.#ok('t', Buffer.from(root))).toString()
  pendingBytes = async () => (await this.#ok('p')).readUInt32LE(0)
  isContained = async (update) => (await this.#ok('c', update))[0] === 1
  // What the engine does with updates alone.
  merge = (updates) => this.#ok('m', Buffer.concat(updates.flatMap((u) => [sized(u), u])))
  stateVectorOf = (update) => this.#ok('v', update)
  diffOf = (update, sv) => this.#ok('f', Buffer.concat([sized(sv), sv, update]))
  toV1 = (update) => this.#ok('1', update)
  toV2 = (update) => this.#ok('2', update)
  diffV2 = (stateVector) => this.#ok('D', stateVector)
  close() {
    this.child.stdin.end()
  }
}
