// Reads the lines of the programs beside this file and prints them as Markdown tables: report.mjs FILE…
import { readFileSync } from 'node:fs'

const said = new Map() // "engine measure input" -> " (why it did not take the input in)"
const rows = new Map() // "measure input" -> {unit, engine: {median, p95}}
for (const file of process.argv.slice(2))
  for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
    const [engine, measure, input, unit, ...values] = line.split(' ')
    if (unit === 'says') {
      said.set(`${engine} ${measure} ${input}`, ` (${values.join(' ')})`)
      continue
    }
    const sorted = values.map(Number).sort((a, b) => a - b)
    const key = `${measure} ${input}`
    if (!rows.has(key)) rows.set(key, { unit })
    rows.get(key)[engine] = {
      median: sorted[Math.floor((sorted.length - 1) / 2)],
      p95: sorted[Math.ceil(sorted.length * 0.95) - 1],
    }
  }

const number = (v, unit) =>
  v === undefined ? '–' : unit === 'bytes' ? `${(v / 1000).toFixed(v < 10000 ? 2 : 0)} kB` : v < 10 ? v.toFixed(3) : v.toFixed(1)
const ratio = (a, b) => (a && b ? (a.median / b.median).toFixed(a.median / b.median < 0.1 ? 3 : 2) : '–')

console.log('| measure | input | ydoc p50 | p95 | yrs p50 | p95 | Yjs p50 | p95 | of yrs | of Yjs |')
console.log('|---|---|--:|--:|--:|--:|--:|--:|--:|--:|')
for (const [key, { unit, ydoc, yrs, yjs }] of [...rows].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const [measure, input] = key.split(' ')
  const cells = Object.entries({ ydoc, yrs, yjs }).flatMap(([engine, e]) => [
    number(e?.median, unit) + (said.get(`${engine} ${key}`) ?? ''),
    number(e?.p95, unit),
  ])
  console.log(`| ${measure}${unit === 'ms' ? ', ms' : ''} | ${input} | ${cells.join(' | ')} | ${ratio(ydoc, yrs)} | ${ratio(ydoc, yjs)} |`)
}
