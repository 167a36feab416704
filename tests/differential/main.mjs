// Random schedules, or recorded documents, against the C engine.  See run.sh.
import { runEdits, tellRights } from './edit.mjs'
import { runForged } from './forged.mjs'
import { writeKept } from './kept.mjs'
import { Lasting, Peer } from './peer.mjs'
import { makeRandom } from './random.mjs'
import { runReplays } from './replays.mjs'
import { runSchedule } from './schedule.mjs'
import { runSeries, tellResult } from './series.mjs'
import { shrink } from './shrink.mjs'
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

const engine = new Lasting(() => new Peer(options.peer))

// A failing schedule is made small and kept as a case, which belongs into kept/; its updates, if it is about updates
// of Yjs, also as a vector, which may go to tests/vectors/ydoc.
const keep = (err, one) => {
  const few = shrink(engine, err)
  if (!few) {
    console.error('  not to be made smaller: only the whole schedule shows it')
    return
  }
  const file = options.keep ?? `seed-${one}.json`
  writeKept(file, few)
  if (what === 'updates') writeVector(`${file.replace(/\.json$/, '')}.bin`, few.updates)
  console.error(`  ${(few.updates ?? few.steps).length} of ${few.of} are enough for "${few.shows}": ${file}`)
}

// Every second schedule has yrs as an author when its program is given.
const withYrs = { peer: options.yrs ? new Peer(options.yrs) : null, schedules: 0, differs: [] }
const runOne = (one) => {
  if (!withYrs.peer || one % 2 === 0) return runSchedule(engine.peer, one)
  const { updates, agrees } = runYrsSchedule(engine.peer, withYrs.peer, one)
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
    const part = run(engine.peer, options.traces, makeRandom(seed))
    for (const key of Object.keys(part)) sum[key] += part[key]
  }
  return { ...sum, seconds: Math.max(1, Math.round((Date.now() - began) / 1000)) }
}

console.log(`${what}, seed ${options.seed} (one alone: --seed N --count 1)`)
if (options.traces) {
  tellResult(`recorded documents in ${options.traces}`, runRecorded())
} else if (what === 'edits') {
  tellResult('the engine as an author', tellRights(runSeries(options, (one) => runEdits(engine.peer, one), keep)))
} else if (what === 'forged') {
  tellResult('forged updates', runSeries(options, (one) => runForged(engine.peer, one), keep))
} else {
  tellResult('random schedules', runUpdates())
}
engine.close()
