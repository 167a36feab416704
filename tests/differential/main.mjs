// Random schedules, or recorded documents, against the C engine.  See run.sh.
import { roots } from './edits.mjs'
import { runEdits, tellRights } from './edit.mjs'
import { forgedKind, runForged } from './forged.mjs'
import { Peer } from './peer.mjs'
import { makeRandom } from './random.mjs'
import { runReplays } from './replays.mjs'
import { runSchedule } from './schedule.mjs'
import { runSeries, tellResult } from './series.mjs'
import { shrink, updatesKind } from './shrink.mjs'
import { runTraces } from './traces.mjs'
import { writeVector } from '../vectors/peer.mjs'
import { runYrsSchedule } from './yrs.mjs'

const [what, ...args] = process.argv.slice(2)
const options = { seconds: '20', seed: String((Date.now() ^ (process.pid << 12)) >>> 0) }
for (let i = 0; i < args.length; i += 2) {
  const name = args[i].replace(/^--/, '')
  if (!['seconds', 'seed', 'count', 'traces', 'peer', 'yrs', 'keep'].includes(name) || i + 1 >= args.length) {
    console.error('usage: run.sh [updates|edits|forged] [--seconds N] [--seed S] [--count N] [--yrs PROGRAM] [--traces DIR] [--keep FILE]')
    process.exit(2)
  }
  options[name] = args[i + 1]
}

const open = () => new Peer(options.peer)
let peer = open()

// A failing schedule is made small and kept as a vector, which belongs into tests/vectors/ydoc; forged ones, which no
// Yjs document is made of, are shown.
const keep = (err, one) => {
  if (peer.ended) {
    peer.close()
    peer = open()
  }
  if (!err.given) return
  const few = shrink((updates) => (what === 'forged' ? forgedKind(open, updates) : updatesKind(open, updates, roots)), err.given)
  if (!few) return
  if (what === 'forged') {
    console.error(`  "${few.kind}" after\n${few.updates.map((u) => `  ${Buffer.from(u).toString('hex')}`).join('\n')}`)
    return
  }
  const file = options.keep ?? `seed-${one}.bin`
  writeVector(file, few.updates)
  console.error(`  ${few.updates.length} of ${err.given.length} updates are enough for "${few.kind}": ${file}`)
}

// Every second schedule has yrs as an author when its program is given.
const withYrs = { peer: options.yrs ? new Peer(options.yrs) : null, schedules: 0, differs: [] }
const runOne = (one) => {
  if (!withYrs.peer || one % 2 === 0) return runSchedule(peer, one)
  const { updates, agrees } = runYrsSchedule(peer, withYrs.peer, one)
  withYrs.schedules++
  if (!agrees) withYrs.differs.push(one)
  return updates
}

const runUpdates = () => {
  const sum = runSeries(options, runOne, keep)
  if (withYrs.peer) {
    console.log(`${withYrs.schedules} schedules with yrs; it shows another document than Yjs in ${withYrs.differs.length}: ` +
      (withYrs.differs.slice(0, 20).join(' ') || 'none'))
    withYrs.peer.close()
  }
  return sum
}

const runRecorded = () => {
  const seed = Number(options.seed) >>> 0
  const began = Date.now()
  const sum = { seed, schedules: 0, updates: 0, failed: 0, without: 0 }
  for (const run of [runTraces, runReplays]) {
    const part = run(peer, options.traces, makeRandom(seed))
    for (const key of Object.keys(part)) sum[key] += part[key]
  }
  return { ...sum, seconds: Math.max(1, Math.round((Date.now() - began) / 1000)) }
}

console.log(`${what}, seed ${options.seed} (one alone: --seed N --count 1)`)
if (options.traces) {
  tellResult(`recorded documents in ${options.traces}`, runRecorded())
} else if (what === 'edits') {
  tellResult('the engine as an author', tellRights(runSeries(options, (one) => runEdits(peer, one), keep)))
} else if (what === 'forged') {
  tellResult('forged updates', runSeries(options, (one) => runForged(peer, one), keep))
} else {
  tellResult('random schedules', runUpdates())
}
peer.close()
