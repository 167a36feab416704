// Random schedules, or recorded documents, against the C engine.  See run.sh.
import { roots } from './edits.mjs'
import { Peer } from './peer.mjs'
import { makeRandom } from './random.mjs'
import { runReplays } from './replays.mjs'
import { YjsFailed, runSchedule } from './schedule.mjs'
import { shrink, writeVector } from './shrink.mjs'
import { runTraces } from './traces.mjs'
import { runYrsSchedule } from './yrs.mjs'

const options = { seconds: '20', seed: String((Date.now() ^ (process.pid << 12)) >>> 0) }
for (let i = 2; i < process.argv.length; i += 2) {
  const name = process.argv[i].replace(/^--/, '')
  if (!['seconds', 'seed', 'count', 'traces', 'peer', 'yrs', 'keep'].includes(name) || i + 1 >= process.argv.length) {
    console.error('usage: run.sh [--seconds N] [--seed S] [--count N] [--yrs PROGRAM] [--traces DIR] [--keep FILE]')
    process.exit(2)
  }
  options[name] = process.argv[i + 1]
}

const seed = Number(options.seed) >>> 0
const open = () => new Peer(options.peer)
const peer = open()

// A failing schedule is made small and kept as a vector, which belongs into tests/vectors/ydoc.
const keep = async (err, one) => {
  if (!err.given) return
  const few = await shrink(open, err.given, roots)
  if (!few) return
  const file = options.keep ?? `seed-${one}.bin`
  writeVector(file, few)
  console.error(`  ${few.length} of ${err.given.length} updates are enough: ${file}`)
}

// Every second schedule has yrs as an author when its program is given.
const runOne = async (one, yrs, summary) => {
  if (!yrs || one % 2 === 0) return (summary.updates += await runSchedule(peer, one))
  const { updates, agrees } = await runYrsSchedule(peer, yrs, one)
  summary.withYrs++
  if (!agrees) summary.yrsDiffers.push(one)
  return (summary.updates += updates)
}

const runRandom = async () => {
  const summary = { passed: 0, failed: 0, updates: 0, withYrs: 0, yrsDiffers: [] }
  const yrs = options.yrs ? new Peer(options.yrs) : null
  let without = 0 // schedules on which Yjs itself threw
  const until = Date.now() + Number(options.seconds) * 1000
  const count = options.count ? Number(options.count) : Infinity
  for (let i = 0; i < count && (options.count || Date.now() < until) && summary.failed < 5; i++) {
    const one = (seed + i) >>> 0
    try {
      await runOne(one, yrs, summary)
      summary.passed++
    } catch (err) {
      if (err instanceof YjsFailed) {
        without++
        console.log(`seed ${one}: Yjs by itself: ${err.message.slice(0, 100)}`)
        continue
      }
      summary.failed++
      console.error(`seed ${one}: ${count === 1 ? err.stack : err.message.slice(0, 400)}`)
      await keep(err, one)
      if (peer.ended) break
    }
  }
  // Rare, or else the schedules ask Yjs for what it cannot do and the run shows little.
  if (without > 3 && without * 200 > summary.passed) {
    summary.failed++
    console.error(`Yjs itself threw on ${without} schedules`)
  }
  if (yrs) {
    console.log(`${summary.withYrs} schedules with yrs; it shows another document than Yjs in ${summary.yrsDiffers.length}: ` +
      (summary.yrsDiffers.slice(0, 20).join(' ') || 'none'))
    yrs.close()
  }
  return summary
}

let summary
if (options.traces) {
  console.log(`recorded documents in ${options.traces}, seed ${seed}`)
  summary = await runTraces(peer, options.traces, makeRandom(seed))
  const replayed = await runReplays(peer, options.traces, makeRandom(seed))
  for (const key of Object.keys(replayed)) summary[key] += replayed[key]
} else {
  console.log(`random schedules, seed ${seed} (one alone: --seed N --count 1)`)
  summary = await runRandom()
}
peer.close()
console.log(`${summary.updates} updates; ${summary.passed} passed, ${summary.failed} failed`)
process.exitCode = summary.failed > 0 || summary.passed === 0 ? 1 : 0
