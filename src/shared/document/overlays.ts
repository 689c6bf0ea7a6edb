import { PLAIN_LOOK } from '../blend.js'
import type { OverlayLook } from '../blend.js'
import { recordOf, recordsOf } from './model.js'
import type { ClipRec, ProjectDoc, TrackRec } from './model.js'

/** How a clip lies over what is below it. */
export function lookOf(clip: ClipRec): OverlayLook {
  return clip.overlay ?? PLAIN_LOOK
}

/** Video tracks, lowest first. */
export function videoTracks(doc: ProjectDoc): TrackRec[] {
  return recordsOf(doc, 'track')
    .filter(({ kind }) => kind === 'video')
    .sort((a, b) => a.order - b.order)
}

/**
 * The clips that are seen at a timeline frame, from the lowest to the highest; what another clip
 * hides altogether is left out. The first is the picture, shown as it is; those after it are laid
 * over it by their looks. The one place that says so, for what is seen and what is exported.
 */
export function visibleClips(doc: ProjectDoc, frame: number): ClipRec[] {
  const order = new Map(videoTracks(doc).map(({ id }, place) => [id, place]))
  const here = recordsOf(doc, 'clip')
    .filter(
      ({ trackId, start, length }) =>
        order.has(trackId) && frame >= start && frame < start + length,
    )
    .sort((a, b) => (order.get(a.trackId) ?? 0) - (order.get(b.trackId) ?? 0))
  const base = here.findLastIndex((clip) => hides(doc, clip))
  return base <= 0 ? here : here.slice(base)
}

/** True where nothing below a clip can be seen. */
function hides(doc: ProjectDoc, clip: ClipRec): boolean {
  const { blend, opacity } = lookOf(clip)
  const asset = recordOf(doc, 'asset', clip.assetId)
  if (blend !== 'normal' || opacity < 1 || asset === undefined) return false
  // The same shape: it fills the frame without losing anything.
  const { width, height } = asset.info
  return width * doc.meta.height === height * doc.meta.width
}

/** True for a clip of a video track above the lowest: it has a look. */
export function liesOver(doc: ProjectDoc, clip: ClipRec): boolean {
  return videoTracks(doc).findIndex(({ id }) => id === clip.trackId) > 0
}
