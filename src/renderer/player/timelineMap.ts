import type {
  AssetRec,
  ClipRec,
  Id,
  ProjectDoc,
  SegmentRec,
  TakeRec,
  TrackRec,
} from '../../shared/document/model.js'
import { acceptedLayers, stacksOf } from '../../shared/document/layers.js'
import { recordOf, recordsOf } from '../../shared/document/model.js'
import { visibleClips } from '../../shared/document/overlays.js'
import { previewIdOf } from '../../shared/projectPaths.js'
import type { Rational } from '../../shared/rational.js'
import { convertFrame } from '../../shared/rational.js'

/** Where a timeline frame comes from. All frames are whole; a source frame is of the asset's rate. */
export interface Picture {
  readonly clip: ClipRec
  readonly asset: AssetRec
  readonly sourceFrame: number
  /** The segment over this source frame, if any; of several, the one with a take to show. */
  readonly segment: SegmentRec | null
  /** The take shown in place of the source, the uppermost of several. */
  readonly take: {
    readonly record: TakeRec
    /** What its preview is made of: the take alone, or the stack of takes it lies on. */
    readonly previewId: Id
    /** Frame of that preview. */
    readonly frame: number
  } | null
}

/** The source frame that a clip shows at a timeline frame, kept inside the asset. */
export function sourceFrameAt(
  clip: ClipRec,
  asset: AssetRec,
  timelineRate: Rational,
  frame: number,
): number {
  const source = clip.in + convertFrame(frame - clip.start, timelineRate, asset.info.fps)
  return Math.max(0, Math.min(asset.info.frames - 1, source))
}

/**
 * The first timeline frame at which the clip shows `sourceFrame` or a later one; not limited
 * to the clip's own length, so that a range's open end can be mapped too.
 */
export function timelineFrameOf(
  clip: ClipRec,
  asset: AssetRec,
  timelineRate: Rational,
  sourceFrame: number,
): number {
  const offset = sourceFrame - clip.in
  const rate = asset.info.fps
  // convertFrame rounds down, so its inverse rounds up.
  return (
    clip.start +
    Math.ceil((offset * rate.den * timelineRate.num) / (rate.num * timelineRate.den) - 1e-6)
  )
}

/** Tracks of one kind, lowest first. */
export function tracksOf(doc: ProjectDoc, kind: TrackRec['kind']): TrackRec[] {
  return recordsOf(doc, 'track')
    .filter((track) => track.kind === kind)
    .sort((a, b) => a.order - b.order)
}

/** The clip whose picture is on screen at a frame, below any overlays. */
export function clipAt(doc: ProjectDoc, frame: number): ClipRec | null {
  return visibleClips(doc, frame)[0] ?? null
}

/**
 * What to show at a timeline frame, below any overlays.
 * @param auditionTakeId a take to judge before accepting it; it replaces its segment's own
 */
export function pictureAt(
  doc: ProjectDoc,
  frame: number,
  auditionTakeId: Id | null = null,
): Picture | null {
  const clip = clipAt(doc, frame)
  return clip === null ? null : pictureOf(doc, clip, frame, auditionTakeId)
}

/** What is laid over the picture at a timeline frame, from the lowest to the highest. */
export function overlaysAt(
  doc: ProjectDoc,
  frame: number,
  auditionTakeId: Id | null = null,
): readonly Picture[] {
  return visibleClips(doc, frame)
    .slice(1)
    .flatMap((clip) => pictureOf(doc, clip, frame, auditionTakeId) ?? [])
}

function pictureOf(
  doc: ProjectDoc,
  clip: ClipRec,
  frame: number,
  auditionTakeId: Id | null,
): Picture | null {
  const asset = recordOf(doc, 'asset', clip.assetId)
  if (asset === undefined) return null
  const sourceFrame = sourceFrameAt(clip, asset, doc.meta.fps, frame)
  const here = recordsOf(doc, 'segment').filter(
    ({ clipId, from, to }) => clipId === clip.id && sourceFrame >= from && sourceFrame < to,
  )
  const found = takeAt(doc, here, sourceFrame, auditionTakeId)
  const segment = here.find(({ id }) => id === found?.record.segmentId) ?? here[0] ?? null
  return { clip, asset, sourceFrame, segment, take: found }
}

/** The take under judgement alone, else everything accepted, as the export lays it over the source. */
function takeAt(
  doc: ProjectDoc,
  segments: readonly SegmentRec[],
  sourceFrame: number,
  auditionTakeId: Id | null,
): Picture['take'] {
  const holds = ({ from, to }: { from: number; to: number }): boolean =>
    sourceFrame >= from && sourceFrame < to
  const audition = recordOf(doc, 'take', auditionTakeId)
  if (audition !== undefined && holds(audition)) {
    const own = segments.some(({ id }) => id === audition.segmentId)
    if (own) return alone(audition, sourceFrame)
  }
  const clipId = segments[0]?.clipId
  if (clipId === undefined) return null
  const top = acceptedLayers(doc, clipId).findLast(holds)
  if (top === undefined) return null
  const stack = stacksOf(doc, clipId).find(holds)
  if (stack === undefined) return alone(top.take, sourceFrame)
  return { record: top.take, previewId: stack.id, frame: sourceFrame - stack.from }
}

function alone(take: TakeRec, sourceFrame: number): Picture['take'] {
  return { record: take, previewId: previewIdOf(take), frame: sourceFrame - take.from }
}

/** Cut points of the timeline in ascending order: 0, every clip's start and end. */
export function edits(doc: ProjectDoc): number[] {
  const found = new Set<number>([0])
  for (const clip of recordsOf(doc, 'clip')) {
    found.add(clip.start)
    found.add(clip.start + clip.length)
  }
  return [...found].sort((a, b) => a - b)
}

/** The nearest cut before (-1) or after (1) a frame; stays where it is when there is none. */
export function neighbourEdit(doc: ProjectDoc, frame: number, direction: -1 | 1): number {
  const all = edits(doc)
  const found =
    direction > 0 ? all.find((edit) => edit > frame) : all.reverse().find((edit) => edit < frame)
  return found ?? frame
}

/** A stretch of sound on the timeline. */
export interface Sound {
  readonly clip: ClipRec
  readonly asset: AssetRec
}

/** The clips that are heard, as in the export: those on audio tracks that are not muted. */
export function soundsOf(doc: ProjectDoc): Sound[] {
  const heard = new Set(
    tracksOf(doc, 'audio')
      .filter((track) => !track.muted)
      .map((track) => track.id),
  )
  return recordsOf(doc, 'clip')
    .filter((clip) => heard.has(clip.trackId))
    .flatMap((clip) => {
      const asset = recordOf(doc, 'asset', clip.assetId)
      return asset?.info.audio == null ? [] : [{ clip, asset }]
    })
    .sort((a, b) => a.clip.start - b.clip.start)
}
