import { applyAll } from '../../../shared/document/apply.js'
import type { Command, CommandType } from '../../../shared/document/commands.js'
import { applyDiff } from '../../../shared/document/diff.js'
import type { Diff } from '../../../shared/document/diff.js'
import type { History, HistoryStep } from '../../../shared/document/history.js'
import { checkDocument } from '../../../shared/document/integrity.js'
import type { Id, ProjectDoc, Rec } from '../../../shared/document/model.js'
import { recSchema } from '../../../shared/document/schema/index.js'
import { applyDelta, deltaOf } from './delta.js'
import type { JournalEntry, Patch } from './journal.js'

/** What several commands together are known as, the most telling first: the rest only makes way for it. */
const LEADING: readonly CommandType[] = ['asset.add', 'mask.addShape', 'segment.add', 'clip.add']

/** How an entry of the history is called: its (leading) command, or how many there were. */
export function labelOf(commands: readonly Command[]): string {
  const types = new Set(commands.map(({ type }) => type))
  const [only] = types
  if (only !== undefined && types.size === 1) return only
  return LEADING.find((type) => types.has(type)) ?? `batch:${commands.length}`
}

/** What the journal has to say of a step that goes back behind its own beginning. */
export function patchOf({ diff, label, beforeMark }: HistoryStep): Patch | null {
  if (!beforeMark) return null
  const updated = Object.entries(diff.updated).map(([id, [from, to]]) => [id, deltaOf(from, to)])
  return {
    label,
    added: diff.added,
    updated: Object.fromEntries(updated) as Patch['updated'],
    removed: Object.keys(diff.removed),
    meta: diff.meta?.[1] ?? null,
  }
}

/** The diff that a patch means for `doc`; null where it does not fit or makes what is not valid. */
function diffOf(doc: ProjectDoc, patch: Patch): Diff | null {
  const updated: Record<Id, readonly [Rec, Rec]> = {}
  const removed: Record<Id, Rec> = {}
  for (const [id, delta] of Object.entries(patch.updated)) {
    const from = doc.records[id]
    if (from === undefined) return null
    const to = recSchema.safeParse(applyDelta(from, delta))
    if (!to.success) return null
    updated[id] = [from, to.data]
  }
  for (const id of patch.removed) {
    const record = doc.records[id]
    if (record === undefined) return null
    removed[id] = record
  }
  if (Object.keys(patch.added).some((id) => doc.records[id] !== undefined)) return null
  const meta = patch.meta && ([doc.meta, patch.meta] as const)
  return { added: patch.added, updated, removed, ...(meta && { meta }) }
}

/** Repeats one entry of a journal on document and history. Null where it does not fit. */
export function replayEntry(
  doc: ProjectDoc,
  history: History,
  entry: JournalEntry,
): ProjectDoc | null {
  if (entry.op === 'move') return replayMove(doc, history, entry.by, entry.patches)
  const applied = applyAll(doc, entry.commands)
  if (!applied.ok) return null
  if (entry.mode === 'ignore') history.ignore(applied.diff)
  else history.record(applied.diff, { label: labelOf(entry.commands), join: entry.join })
  return applied.doc
}

function replayMove(
  doc: ProjectDoc,
  history: History,
  by: number,
  patches: readonly (Patch | null)[],
): ProjectDoc | null {
  let current = doc
  for (let step = 0; step < Math.abs(by); step++) {
    const moved = history.prepare(current, Math.sign(by))
    if (moved !== null) {
      if (!moved.ok) return null
      moved.commit()
      current = moved.doc
      continue
    }
    // The entry was recorded before the last save: the journal carries what the step led to.
    const patch = patches[step] ?? null
    if (patch === null) return null
    const diff = diffOf(current, patch)
    if (diff === null) return null
    current = applyDiff(current, diff)
    if (checkDocument(current) !== null) return null
    history.adopt(diff, patch.label, by < 0 ? 'undo' : 'redo')
  }
  return current
}
