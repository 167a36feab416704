// Replays kept cases: replay.mjs PEERS [FILE]...  Without files all that are in kept/.
import { readdirSync } from 'node:fs'
import { readKept } from './kept.mjs'
import { Lasting, Peer } from './peer.mjs'
import { replay } from './shrink.mjs'

const [peers, ...files] = process.argv.slice(2)
const folder = new URL('kept/', import.meta.url).pathname
if (files.length === 0) files.push(...readdirSync(folder).filter((n) => n.endsWith('.json')).map((n) => folder + n))

const takes = new Lasting(() => new Peer(`${peers}/ydoc_peer`))
const engines = { updates: takes, forged: takes, edits: new Lasting(() => new Peer(`${peers}/edit_peer`)) }
let failed = 0
for (const file of files) {
  const kept = readKept(file)
  try {
    replay(engines[kept.what].peer, kept)
  } catch (err) {
    failed++
    console.error(`${file} (kept for "${kept.shows}"): ${err.message.slice(0, 400)}`)
  }
}
for (const engine of Object.values(engines)) engine.close()
console.log(`kept cases: ${files.length}, ${failed} failures`)
process.exitCode = failed > 0 || files.length === 0 ? 1 : 0
