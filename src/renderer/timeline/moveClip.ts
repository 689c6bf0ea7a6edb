import type { Command } from '../../shared/document/commands.js'
import type { ClipRec, Id, ProjectDoc } from '../../shared/document/model.js'
import { recordOf, recordsOf } from '../../shared/document/model.js'
import { linkedClips } from '../../shared/document/linking.js'
import { freeStart, snapSpan, snapTargets } from './snapping.js'

/** A clip taken hold of: what stood where when it was, so that each step is worked out from there. */
export interface ClipMove {
  readonly clips: readonly ClipRec[]
  readonly start: number
  readonly length: number
}

export function grabClip(doc: ProjectDoc, id: Id): ClipMove | null {
  const clip = recordOf(doc, 'clip', id)
  if (clip === undefined) return null
  return { clips: linkedClips(doc, clip), start: clip.start, length: clip.length }
}

/**
 * The commands that bring the clips (picture and sound together) as near to `wanted` as
 * there is room on their tracks; none when they are there already.
 */
export function moveTo(
  doc: ProjectDoc,
  move: ClipMove,
  wanted: number,
  snap: {
    readonly pixelsPerFrame: number
    readonly range: { readonly from: number; readonly to: number } | null
    readonly playhead: number
  } | null,
): { readonly commands: readonly Command[]; readonly guide: number | null } {
  const ids = new Set(move.clips.map(({ id }) => id))
  const tracks = new Set(move.clips.map(({ trackId }) => trackId))
  const others = recordsOf(doc, 'clip').filter(
    (clip) => !ids.has(clip.id) && tracks.has(clip.trackId),
  )
  const snapped =
    snap === null
      ? { start: wanted, guide: null }
      : snapSpan(
          wanted,
          move.length,
          snapTargets(doc, { ...snap, movingClipIds: ids }),
          snap.pixelsPerFrame,
        )
  const start = freeStart(Math.max(0, Math.round(snapped.start)), move.length, others)
  const commands = move.clips
    .filter(({ id }) => recordOf(doc, 'clip', id)?.start !== start)
    .map(({ id }) => ({ type: 'clip.move', id, start }) as const)
  return { commands, guide: start === Math.round(snapped.start) ? snapped.guide : null }
}
