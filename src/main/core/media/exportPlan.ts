import type { OverlayLook } from '../../../shared/blend.js'
import { acceptedLayers } from '../../../shared/document/layers.js'
import { recordOf, recordsOf } from '../../../shared/document/model.js'
import { lookOf, visibleClips } from '../../../shared/document/overlays.js'
import type { AssetRec, ClipRec, ProjectDoc } from '../../../shared/document/model.js'
import { convertFrame } from '../../../shared/rational.js'
import type { Rational } from '../../../shared/rational.js'
import type { FrameSource } from '../../ffmpeg/frames.js'
import { placedTake } from '../../ffmpeg/takeFrames.js'
import type { PlacedTake } from '../../ffmpeg/takeFrames.js'

/** What a stretch of output frames shows: a source from one of its frames on, or black. */
export interface PictureSpan {
  /** Output frames. */
  readonly length: number
  readonly picture: ClipPicture | null
  /** What is laid over it, from the lowest to the highest. */
  readonly overlays: readonly (ClipPicture & { readonly look: OverlayLook })[]
}

/** A clip's frames with its takes in use. */
export interface ClipPicture {
  readonly source: FrameSource
  /** Source frame of each output frame, never falling. */
  readonly frames: readonly number[]
  readonly takes: readonly PlacedTake[]
}

/** A stretch of sound, from output frame `from` up to `to`. */
export interface SoundSpan {
  readonly source: FrameSource
  readonly from: number
  readonly to: number
  /** Where in the source it begins, in seconds from its frame 0. */
  readonly fromSeconds: number
}

/** Everything that rendering needs, with the document resolved to files. */
export interface Composition {
  readonly fps: Rational
  readonly width: number
  readonly height: number
  readonly frames: number
  readonly pictures: readonly PictureSpan[]
  readonly sounds: readonly SoundSpan[]
}

/**
 * The timeline's frames `[from, to)` as files and frame numbers. Pictures come from all video
 * tracks, as {@link visibleClips} says, sound from every audio track that is not muted.
 *
 * @param pathOf absolute path of a project-relative one
 */
export function planExport(
  doc: ProjectDoc,
  range: { readonly from: number; readonly to: number },
  pathOf: (projectPath: string) => string,
): Composition {
  const { fps, width, height } = doc.meta
  const { from, to } = range
  const sourceOf = (asset: AssetRec): FrameSource => ({
    path: pathOf(asset.path),
    info: asset.info,
  })
  return {
    ...{ fps, width, height },
    frames: to - from,
    pictures: visibleSpans(doc, from, to).map(({ start, end, clips }) => {
      const pictures = clips.flatMap((clip) => {
        const asset = recordOf(doc, 'asset', clip.assetId)
        if (asset === undefined) return []
        const frames = sourceFrames(clip, asset, fps, start, end)
        const takes = acceptedLayers(doc, clip.id).map((layer) => placedTake(layer, pathOf))
        return [{ source: sourceOf(asset), frames, takes, look: lookOf(clip) }]
      })
      const [lowest, ...overlays] = pictures
      if (lowest === undefined) return { length: end - start, picture: null, overlays: [] }
      const { source, frames, takes } = lowest
      return { length: end - start, picture: { source, frames, takes }, overlays }
    }),
    sounds: clipsOf(doc, 'audio').flatMap((clip) => {
      const asset = recordOf(doc, 'asset', clip.assetId)
      const start = Math.max(from, clip.start)
      const end = Math.min(to, clip.start + clip.length)
      if (asset === undefined || asset.info.audio === null || end <= start) return []
      const { fps: rate } = asset.info
      const fromSeconds =
        (clip.in * rate.den) / rate.num + ((start - clip.start) * fps.den) / fps.num
      return [{ source: sourceOf(asset), from: start - from, to: end - from, fromSeconds }]
    }),
  }
}

/** Source frames shown on timeline frames `[start, end)`: the nearest earlier, the last one held. */
function sourceFrames(
  clip: ClipRec,
  asset: AssetRec,
  fps: Rational,
  start: number,
  end: number,
): number[] {
  return Array.from({ length: end - start }, (_, n) => {
    const frame = clip.in + convertFrame(start + n - clip.start, fps, asset.info.fps)
    return Math.min(frame, asset.info.frames - 1)
  })
}

/** Clips of one kind, lowest track first; muted tracks make no sound but still show. */
function clipsOf(doc: ProjectDoc, kind: 'video' | 'audio'): ClipRec[] {
  const tracks = recordsOf(doc, 'track')
    .filter((track) => track.kind === kind && !(kind === 'audio' && track.muted))
    .sort((a, b) => a.order - b.order)
  return tracks.flatMap((track) =>
    recordsOf(doc, 'clip').filter((clip) => clip.trackId === track.id),
  )
}

/** Cuts `[from, to)` where what is visible changes. */
function visibleSpans(
  doc: ProjectDoc,
  from: number,
  to: number,
): { start: number; end: number; clips: readonly ClipRec[] }[] {
  const clips = clipsOf(doc, 'video')
  const cuts = new Set([from, to])
  for (const clip of clips) {
    for (const at of [clip.start, clip.start + clip.length]) {
      if (at > from && at < to) cuts.add(at)
    }
  }
  const places = [...cuts].sort((a, b) => a - b)
  const spans: { start: number; end: number; clips: readonly ClipRec[] }[] = []
  for (const [n, start] of places.entries()) {
    const end = places[n + 1]
    if (end === undefined) break
    const seen = visibleClips(doc, start)
    const before = spans.at(-1)
    const same = (other: readonly ClipRec[]): boolean =>
      other.length === seen.length && other.every(({ id }, place) => id === seen[place]?.id)
    if (before !== undefined && same(before.clips)) before.end = end
    else spans.push({ start, end, clips: seen })
  }
  return spans
}
