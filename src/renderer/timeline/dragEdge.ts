import type { Command } from '../../shared/document/commands.js'
import type { Id, ProjectDoc } from '../../shared/document/model.js'
import { recordOf } from '../../shared/document/model.js'
import { sourceFrameIn, sourceRange } from '../state/editing.js'

export type Edge = 'from' | 'to'
interface Range {
  readonly from: number
  readonly to: number
}

/** A range with one end brought to a frame; the ends never meet. */
export function dragRangeEdge(range: Range, edge: Edge, frame: number, length: number): Range {
  return edge === 'from'
    ? { ...range, from: Math.max(0, Math.min(frame, range.to - 1)) }
    : { ...range, to: Math.max(range.from + 1, Math.min(frame, length)) }
}

/**
 * The command that brings one end of an AI edit to a timeline frame, inside its clip; null when
 * it is there already.
 */
export function dragSegmentEdge(
  doc: ProjectDoc,
  segmentId: Id,
  edge: Edge,
  frame: number,
): Command | null {
  const segment = recordOf(doc, 'segment', segmentId)
  const clip = recordOf(doc, 'clip', segment?.clipId)
  const asset = recordOf(doc, 'asset', clip?.assetId)
  if (segment === undefined || clip === undefined || asset === undefined) return null
  const on = { clip, asset }
  const whole = sourceRange(doc, on)
  // The end is behind its last frame: that one is looked up.
  const source =
    edge === 'from' ? sourceFrameIn(doc, on, frame) : sourceFrameIn(doc, on, frame - 1) + 1
  const value =
    edge === 'from'
      ? Math.max(whole.from, Math.min(source, segment.to - 1))
      : Math.min(whole.to, Math.max(source, segment.from + 1))
  if (value === segment[edge]) return null
  return { type: 'segment.update', id: segmentId, changes: { [edge]: value } }
}
