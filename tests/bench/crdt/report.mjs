// Reads the lines of the programs beside this file and prints them as Markdown tables, and what was aimed at: report.mjs FILE…
import { existsSync, readFileSync } from 'node:fs'

const said = new Map() // "engine measure input" -> " (why it did not take the input in)"
const rows = new Map() // "measure input" -> {unit, engine: {p50, p95, p99}}; of fewer than 100 rounds p99 is the longest
const rank = (sorted, part) => sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)]
for (const file of process.argv.slice(2).filter(existsSync))
  for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
    const [engine, measure, input, unit, ...values] = line.split(' ')
    const key = `${measure} ${input}`
    if (unit === 'says') {
      said.set(`${engine} ${key}`, ` (${values.join(' ')})`)
      continue
    }
    const sorted = values.map(Number).sort((a, b) => a - b)
    if (sorted.length === 0) continue // cut short
    if (!rows.has(key)) rows.set(key, { unit })
    rows.get(key)[engine] = { p50: rank(sorted, 0.5), p95: rank(sorted, 0.95), p99: rank(sorted, 0.99) }
  }

const digits = (v) => (v < 0.01 ? v.toFixed(6) : v < 10 ? v.toFixed(3) : v.toFixed(1))
const number = (v, unit) =>
  v === undefined ? '–' : unit === 'bytes' ? `${(v / 1000).toFixed(v < 10000 ? 2 : 0)} kB` : digits(v)
const ratio = (v) => (v === undefined ? '–' : v < 0.001 ? v.toFixed(6) : v.toFixed(v < 0.1 ? 3 : 2))
const times = (a, b) => (a && b ? a.p50 / b.p50 : undefined)

console.log('| measure | input | ydoc p50 | p95 | p99 | yrs p50 | p95 | p99 | Yjs p50 | p95 | p99 | of yrs | of Yjs |')
console.log(`|---|---|${'--:|'.repeat(11)}`)
for (const [key, { unit, ydoc, yrs, yjs }] of [...rows].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const [measure, input] = key.split(' ')
  const cells = Object.entries({ ydoc, yrs, yjs }).flatMap(([engine, e]) => [
    number(e?.p50, unit) + (said.get(`${engine} ${key}`) ?? ''),
    number(e?.p95, unit),
    number(e?.p99, unit),
  ])
  console.log(`| ${measure}${unit === 'ms' ? ', ms' : ''} | ${input} | ${cells.join(' | ')} | ${ratio(times(ydoc, yrs))} | ${ratio(times(ydoc, yjs))} |`)
}

// What is aimed at, in medians: [letter, measure and input of ours, engine, measure and input to compare with, at most].
const sameAs = (letter, limit, engine, ...keys) => keys.map((key) => [letter, key, engine, key, limit])
const gates = [
  ...sameAs('E1', 0.4, 'yrs', 'parse B4', 'parse rustcode', 'parse sveltecomponent', 'parse friendsforever'),
  ...sameAs('E2', 0.35, 'yrs', 'apply B4', 'apply+relay B4'),
  ...sameAs('E3', 0.5, 'yrs', 'encode B4', 'encode B3.4'),
  ['E3, the same version again: the engine', 'encode-again B4', 'yrs', 'encode B4', 0.01],
  ['E3, the same version again: the server', 'answer-again B4', 'yrs', 'encode B4', 0.01],
  ...sameAs('E4', 0.35, 'yrs', 'heap B4', 'heap-typed B4'),
  ...sameAs('E5', 0.1, 'yrs', 'merge-10000 B4'),
  ...sameAs('E5', 0.02, 'yjs', 'merge clients-8000'),
  ['E5, twice the input', 'merge clients-8000', 'ydoc', 'merge clients-4000', 2.2],
  ...sameAs('E7', 0.25, 'yjs', 'parse B2.4', 'apply B2.4', 'apply B3.4'),
  ['typing ten times as much (2.2 for each doubling)', 'type B4-ten-times', 'ydoc', 'type B4', 13.7],
]
console.log('\n| | measure | of | gate | measured | |')
console.log('|---|---|---|--:|--:|---|')
for (const [letter, key, engine, other, limit] of gates) {
  const value = times(rows.get(key)?.ydoc, rows.get(other)?.[engine])
  if (rows.has(key) || rows.has(other))
    console.log(`| ${letter} | ${key} | ${engine === 'yjs' ? 'Yjs' : engine}${other === key ? '' : `: ${other}`} | ≤ ${limit} | ${ratio(value)} | ` +
      `${value === undefined ? 'not measured' : value <= limit ? 'reached' : '**missed**'} |`)
}
