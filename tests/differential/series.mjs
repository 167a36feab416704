// Schedules one after the other, from a seed on, until their number or the time is up.
import { YjsFailed } from './schedule.mjs'

const FAILURES_MAX = 5
const TELL_MS = 60000

// runOne(seed) returns how many updates there were; onFailure(err, seed) is told of what failed.
export const runSeries = (options, runOne, onFailure) => {
  const seed = Number(options.seed) >>> 0
  const began = Date.now()
  const count = options.count ? Number(options.count) : Infinity
  const until = options.count ? Infinity : began + Number(options.seconds) * 1000
  const sum = { seed, schedules: 0, updates: 0, failed: 0, without: 0 }
  let told = began
  for (let i = 0; i < count && Date.now() < until && sum.failed < FAILURES_MAX; i++) {
    const one = (seed + i) >>> 0
    try {
      sum.updates += runOne(one)
      sum.schedules++
    } catch (err) {
      if (err instanceof YjsFailed) {
        sum.without++
        console.error(`seed ${one}: Yjs by itself: ${err.message.slice(0, 100)}`)
        continue
      }
      sum.failed++
      console.error(`seed ${one}: ${count === 1 ? err.stack : err.message.slice(0, 400)}`)
      onFailure(err, one)
    }
    if (Date.now() - told < TELL_MS) continue
    told = Date.now()
    console.error(`${sum.schedules} schedules, ${sum.failed} failed, ${Math.round((told - began) / 1000)} s`)
  }
  // Rare, or else the schedules ask Yjs for what it cannot do and the run shows little.
  if (sum.without > 3 && sum.without * 200 > sum.schedules) {
    sum.failed++
    console.error(`Yjs itself threw on ${sum.without} schedules`)
  }
  return { ...sum, seconds: Math.max(1, Math.round((Date.now() - began) / 1000)) }
}

// Says the result in one line, and in the exit status.
export const tellResult = (what, sum) => {
  const rate = (sum.schedules / sum.seconds).toFixed(1)
  console.log(`${what}: seed ${sum.seed}, ${sum.schedules} schedules, ${sum.updates} updates, ${sum.failed} failures, ` +
    `${sum.without} without an answer from Yjs, ${sum.seconds} s (${rate} a second)`)
  process.exitCode = sum.failed > 0 || sum.schedules === 0 ? 1 : 0
}
