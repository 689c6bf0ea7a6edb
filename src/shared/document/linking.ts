import { recordsOf } from './model.js'
import type { ClipRec, ProjectDoc } from './model.js'

/** A clip with those on other tracks that came in with it (picture and sound): they move together. */
export function linkedClips(doc: ProjectDoc, clip: ClipRec): ClipRec[] {
  return recordsOf(doc, 'clip').filter(
    (other) =>
      other.id === clip.id ||
      (other.trackId !== clip.trackId &&
        other.assetId === clip.assetId &&
        other.start === clip.start &&
        other.in === clip.in),
  )
}
