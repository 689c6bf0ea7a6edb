import type { HistoryState } from '../contract/api.js'
import type { Applied } from './apply.js'
import { EMPTY_DIFF, applyDiff, isEmptyDiff, mergeDiffs, reverseDiff } from './diff.js'
import type { Diff } from './diff.js'
import { checkDocument, danglingDiff } from './integrity.js'
import type { Id, ProjectDoc, ProjectMeta, Rec } from './model.js'
import { sameData } from './sameData.js'

interface Entry {
  readonly label: string
  readonly gesture: string | null
  /** Forward: redo applies it, undo its reverse. */
  diff: Diff
}

/** One step of undo or redo, as the journal needs it. */
export interface HistoryStep {
  readonly label: string
  /** What the step really changed. */
  readonly diff: Diff
  /** The entry was recorded before the last {@link History.mark}. */
  readonly beforeMark: boolean
}

/** A move over the history that fits; nothing has happened until `commit` is called. */
export type Move =
  | Extract<Applied, { ok: false }>
  | (Extract<Applied, { ok: true }> & {
      readonly steps: readonly HistoryStep[]
      commit(): void
    })

/**
 * Unlimited undo as a stack of diffs. It holds no document: the caller passes the current
 * one in and keeps the one that comes out.
 */
export interface History {
  state(): HistoryState
  /** Whether a change of this gesture goes on with the top entry. */
  continues(gesture: string | undefined): boolean
  /**
   * Puts an entry on top, or joins it with the top entry; what could be redone is forgotten.
   * An entry that joins to no change at all is forgotten too.
   */
  record(diff: Diff, options: { label: string; gesture?: string | undefined; join: boolean }): void
  /** Tells of a change that is not to be undone, such as the result of a job. */
  ignore(diff: Diff): void
  /**
   * Works out a move by `by` entries: negative undoes, positive redoes. Where changes that are not in
   * the history touched the same records, only the fields of the step go back, and what the
   * step takes away takes along what came to depend on it (and redo brings it back).
   * Null when there is nothing to move over; refused when the document would not be sound.
   */
  prepare(doc: ProjectDoc, by: number): Move | null
  /** Ends the running gesture and remembers that everything up to here is saved elsewhere. */
  mark(): void
  /** Adds an entry that was undone (at the bottom) or redone (on top) when its recording is not known here. */
  adopt(diff: Diff, label: string, direction: 'undo' | 'redo'): void
}

export function createHistory(): History {
  let entries: Entry[] = []
  let position = 0
  /** The top entry may still take more of its own gesture. */
  let open = false
  /** Nothing but recorded changes so far: every step fits exactly and needs no checks. */
  let exact = true
  let marked = new WeakSet<Entry>()
  let known: HistoryState | null = null

  function changed(): void {
    known = null
  }

  return {
    state() {
      known ??= { entries: entries.map(({ label }) => ({ label })), position }
      return known
    },

    continues(gesture) {
      if (!open || gesture === undefined || position !== entries.length) return false
      return entries[position - 1]?.gesture === gesture
    },

    record(diff, { label, gesture, join }) {
      changed()
      const top = entries[position - 1]
      entries.length = position
      if (join && top !== undefined) {
        top.diff = withoutSame(mergeDiffs(top.diff, diff))
        // Dragged away and back again: there is nothing to undo.
        if (isEmptyDiff(top.diff)) {
          entries.length = position = position - 1
          open = false
        }
        return
      }
      entries.push({ label, gesture: gesture ?? null, diff })
      position = entries.length
      open = gesture !== undefined
    },

    ignore(diff) {
      exact = false
      const top = entries[position - 1]
      // Merging over a foreign change of the same record would make it part of the gesture.
      if (top !== undefined && touchSame(top.diff, diff)) open = false
    },

    prepare(doc, by) {
      const target = position + by
      if (by === 0 || target < 0 || target > entries.length) return null
      let current = doc
      let total = EMPTY_DIFF
      const steps: HistoryStep[] = []
      const diffs: [Entry, Diff][] = []
      for (let at = position; at !== target; at += Math.sign(by)) {
        const entry = entries[by < 0 ? at - 1 : at]
        if (entry === undefined) return null
        const wanted = by < 0 ? reverseDiff(entry.diff) : entry.diff
        const diff = exact ? wanted : fit(current, wanted)
        current = applyDiff(current, diff)
        const wrong = exact ? null : checkDocument(current)
        if (wrong !== null) {
          const message = `This step no longer fits the project. ${wrong.message}`
          return { ok: false, error: { code: 'command-rejected', message } }
        }
        total = mergeDiffs(total, diff)
        steps.push({ label: entry.label, diff, beforeMark: marked.has(entry) })
        diffs.push([entry, by < 0 ? reverseDiff(diff) : diff])
      }
      const commit = (): void => {
        for (const [entry, diff] of diffs) entry.diff = diff
        position = target
        open = false
        changed()
      }
      return { ok: true, doc: current, diff: total, steps, commit }
    },

    mark() {
      open = false
      marked = new WeakSet(entries)
    },

    adopt(diff, label, direction) {
      changed()
      if (direction === 'undo') {
        entries = [{ label, gesture: null, diff: reverseDiff(diff) }, ...entries]
        return
      }
      entries.push({ label, gesture: null, diff })
      position = entries.length
    },
  }
}

/** The diff without records that it leaves as they were. */
function withoutSame(diff: Diff): Diff {
  const updated = Object.fromEntries(
    Object.entries(diff.updated).filter(([, [from, to]]) => !sameData(from, to)),
  )
  const { added, removed, meta } = diff
  const isSame = meta === undefined || sameData(...meta)
  return { added, updated, removed, ...(isSame ? {} : { meta }) }
}

function touchSame(a: Diff, b: Diff): boolean {
  const ids = new Set([a.added, a.updated, a.removed].flatMap((part) => Object.keys(part)))
  const others = [b.added, b.updated, b.removed].flatMap((part) => Object.keys(part))
  return others.some((id) => ids.has(id)) || (a.meta !== undefined && b.meta !== undefined)
}

/** The diff with the effect of `diff` on a document that other changes have moved on. */
function fit(doc: ProjectDoc, diff: Diff): Diff {
  const added: Record<Id, Rec> = {}
  const updated: Record<Id, readonly [Rec, Rec]> = {}
  const removed: Record<Id, Rec> = {}
  for (const [id, record] of Object.entries(diff.added)) {
    const current = doc.records[id]
    if (current === undefined) added[id] = record
    else updated[id] = [current, record]
  }
  for (const [id, [from, to]] of Object.entries(diff.updated)) {
    const current = doc.records[id]
    if (current !== undefined) updated[id] = [current, mergeFields(current, from, to)]
  }
  for (const id of Object.keys(diff.removed)) {
    const current = doc.records[id]
    if (current !== undefined) removed[id] = current
  }
  const meta = diff.meta && ([doc.meta, mergeFields<ProjectMeta>(doc.meta, ...diff.meta)] as const)
  const fitted: Diff = { added, updated, removed, ...(meta === undefined ? {} : { meta }) }
  const dangling = danglingDiff(applyDiff(doc, fitted))
  return isEmptyDiff(dangling) ? fitted : mergeDiffs(fitted, dangling)
}

/** `current` with those fields that differ between `from` and `to` set as in `to`. */
function mergeFields<T extends Rec | ProjectMeta>(current: T, from: T, to: T): T {
  if (current === from) return to
  const before = new Map<string, unknown>(Object.entries(from))
  const changes = Object.entries(to).filter(([key, value]) => !Object.is(before.get(key), value))
  return { ...current, ...Object.fromEntries(changes) }
}
