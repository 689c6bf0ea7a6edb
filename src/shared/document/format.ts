import type { Rational } from '../rational.js'
import { EMPTY_DIFF } from './diff.js'
import type { Diff } from './diff.js'
import { problem } from './integrity.js'
import type { Problem } from './integrity.js'
import { recordOf, recordsOf } from './model.js'
import type { ClipRec, ProjectDoc, ProjectMeta, Rec, SegmentRec } from './model.js'
import { clipSourceRange } from './timing.js'

/** Size and rate of the timeline. */
export type FilmFormat = Pick<ProjectMeta, 'fps' | 'width' | 'height'>

export function isSameFormat(a: FilmFormat, b: FilmFormat): boolean {
  return a.width === b.width && a.height === b.height && isSameRate(a.fps, b.fps)
}

function isSameRate(a: Rational, b: Rational): boolean {
  return a.num * b.den === b.num * a.den
}

/**
 * Gives the timeline another size and rate. Clips and markers keep their place in time, to the
 * nearest frame of the new rate; edits lose what no frame of their clip shows any more.
 */
export function reformat(doc: ProjectDoc, format: FilmFormat): Diff | Problem {
  if (isSameFormat(doc.meta, format)) return EMPTY_DIFF
  const meta = { ...doc.meta, ...format }
  const diff: Diff = { ...EMPTY_DIFF, meta: [doc.meta, meta] }
  if (isSameRate(doc.meta.fps, format.fps)) return diff
  const moved = (frame: number): number =>
    Math.round((frame * doc.meta.fps.den * format.fps.num) / (doc.meta.fps.num * format.fps.den))
  const updated: Record<string, [Rec, Rec]> = {}
  for (const marker of recordsOf(doc, 'marker')) {
    updated[marker.id] = [marker, { ...marker, frame: moved(marker.frame) }]
  }
  for (const clip of recordsOf(doc, 'clip')) {
    const to = movedClip(doc, clip, moved, format.fps)
    if (to === null) return TOO_SHORT
    updated[clip.id] = [clip, to]
    for (const segment of recordsOf(doc, 'segment')) {
      if (segment.clipId !== clip.id) continue
      const kept = withinClip(doc, segment, to, format.fps)
      if (kept === null) return TOO_SHORT
      if (kept !== segment) updated[segment.id] = [segment, kept]
    }
  }
  return { ...diff, updated }
}

const TOO_SHORT = problem(
  'Something on the timeline is shorter than a frame of this rate.',
  'Choose a higher rate, or remove what is that short first.',
)

function movedClip(
  doc: ProjectDoc,
  clip: ClipRec,
  moved: (frame: number) => number,
  fps: Rational,
): ClipRec | null {
  const asset = recordOf(doc, 'asset', clip.assetId)
  const start = moved(clip.start)
  let length = moved(clip.start + clip.length) - start
  if (asset === undefined || length < 1) return null
  // Rounded up, its last frame may lie after the last one of the source.
  while (length > 1 && clipSourceRange({ ...clip, length }, asset, fps).to > asset.info.frames) {
    length -= 1
  }
  return { ...clip, start, length }
}

function withinClip(
  doc: ProjectDoc,
  segment: SegmentRec,
  clip: ClipRec,
  fps: Rational,
): SegmentRec | null {
  const asset = recordOf(doc, 'asset', clip.assetId)
  if (asset === undefined) return null
  const range = clipSourceRange(clip, asset, fps)
  const from = Math.max(segment.from, range.from)
  const to = Math.min(segment.to, range.to)
  if (from >= to) return null
  return from === segment.from && to === segment.to ? segment : { ...segment, from, to }
}
