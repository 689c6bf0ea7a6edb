import { recordOf, recordsOf } from './model.js'
import type { ClipRec, ProjectDoc, TrackRec } from './model.js'

/** A clip with those on other tracks that came in with it (picture and sound): they move together. */
export function linkedClips(doc: ProjectDoc, clip: ClipRec): ClipRec[] {
  const kindOf = ({ trackId }: ClipRec): TrackRec['kind'] | undefined =>
    recordOf(doc, 'track', trackId)?.kind
  return recordsOf(doc, 'clip').filter(
    (other) =>
      other.id === clip.id ||
      // The same picture as an overlay over itself is a clip of its own.
      (kindOf(other) !== kindOf(clip) &&
        other.assetId === clip.assetId &&
        other.start === clip.start &&
        other.in === clip.in),
  )
}
