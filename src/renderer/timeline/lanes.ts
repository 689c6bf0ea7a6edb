import { layerOrder } from '../../shared/document/layerOrder.js'
import type { Id, ProjectDoc, SegmentRec } from '../../shared/document/model.js'

/** More lanes would be too low to read; what goes beyond shares the last one. */
const MOST_LANES = 3
/** Heights in CSS pixels of each lane, by how many there are. */
const LANE_HEIGHTS = [20, 20, 15, 12] as const

/** Where an edit stands among those of its clip that overlap: lanes are counted from the top. */
export interface Lane {
  readonly top: number
  readonly height: number
}

/**
 * The edits of a clip that share frames stand below each other, so that each can be read and held:
 * what lies above on the picture stands above here too, as in the list of layers.
 */
export interface Lanes {
  /** Of all lanes together; 0 without edits. */
  readonly height: number
  of(segmentId: Id): Lane
}

export function lanesOf(doc: ProjectDoc, clipId: Id): Lanes {
  const placed: { readonly segment: SegmentRec; readonly lane: number }[] = []
  for (const segment of layerOrder(doc, clipId).reverse()) {
    const above = placed.filter((one) => overlap(one.segment, segment)).map(({ lane }) => lane)
    placed.push({ segment, lane: Math.min(Math.max(-1, ...above) + 1, MOST_LANES - 1) })
  }
  const count = Math.max(0, ...placed.map(({ lane }) => lane + 1))
  const height = LANE_HEIGHTS[count] ?? 0
  const lanes = new Map(placed.map(({ segment, lane }) => [segment.id, lane]))
  return {
    height: height * count,
    of: (id) => ({ top: (lanes.get(id) ?? 0) * height, height }),
  }
}

function overlap(a: SegmentRec, b: SegmentRec): boolean {
  return a.from < b.to && b.from < a.to
}
