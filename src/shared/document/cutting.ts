import { convertFrame } from '../rational.js'
import type { Command, CommandOf } from './commands.js'
import type { Diff } from './diff.js'
import { problem } from './integrity.js'
import type { Problem } from './integrity.js'
import { recordOf, recordsOf } from './model.js'
import type { ClipRec, Id, ProjectDoc, Rec, SegmentRec, TakeRec } from './model.js'
import { clipSourceRange } from './timing.js'

/**
 * Cuts a clip in two: every timeline frame goes on showing what it showed. Edits before the cut
 * stay, edits behind it go with the new clip, and one across it becomes two, each with the takes.
 */
export function splitClip(
  doc: ProjectDoc,
  { id, frame, newId }: CommandOf<'clip.split'>,
): Diff | Problem {
  const clip = recordOf(doc, 'clip', id)
  const asset = recordOf(doc, 'asset', clip?.assetId)
  if (clip === undefined || asset === undefined) return problem(`There is no clip ${id}.`)
  if (Object.hasOwn(doc.records, newId)) return problem(`The id ${newId} is in use.`)
  const before = frame - clip.start
  if (before <= 0 || before >= clip.length) {
    return problem('The cut is not inside the clip.', 'Move the playhead over the clip first.')
  }
  const { fps } = doc.meta
  const skipped = asset.info.kind === 'image' ? 0 : convertFrame(before, fps, asset.info.fps)
  const first: ClipRec = { ...clip, length: before }
  const second: ClipRec = {
    ...clip,
    ...{ id: newId, start: frame, in: clip.in + skipped, length: clip.length - before },
  }
  const added: Record<Id, Rec> = { [newId]: second }
  const updated: Record<Id, readonly [Rec, Rec]> = { [id]: [clip, first] }
  const removed: Record<Id, Rec> = {}
  // Where source and timeline run at different rates, a part may be a frame shorter than before.
  const inside = (part: ClipRec, { from, to }: SegmentRec): { from: number; to: number } | null => {
    const range = clipSourceRange(part, asset, fps)
    const cut = { from: Math.max(from, range.from), to: Math.min(to, range.to) }
    return cut.to > cut.from ? cut : null
  }
  for (const segment of segmentsOf(doc, id)) {
    const [left, right] = [inside(first, segment), inside(second, segment)]
    const takes = recordsOf(doc, 'take').filter((take) => take.segmentId === segment.id)
    if (left !== null) {
      if (left.to !== segment.to) updated[segment.id] = [segment, { ...segment, ...left }]
      if (right === null) continue
      for (const record of copyOf(segment, takes, { ...right, clipId: newId })) {
        added[record.id] = record
      }
    } else if (right !== null) {
      updated[segment.id] = [segment, { ...segment, ...right, clipId: newId }]
    } else {
      for (const record of [segment, ...takes]) removed[record.id] = record
    }
  }
  const taken = Object.keys(added).find((one) => Object.hasOwn(doc.records, one))
  return taken === undefined
    ? { added, updated, removed }
    : problem(`The id ${taken} is in use.`, 'Try again.')
}

function segmentsOf(doc: ProjectDoc, clipId: Id): SegmentRec[] {
  return recordsOf(doc, 'segment').filter((segment) => segment.clipId === clipId)
}

/** An edit once more, with takes of its own that lie in the same folders. */
function copyOf(
  segment: SegmentRec,
  takes: readonly TakeRec[],
  changes: Pick<SegmentRec, 'from' | 'to' | 'clipId'>,
): (SegmentRec | TakeRec)[] {
  // From the new clip's id, so that the same command makes the same ids wherever it is applied.
  const suffix = tailOf(changes.clipId)
  const copyId = (type: 'segment' | 'take', id: Id): Id =>
    `${type}_${tailOf(id).slice(0, 24)}-${suffix.slice(0, 23)}`
  const id = copyId('segment', segment.id)
  const accepted = segment.acceptedTakeId
  return [
    {
      ...segment,
      ...changes,
      id,
      acceptedTakeId: accepted === null ? null : copyId('take', accepted),
    },
    ...takes.map((take) => ({ ...take, id: copyId('take', take.id), segmentId: id })),
  ]
}

function tailOf(id: Id): string {
  return id.slice(id.indexOf('_') + 1)
}

/**
 * The commands that take clips off the timeline and close the gap on every track, so that what
 * lies behind stays in step. Where something of another track stands in the gap, what follows
 * moves up to it at most.
 */
export function rippleCommands(doc: ProjectDoc, clipIds: readonly Id[]): Command[] {
  const gone = clipIds.flatMap((id) => recordOf(doc, 'clip', id) ?? [])
  if (gone.length === 0) return []
  const gap = {
    from: Math.min(...gone.map(({ start }) => start)),
    to: Math.max(...gone.map(({ start, length }) => start + length)),
  }
  const rest = recordsOf(doc, 'clip').filter(({ id }) => !clipIds.includes(id))
  return [
    ...gone.map(({ id }): Command => ({ type: 'clip.remove', id })),
    ...closeGap(doc, rest, gap).commands,
  ]
}

/**
 * Moves what lies behind a gap up to it, with its markers, by the same amount on every track.
 *
 * @param clips as they lie once the gap is there
 */
export function closeGap(
  doc: ProjectDoc,
  clips: readonly ClipRec[],
  { from, to }: { readonly from: number; readonly to: number },
): { readonly commands: Command[]; readonly by: number } {
  const behind = clips.filter(({ start }) => start >= to).sort((a, b) => a.start - b.start)
  const room = Math.min(
    to - from,
    ...behind.map(({ start, trackId }) => {
      const ends = clips
        .filter((other) => other.trackId === trackId && other.start < to)
        .map((other) => other.start + other.length)
      return start - Math.max(0, ...ends)
    }),
  )
  if (room === 0) return { commands: [], by: 0 }
  const markers = recordsOf(doc, 'marker').filter(({ frame }) => frame >= to)
  const commands = [
    ...behind.map(({ id, start }): Command => ({ type: 'clip.move', id, start: start - room })),
    ...markers.map(({ id, frame }): Command => ({
      type: 'marker.update',
      id,
      changes: { frame: frame - room },
    })),
  ]
  return { commands, by: room }
}
