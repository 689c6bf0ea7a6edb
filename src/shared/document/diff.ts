import type { Id, ProjectDoc, ProjectMeta, Rec } from './model.js'

/**
 * What one or more commands changed. Reversible: swapping added with removed and the
 * two sides of each pair undoes it. The idea is that of tldraw's RecordsDiff.
 */
export interface Diff {
  readonly added: Readonly<Record<Id, Rec>>
  readonly updated: Readonly<Record<Id, readonly [from: Rec, to: Rec]>>
  readonly removed: Readonly<Record<Id, Rec>>
  readonly meta?: readonly [from: ProjectMeta, to: ProjectMeta]
}

export const EMPTY_DIFF: Diff = { added: {}, updated: {}, removed: {} }

export function isEmptyDiff(diff: Diff): boolean {
  return (
    diff.meta === undefined &&
    Object.keys(diff.added).length === 0 &&
    Object.keys(diff.updated).length === 0 &&
    Object.keys(diff.removed).length === 0
  )
}

/** The diff that takes back what `diff` did. */
export function reverseDiff(diff: Diff): Diff {
  const updated: Record<Id, readonly [Rec, Rec]> = {}
  for (const [id, [from, to]] of Object.entries(diff.updated)) updated[id] = [to, from]
  return {
    added: diff.removed,
    updated,
    removed: diff.added,
    ...(diff.meta === undefined ? {} : { meta: [diff.meta[1], diff.meta[0]] as const }),
  }
}

/** The document after the diff. Records the diff does not name keep their identity (===). */
export function applyDiff(doc: ProjectDoc, diff: Diff): ProjectDoc {
  if (isEmptyDiff(diff)) return doc
  const records: Record<Id, Rec> = { ...doc.records }
  for (const id of Object.keys(diff.removed)) delete records[id]
  for (const [id, record] of Object.entries(diff.added)) records[id] = record
  for (const [id, [, to]] of Object.entries(diff.updated)) records[id] = to
  return { meta: diff.meta?.[1] ?? doc.meta, records }
}

/** One diff with the effect of `first` followed by `second`; what cancels out disappears. */
export function mergeDiffs(first: Diff, second: Diff): Diff {
  const added: Record<Id, Rec> = { ...first.added }
  const updated: Record<Id, readonly [Rec, Rec]> = { ...first.updated }
  const removed: Record<Id, Rec> = { ...first.removed }

  for (const [id, record] of Object.entries(second.added)) {
    const gone = removed[id]
    if (gone === undefined) {
      added[id] = record
      continue
    }
    delete removed[id]
    if (gone !== record) updated[id] = [gone, record]
  }
  for (const [id, [from, to]] of Object.entries(second.updated)) {
    if (added[id] !== undefined) {
      added[id] = to
      continue
    }
    const start = updated[id]?.[0] ?? from
    if (start === to) delete updated[id]
    else updated[id] = [start, to]
  }
  for (const [id, record] of Object.entries(second.removed)) {
    if (added[id] !== undefined) {
      delete added[id]
      continue
    }
    removed[id] = updated[id]?.[0] ?? record
    delete updated[id]
  }

  const from = first.meta?.[0] ?? second.meta?.[0]
  const to = second.meta?.[1] ?? first.meta?.[1]
  const meta = from !== undefined && to !== undefined && from !== to ? ([from, to] as const) : null
  return { added, updated, removed, ...(meta === null ? {} : { meta }) }
}
