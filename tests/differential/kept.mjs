// Kept cases: what once went wrong, as JSON.  { what: 'updates' or 'forged', updates, ... } or { what: 'edits', steps, ... }:
// `shows` is what went wrong, the steps are those of edit_told.mjs, updates are hex; `halves` is said in edits.mjs,
// `keeps`: what is deleted stays.
import { readFileSync, writeFileSync } from 'node:fs'

const hex = (bytes) => Buffer.from(bytes).toString('hex')

// One step or update a line, in ASCII.
const escaped = (json) => json.replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
const lines = (list) => `[\n${list.map((one) => escaped(JSON.stringify(one))).join(',\n')}\n]`

export const writeKept = (file, { updates, steps, of, ...head }) => {
  const [name, list] = updates ? ['updates', updates.map(hex)] : ['steps', steps]
  writeFileSync(file, `${JSON.stringify(head).slice(0, -1)},"${name}":${lines(list)}}\n`)
}

export const readKept = (file) => {
  const kept = JSON.parse(readFileSync(file, 'utf8'))
  return kept.updates ? { ...kept, updates: kept.updates.map((u) => new Uint8Array(Buffer.from(u, 'hex'))) } : kept
}
