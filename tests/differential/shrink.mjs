// A failure made small: the fewest steps, or updates, with which the same thing goes wrong (delta debugging, Zeller
// 2002), to be kept as a case (kept.mjs).
import { runSteps } from './edit.mjs'
import { tellAgain } from './edit_told.mjs'
import { examineForged } from './forged.mjs'
import { examineUpdates, YjsFailed } from './schedule.mjs'

// Fewer of a list, in their order, that still fail; none of them can be left out.
const fewest = (list, fails) => {
  const before = list.length
  for (let n = Math.ceil(list.length / 2); n >= 1; n = n === 1 ? 0 : Math.ceil(n / 2)) {
    for (let from = 0; from < list.length;) {
      const fewer = [...list.slice(0, from), ...list.slice(from + n)]
      if (fewer.length > 0 && fails(fewer)) list = fewer
      else from += n
    }
  }
  return list.length < before ? fewest(list, fails) : list
}

const errorOf = (work) => {
  try {
    work()
    return null
  } catch (err) {
    return err
  }
}
// What goes wrong; null: nothing, or Yjs itself cannot.
const kindOf = (err) => (!err || err instanceof YjsFailed ? null : (err.kind ?? err.message.replace(/\d+/g, 'N')))

const examine = { updates: examineUpdates, forged: examineForged, edits: tellAgain }
// A kept case: throws what is wrong.
export const replay = (peer, kept) => examine[kept.what](peer, kept)
export const shows = (engine, kept) => kindOf(errorOf(() => replay(engine.peer, kept)))

// What the clients wrote, or what the engine had got of it, merged and cut: whichever gives less.
const ofUpdates = (engine, { log, given, ...how }) => {
  const all = [log, given].filter((list) => list.length > 0).map((updates) => {
    const kind = shows(engine, { ...how, updates })
    if (!kind) return null
    const fails = (fewer) => shows(engine, { ...how, updates: fewer }) === kind
    return { ...how, shows: kind, of: updates.length, updates: fewest(updates, fails) }
  })
  return all.filter((few) => few).sort((a, b) => a.updates.length - b.updates.length)[0] ?? null
}

// Fewer steps of what the engine was told, and fewer operations in those that edit.
const fewestTold = (told, fails) => {
  let few = fewest(told, fails)
  few.forEach((step, i) => {
    if (!step.ops) return
    const withOps = (ops) => few.map((s, n) => (n === i ? { ...step, ops } : s))
    const ops = fewest(step.ops, (fewer) => fails(withOps(fewer)))
    if (ops.length < step.ops.length) few = withOps(ops)
  })
  return few.some((step) => !told.includes(step)) ? fewestTold(few, fails) : few
}

// First the steps of the schedule, which fit themselves to what is left; then what the engine was told in them.
const ofEdits = (engine, err) => {
  const kind = kindOf(err)
  const run = (steps) => errorOf(() => runSteps(engine.peer, { ...err.schedule, steps }))
  const steps = fewest(err.schedule.steps, (fewer) => kindOf(run(fewer)) === kind)
  const { keeps, steps: told } = run(steps)?.told ?? err.told
  const fails = (list) => shows(engine, { what: 'edits', keeps, steps: list }) === kind
  if (!fails(told)) return null
  return { what: 'edits', shows: kind, of: err.schedule.steps.length, keeps, steps: fewestTold(told, fails) }
}

// Returns the case that shows the same, `of` how many; null when what is kept of the schedule shows nothing.
export const shrink = (engine, err) => {
  if (err.failing) return ofUpdates(engine, err.failing)
  return err.schedule ? ofEdits(engine, err) : null
}
