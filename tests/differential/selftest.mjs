// Whether errors are found, made small and kept: selftest.mjs PEERS.  Each planted engine is right but for one thing;
// what is kept of its failure must be small, fail with it again, and pass with the right engine.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { runEdits } from './edit.mjs'
import { runForged } from './forged.mjs'
import { readKept, writeKept } from './kept.mjs'
import { Lasting, Peer } from './peer.mjs'
import { runSchedule } from './schedule.mjs'
import { replay, shows, shrink } from './shrink.mjs'

const smiley = Buffer.from('😀')

// Every 😀 as 😁, which is as long.
const grinning = (body) => {
  const out = Buffer.from(body)
  for (let at = out.indexOf(smiley); at >= 0; at = out.indexOf(smiley, at + 1)) out[at + 3]++
  return out
}

// The first two values of a list (peer.mjs).
const shortened = (body) => {
  let at = 0
  for (let n = 0; n < 2 && at < body.length; n++) at += 4 + body.readUInt32LE(at)
  return body.subarray(0, at)
}

// `asked` and `answered` spoil what goes to the engine and what comes, `instead` is another command; `most`: how much is
// enough to show it.
const plants = [
  { name: 'writes another smiley', what: 'edits', command: 'E', most: 1, asked: grinning },
  { name: 'tells of deletions that are longer', what: 'edits', command: 'v', most: 2,
    answered: (body) => Buffer.from(body.toString().replace(/"delete":(\d+)/, (_, n) => `"delete":${Number(n) + 1}`)) },
  { name: 'says that nothing touches a part', what: 'edits', command: 'T', most: 2, answered: () => Buffer.from([0]) },
  { name: 'merges two updates only', what: 'updates', command: 'm', most: 3, asked: shortened },
  { name: 'converts another smiley', what: 'updates', command: '2', most: 1, asked: grinning },
  { name: 'shows another smiley', what: 'updates', command: 'A', most: 1, answered: grinning },
  { name: 'sends what waits', what: 'forged', command: 'e', most: 2, instead: 'd' },
]

const [peers] = process.argv.slice(2)
const programs = { edits: `${peers}/edit_peer`, updates: `${peers}/ydoc_peer`, forged: `${peers}/ydoc_peer` }
const runs = { edits: runEdits, updates: runSchedule, forged: runForged }

class Planted extends Peer {
  constructor(plant) {
    super(programs[plant.what])
    this.plant = plant
  }

  send(letter, body = Buffer.alloc(0)) {
    const { command, instead = command, asked = (b) => b, answered = (b) => b } = this.plant
    if (letter !== command) return super.send(letter, body)
    const answer = super.send(instead, asked(Buffer.from(body)))
    return { ...answer, body: answered(answer.body) }
  }
}

const SCHEDULES_MAX = 40
const failureOf = (engine, run) => {
  for (let seed = 1; seed <= SCHEDULES_MAX; seed++) {
    try {
      run(engine.peer, seed)
    } catch (err) {
      return err
    }
  }
  return null
}

const check = (plant, file) => {
  const planted = new Lasting(() => new Planted(plant))
  const right = new Lasting(() => new Peer(programs[plant.what]))
  try {
    const err = failureOf(planted, runs[plant.what])
    assert(err, 'not found')
    const few = shrink(planted, err)
    assert(few, 'not made smaller')
    writeKept(file, few)
    const kept = readKept(file)
    const size = (kept.updates ?? kept.steps).length
    assert(size <= plant.most, `${size} of ${few.of}, where ${plant.most} would be enough`)
    assert.equal(shows(planted, kept), few.shows)
    replay(right.peer, kept)
    console.log(`an engine that ${plant.name}: ${size} of ${few.of} show "${few.shows}"`)
  } finally {
    planted.close()
    right.close()
  }
}

const folder = mkdtempSync(`${tmpdir()}/differential-`)
let failed = 0
for (const [i, plant] of plants.entries()) {
  try {
    check(plant, `${folder}/${i}.json`)
  } catch (err) {
    failed++
    console.error(`an engine that ${plant.name}: ${err.message.slice(0, 400)}`)
  }
}
rmSync(folder, { recursive: true })
console.log(`planted errors: ${plants.length}, ${failed} failures`)
process.exitCode = failed > 0 ? 1 : 0
