import type { ErrorData } from '../contract/errors.js'
import type { Command, CommandOf, CommandType } from './commands.js'
import { splitClip } from './cutting.js'
import { EMPTY_DIFF, applyDiff, isEmptyDiff, mergeDiffs } from './diff.js'
import type { Diff } from './diff.js'
import { reformat } from './format.js'
import { checkRecord, danglingDiff, overlapping, problem } from './integrity.js'
import type { Problem } from './integrity.js'
import { addShape, removeKeyframe, track, withKeyframe } from './maskCommands.js'
import { firstPlace, moveLayer } from './layerOrder.js'
import { recordOf, recordsOf } from './model.js'
import type { Id, ProjectDoc, ProjectMeta, Rec, RecOf, RecType, SegmentRec } from './model.js'
import { sameData } from './sameData.js'
import { commandSchema, recSchema } from './schema/index.js'

/** The document after a command and what changed, or why the command is refused. */
export type Applied =
  | { readonly ok: true; readonly doc: ProjectDoc; readonly diff: Diff }
  | { readonly ok: false; readonly error: ErrorData }

/**
 * Applies one command. Pure and total: it never throws and never changes its arguments.
 * A command that is malformed, refers to what is not there, or would leave the document
 * inconsistent is refused with `command-rejected`. A command without effect gives an empty diff.
 */
export function apply(doc: ProjectDoc, command: Command): Applied {
  const parsed = commandSchema.safeParse(command)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const place = issue === undefined ? '' : issue.path.join('.')
    return rejected(problem(`The change is not valid (${place}): ${issue?.message ?? ''}`))
  }
  const outcome = run(doc, parsed.data)
  if ('message' in outcome) return rejected(outcome)
  if (isEmptyDiff(outcome)) return { ok: true, doc, diff: EMPTY_DIFF }
  const next = applyDiff(doc, outcome)
  const wrong = checkChanged(next, outcome)
  return wrong === null ? { ok: true, doc: next, diff: outcome } : rejected(wrong)
}

/** Applies several commands as one: all of them, or none when any is refused. */
export function applyAll(doc: ProjectDoc, commands: readonly Command[]): Applied {
  let current = doc
  let diff = EMPTY_DIFF
  for (const command of commands) {
    const applied = apply(current, command)
    if (!applied.ok) return applied
    current = applied.doc
    diff = isEmptyDiff(diff) ? applied.diff : mergeDiffs(diff, applied.diff)
  }
  return { ok: true, doc: current, diff }
}

function rejected(wrong: Problem): Applied {
  return { ok: false, error: { code: 'command-rejected', ...wrong } }
}

/** Checks what a diff put into the document, and the segments of every clip it changed. */
function checkChanged(doc: ProjectDoc, diff: Diff): Problem | null {
  const changed = [...Object.values(diff.added), ...Object.values(diff.updated).map(([, to]) => to)]
  for (const record of changed) {
    const wrong = checkRecord(doc, record)
    if (wrong !== null) return wrong
    if (record.type !== 'clip') continue
    if (overlapping(doc, record) !== undefined) {
      return problem('Another clip is already there on this track.', 'Choose a free place.')
    }
    for (const segment of recordsOf(doc, 'segment')) {
      if (segment.clipId !== record.id) continue
      const outside = checkRecord(doc, segment)
      if (outside !== null) return outside
    }
  }
  return null
}

type Outcome = Diff | Problem
type Handlers = { [T in CommandType]: (doc: ProjectDoc, command: CommandOf<T>) => Outcome }

function run(doc: ProjectDoc, command: Command): Outcome {
  const handler = handlers[command.type] as (doc: ProjectDoc, command: Command) => Outcome
  return handler(doc, command)
}

const KIND_NAMES: Record<RecType, string> = {
  asset: 'media',
  track: 'track',
  clip: 'clip',
  mask: 'mask',
  segment: 'segment',
  take: 'take',
  marker: 'marker',
}

function add(doc: ProjectDoc, record: Rec): Outcome {
  if (Object.hasOwn(doc.records, record.id)) return problem(`The id ${record.id} is in use.`)
  return { added: { [record.id]: record }, updated: {}, removed: {} }
}

/** Replaces a record by what `change` makes of it. */
function update<T extends RecType>(
  doc: ProjectDoc,
  type: T,
  id: Id,
  change: (record: RecOf<T>) => RecOf<T> | Problem,
): Outcome {
  const from = recordOf(doc, type, id)
  if (from === undefined) return problem(`There is no ${KIND_NAMES[type]} ${id}.`)
  const to = change(from)
  if ('message' in to) return to
  return sameFields(from, to)
    ? EMPTY_DIFF
    : { added: {}, updated: { [id]: [from, to] }, removed: {} }
}

function sameFields(a: object, b: object): boolean {
  const other = new Map(Object.entries(b))
  const own = Object.entries(a)
  return own.length === other.size && own.every(([key, value]) => Object.is(value, other.get(key)))
}

/** Removes a record together with everything that cannot be without it. */
function remove(doc: ProjectDoc, type: RecType, id: Id): Outcome {
  const record = recordOf(doc, type, id)
  if (record === undefined) return problem(`There is no ${KIND_NAMES[type]} ${id}.`)
  const alone: Diff = { added: {}, updated: {}, removed: { [id]: record } }
  return mergeDiffs(alone, danglingDiff(applyDiff(doc, alone)))
}

function updateMeta(doc: ProjectDoc, changes: Partial<ProjectMeta>): Outcome {
  const meta = { ...doc.meta, ...changes }
  return sameFields(doc.meta, meta) ? EMPTY_DIFF : { ...EMPTY_DIFF, meta: [doc.meta, meta] }
}

const handlers: Handlers = {
  'project.rename': (doc, { name }) => updateMeta(doc, { name }),
  'project.setFormat': (doc, { format }) => reformat(doc, format),

  'asset.add': (doc, { asset }) => add(doc, asset),
  'asset.rename': (doc, { id, name }) => update(doc, 'asset', id, (asset) => ({ ...asset, name })),
  'asset.remove': (doc, { id }) => remove(doc, 'asset', id),

  'track.add': (doc, { track }) =>
    recordsOf(doc, 'track').some(({ kind, order }) => kind === track.kind && order === track.order)
      ? problem('Another track has this place already.')
      : add(doc, track),
  'track.update': (doc, { id, changes }) =>
    update(doc, 'track', id, (track) => ({ ...track, ...changes })),

  'clip.add': (doc, { clip }) => add(doc, clip),
  'clip.move': (doc, { id, start, trackId }) =>
    update(doc, 'clip', id, (clip) => {
      const to = trackId ?? clip.trackId
      const kind = recordOf(doc, 'track', to)?.kind
      return kind === recordOf(doc, 'track', clip.trackId)?.kind
        ? { ...clip, start, trackId: to }
        : problem('A clip can only go to a track of the same kind.')
    }),
  'clip.update': (doc, { id, changes }) =>
    update(doc, 'clip', id, (clip) =>
      // Two looks with the same values are one look.
      sameData({ ...clip, ...changes }, clip) ? clip : { ...clip, ...changes },
    ),
  'clip.trim': (doc, { id, start, in: first, length }) =>
    update(doc, 'clip', id, (clip) => ({ ...clip, start, in: first, length })),
  'clip.remove': (doc, { id }) => remove(doc, 'clip', id),
  'clip.split': splitClip,

  'mask.add': (doc, { mask }) => add(doc, mask),
  'mask.addShape': (doc, command) =>
    update(doc, 'mask', command.id, (mask) => addShape(mask, command)),
  'mask.setKeyframe': (doc, { id, frame, shapes }) =>
    update(doc, 'mask', id, (mask) => withKeyframe(mask, frame, shapes)),
  'mask.removeKeyframe': (doc, command) =>
    update(doc, 'mask', command.id, (mask) => removeKeyframe(mask, command)),
  'mask.track': (doc, command) => update(doc, 'mask', command.id, (mask) => track(mask, command)),
  'mask.update': (doc, { id, changes }) =>
    update(doc, 'mask', id, (mask) => ({ ...mask, ...changes })),
  'mask.remove': (doc, { id }) =>
    recordsOf(doc, 'segment').some((segment) => segment.maskId === id)
      ? problem('A segment uses this mask.', 'Remove the segment first.')
      : remove(doc, 'mask', id),

  'segment.add': (doc, { segment }) => add(doc, segment),
  'segment.update': (doc, { id, changes: { params, ...changes } }) =>
    update(doc, 'segment', id, (segment) => {
      const changed = {
        ...segment,
        ...changes,
        ...(params === undefined ? {} : { params: { ...segment.params, ...params } }),
      }
      return recSchema.safeParse(changed).success
        ? (changed as SegmentRec)
        : problem(`An edit of the kind “${segment.verb}” cannot be changed in this way.`)
    }),
  'segment.move': moveLayer,
  'segment.remove': (doc, { id }) => remove(doc, 'segment', id),

  'take.add': (doc, { take }) => {
    const added = add(doc, take)
    return 'message' in added ? added : mergeDiffs(added, firstPlace(doc, take.segmentId))
  },
  'take.accept': (doc, { segmentId, takeId }) =>
    update(doc, 'segment', segmentId, (segment) => ({ ...segment, acceptedTakeId: takeId })),
  'take.remove': (doc, { id }) => remove(doc, 'take', id),

  'marker.add': (doc, { marker }) => add(doc, marker),
  'marker.update': (doc, { id, changes }) =>
    update(doc, 'marker', id, (marker) => ({ ...marker, ...changes })),
  'marker.remove': (doc, { id }) => remove(doc, 'marker', id),
}
