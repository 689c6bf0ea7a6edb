import type { Clause } from './clauses.js'
import { isFade } from './fades.js'

type Time = Pick<Clause, 'when' | 'gradual'>

/**
 * A time, or a `gradually`, holds for its clause and for those that hang on it by an `and`: before
 * them, or behind the last of them. Over a comma it holds only where it is meant for all: where it
 * stands by itself (`darker, sepia, gradually`), or where a time comes first and sets the scene (`in
 * the last second darker, sepia`).
 */
export function shareTimes(clauses: readonly Clause[]): Clause[] {
  return forward(clauses.map((clause, at) => backward(clauses, at) ?? clause))
}

/** The clause with the time that stands behind the last of those that it belongs to; else null. */
function backward(clauses: readonly Clause[], from: number): Clause | null {
  const clause = clauses[from] as Clause
  if (clause.timed) return null
  for (let at = from + 1; at < clauses.length; at++) {
    const next = clauses[at] as Clause
    if (!next.joined) return null
    const alone = next.timeOnly && at === clauses.length - 1
    if (next.listed && !alone && !endsAlone(clauses, at)) return null
    if (!next.timed) continue
    const follows = clauses[at + 1]
    const ends = follows === undefined || follows.listed || !follows.joined
    if (!next.timeLast || !ends) return null
    // The time of a fade is its own.
    if (!next.timeOnly && (clause.words.some(isFade) || next.words.some(isFade))) return null
    return { ...clause, when: next.when, gradual: next.gradual, timed: true }
  }
  return null
}

/** From here on nothing has a time of its own, but for one that stands by itself at the very end. */
function endsAlone(clauses: readonly Clause[], from: number): boolean {
  const last = clauses.at(-1)
  const rest = clauses.slice(from, -1)
  return last?.timeOnly === true && last.joined && rest.every((one) => !one.timed && one.joined)
}

function forward(clauses: readonly Clause[]): Clause[] {
  const shared: Clause[] = []
  /** What goes on over a comma. */
  let scene: Time | null = null
  for (const clause of clauses) {
    const before = shared.at(-1)
    const fades = clause.words.some(isFade) || before?.words.some(isFade) === true
    const hangs = before !== undefined && ((clause.joined && !fades) || before.timeOnly)
    if (!hangs || clause.timed) scene = sceneOf(clause)
    const carried = !hangs || clause.timed || !before.timed ? null : clause.listed ? scene : before
    shared.push(
      carried === null
        ? clause
        : { ...clause, when: carried.when, gradual: carried.gradual, timed: true },
    )
  }
  return shared
}

function sceneOf({ when, gradual, timeOnly, timeFirst }: Clause): Time | null {
  if (timeOnly) return { when, gradual }
  return timeFirst && when !== null ? { when, gradual: false } : null
}
