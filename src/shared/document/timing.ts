import { convertFrame } from '../rational.js'
import type { Rational } from '../rational.js'
import { recordsOf } from './model.js'
import type { AssetRec, ClipRec, ProjectDoc } from './model.js'

/**
 * The source frames `[from, to)` (asset rate) that a clip shows on a timeline of rate `fps`.
 * A still picture shows its only frame however long the clip is.
 */
export function clipSourceRange(
  clip: Pick<ClipRec, 'in' | 'length'>,
  asset: AssetRec,
  fps: Rational,
): { from: number; to: number } {
  if (asset.info.kind === 'image') return { from: 0, to: asset.info.frames }
  const last = clip.in + convertFrame(clip.length - 1, fps, asset.info.fps)
  return { from: clip.in, to: last + 1 }
}

/** Frames of the timeline: one past the last frame of its last clip, 0 when it is empty. */
export function timelineLength(doc: ProjectDoc): number {
  let end = 0
  for (const clip of recordsOf(doc, 'clip')) end = Math.max(end, clip.start + clip.length)
  return end
}
