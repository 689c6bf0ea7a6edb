import type { Id, ProjectDoc } from '../../shared/document/model.js'
import { recordsOf } from '../../shared/document/model.js'
import { edits } from '../player/timelineMap.js'

/** How close in pixels something must come to be pulled in. */
export const SNAP_PIXELS = 8

/** Frames worth snapping to: cuts, markers, the ends of the range, and the playhead when it is not what moves. */
export function snapTargets(
  doc: ProjectDoc,
  more: {
    readonly range: { readonly from: number; readonly to: number } | null
    readonly playhead: number | null
    /** Clips being moved: their own edges must not hold them back. */
    readonly movingClipIds?: ReadonlySet<Id>
  },
): number[] {
  const { movingClipIds } = more
  const others =
    movingClipIds === undefined
      ? doc
      : {
          ...doc,
          records: Object.fromEntries(
            Object.entries(doc.records).filter(([id]) => !movingClipIds.has(id)),
          ),
        }
  const found = new Set(edits(others))
  for (const marker of recordsOf(doc, 'marker')) found.add(marker.frame)
  if (more.range !== null) found.add(more.range.from).add(more.range.to)
  if (more.playhead !== null) found.add(more.playhead)
  return [...found].sort((a, b) => a - b)
}

/** The nearest target within reach of a frame, or null. */
export function nearestTarget(
  frame: number,
  targets: readonly number[],
  pixelsPerFrame: number,
): number | null {
  let best: number | null = null
  let reach = SNAP_PIXELS
  for (const target of targets) {
    const distance = Math.abs(target - frame) * pixelsPerFrame
    if (distance > reach) continue
    reach = distance
    best = target
  }
  return best
}

/**
 * The start of a moved clip pulled so that its start or its end meets a target, whichever is
 * nearer; `guide` is the frame where they meet, for the line that shows it.
 */
export function snapSpan(
  start: number,
  length: number,
  targets: readonly number[],
  pixelsPerFrame: number,
): { readonly start: number; readonly guide: number | null } {
  const atStart = nearestTarget(start, targets, pixelsPerFrame)
  const atEnd = nearestTarget(start + length, targets, pixelsPerFrame)
  const startGap = atStart === null ? Infinity : Math.abs(atStart - start)
  const endGap = atEnd === null ? Infinity : Math.abs(atEnd - start - length)
  if (atStart !== null && startGap <= endGap) return { start: atStart, guide: atStart }
  if (atEnd !== null && atEnd >= length) return { start: atEnd - length, guide: atEnd }
  return { start, guide: null }
}

interface Span {
  readonly start: number
  readonly length: number
}

/**
 * The start nearest to `wanted` at which a clip overlaps none of the others on its track
 * (half-open spans). There always is one: after the last.
 */
export function freeStart(wanted: number, length: number, others: readonly Span[]): number {
  const sorted = [...others].sort((a, b) => a.start - b.start)
  let best = Infinity
  let gapStart = 0
  const consider = (gapEnd: number): void => {
    if (gapEnd - gapStart < length) return
    const place = Math.max(gapStart, Math.min(gapEnd - length, wanted))
    if (Math.abs(place - wanted) < Math.abs(best - wanted)) best = place
  }
  for (const other of sorted) {
    consider(other.start)
    gapStart = Math.max(gapStart, other.start + other.length)
  }
  consider(Infinity)
  return best
}
