import type { CommandOf } from './commands.js'
import { EMPTY_DIFF } from './diff.js'
import type { Diff } from './diff.js'
import { problem } from './integrity.js'
import type { Problem } from './integrity.js'
import { recordOf, recordsOf } from './model.js'
import type { Id, ProjectDoc, Rec, SegmentRec } from './model.js'

/**
 * The segments of a clip from the lowest to the highest. Those without a place yet come last: what
 * is made next works on everything that is there. The one place that says so, for what is seen, what
 * is exported, and what a new take is made on.
 */
export function layerOrder(doc: ProjectDoc, clipId: Id): SegmentRec[] {
  const placed = recordsOf(doc, 'segment')
    .filter((segment) => segment.clipId === clipId)
    .map((segment) => ({
      segment,
      layer: segment.layer ?? Number.MAX_SAFE_INTEGER,
      // Undoing a move can leave two in one place: then the later one lies above.
      madeAt: recordOf(doc, 'take', segment.acceptedTakeId)?.createdAt ?? LAST,
    }))
  return placed
    .sort(
      (a, b) =>
        a.layer - b.layer ||
        compare(a.madeAt, b.madeAt) ||
        compare(takeOrOwnId(a.segment), takeOrOwnId(b.segment)),
    )
    .map(({ segment }) => segment)
}

const LAST = '~'

function takeOrOwnId({ id, acceptedTakeId }: SegmentRec): Id {
  return acceptedTakeId ?? id
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Lays a segment directly above another one of its clip, and numbers them all anew. */
export function moveLayer(
  doc: ProjectDoc,
  { id, above }: CommandOf<'segment.move'>,
): Diff | Problem {
  const segment = recordOf(doc, 'segment', id)
  if (segment === undefined) return problem(`There is no segment ${id}.`)
  const others = layerOrder(doc, segment.clipId).filter((one) => one.id !== id)
  const below = others.findIndex((one) => one.id === above)
  if (above !== null && below === -1) {
    return problem(`There is no other segment ${above} on this clip.`)
  }
  const updated: Record<Id, readonly [Rec, Rec]> = {}
  others.toSpliced(below + 1, 0, segment).forEach((one, layer) => {
    if (one.layer !== layer) updated[one.id] = [one, { ...one, layer }]
  })
  return Object.keys(updated).length === 0 ? EMPTY_DIFF : { ...EMPTY_DIFF, updated }
}

/** Puts a segment that has no place yet on top of the others of its clip. */
export function firstPlace(doc: ProjectDoc, segmentId: Id): Diff {
  const segment = recordOf(doc, 'segment', segmentId)
  if (segment === undefined || segment.layer !== undefined) return EMPTY_DIFF
  const places = recordsOf(doc, 'segment').flatMap(({ clipId, layer }) =>
    clipId === segment.clipId && layer !== undefined ? [layer] : [],
  )
  const layer = Math.max(-1, ...places) + 1
  return { ...EMPTY_DIFF, updated: { [segment.id]: [segment, { ...segment, layer }] } }
}
