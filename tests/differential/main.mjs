// Random schedules, or recorded documents, against the C engine.  See run.sh.
import { Peer } from './peer.mjs'
import { makeRandom } from './random.mjs'
import { YjsFailed, runSchedule } from './schedule.mjs'
import { runTraces } from './traces.mjs'

const options = { seconds: '20', seed: String((Date.now() ^ (process.pid << 12)) >>> 0) }
for (let i = 2; i < process.argv.length; i += 2) {
  const name = process.argv[i].replace(/^--/, '')
  if (!['seconds', 'seed', 'count', 'traces', 'peer'].includes(name) || i + 1 >= process.argv.length) {
    console.error('usage: run.sh [--seconds N] [--seed S] [--count N] [--traces DIR]')
    process.exit(2)
  }
  options[name] = process.argv[i + 1]
}

const seed = Number(options.seed) >>> 0
const peer = new Peer(options.peer)
let summary
if (options.traces) {
  console.log(`recorded documents in ${options.traces}, seed ${seed}`)
  summary = await runTraces(peer, options.traces, makeRandom(seed))
} else {
  console.log(`random schedules, seed ${seed} (one alone: --seed N --count 1)`)
  summary = { passed: 0, failed: 0, updates: 0 }
  let without = 0 // schedules on which Yjs itself threw
  const until = Date.now() + Number(options.seconds) * 1000
  const count = options.count ? Number(options.count) : Infinity
  for (let i = 0; i < count && (options.count || Date.now() < until) && summary.failed < 5; i++) {
    const one = (seed + i) >>> 0
    try {
      summary.updates += await runSchedule(peer, one)
      summary.passed++
    } catch (err) {
      if (err instanceof YjsFailed) {
        without++
        console.log(`seed ${one}: Yjs by itself: ${err.message.slice(0, 100)}`)
        continue
      }
      summary.failed++
      console.error(`seed ${one}: ${options.count ? err.stack : err.message.slice(0, 400)}`)
      if (peer.ended) break
    }
  }
  // Rare, or else the schedules ask Yjs for what it cannot do and the run shows little.
  if (without > 3 && without * 200 > summary.passed) {
    summary.failed++
    console.error(`Yjs itself threw on ${without} schedules`)
  }
}
peer.close()
console.log(`${summary.updates} updates; ${summary.passed} passed, ${summary.failed} failed`)
process.exitCode = summary.failed > 0 || summary.passed === 0 ? 1 : 0
