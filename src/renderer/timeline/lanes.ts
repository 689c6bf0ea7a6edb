import type { Id, ProjectDoc, SegmentRec } from '../../shared/document/model.js'
import { recordsOf } from '../../shared/document/model.js'

/** More lanes would be too low to read; what goes beyond shares the last one. */
const MOST_LANES = 3
/** Heights in CSS pixels of each lane, by how many there are. */
const LANE_HEIGHTS = [20, 20, 15, 12] as const

/** Where an edit stands among those of its clip that overlap: lanes are counted from the top. */
export interface Lane {
  readonly top: number
  readonly height: number
}

/** The edits of a clip that share frames stand below each other, so that each can be read and held. */
export interface Lanes {
  /** Of all lanes together; 0 without edits. */
  readonly height: number
  of(segmentId: Id): Lane
}

export function lanesOf(doc: ProjectDoc, clipId: Id): Lanes {
  const segments = recordsOf(doc, 'segment')
    .filter((segment) => segment.clipId === clipId)
    .sort((a, b) => a.from - b.from || b.to - a.to || (a.id < b.id ? -1 : 1))
  const ends: number[] = []
  const places = new Map<Id, number>()
  for (const { id, from, to } of segments) places.set(id, placeIn(ends, from, to))
  const height = LANE_HEIGHTS[ends.length] ?? 0
  return {
    height: segments.length === 0 ? 0 : height * ends.length,
    of: (id) => ({ top: (places.get(id) ?? 0) * height, height }),
  }
}

/** The first lane that is free from `from` on; notes that it is taken up to `to`. */
function placeIn(ends: number[], from: SegmentRec['from'], to: SegmentRec['to']): number {
  const free = ends.findIndex((end) => end <= from)
  const lane = free >= 0 ? free : Math.min(ends.length, MOST_LANES - 1)
  ends[lane] = Math.max(ends[lane] ?? 0, to)
  return lane
}
