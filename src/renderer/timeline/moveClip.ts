import type { Command } from '../../shared/document/commands.js'
import type { ClipRec, Id, ProjectDoc, TrackRec } from '../../shared/document/model.js'
import { recordOf, recordsOf } from '../../shared/document/model.js'
import { linkedClips } from '../../shared/document/linking.js'
import { videoTracks } from '../../shared/document/overlays.js'
import { trackAbove } from '../../shared/document/placing.js'
import { freeStart, snapSpan, snapTargets } from './snapping.js'

/** A clip taken hold of: what stood where when it was, so that each step is worked out from there. */
export interface ClipMove {
  readonly clips: readonly ClipRec[]
  /** The one that was taken hold of: it alone may change its track. */
  readonly held: ClipRec
  readonly start: number
  readonly length: number
}

export function grabClip(doc: ProjectDoc, id: Id): ClipMove | null {
  const clip = recordOf(doc, 'clip', id)
  if (clip === undefined) return null
  return { clips: linkedClips(doc, clip), held: clip, start: clip.start, length: clip.length }
}

/**
 * The commands that bring the clips (picture and sound together) as near to `wanted` as
 * there is room on their tracks; none when they are there already.
 *
 * @param wantedTrack where the clip that is held should go; where it was when null, or when the
 * track is of the other kind
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
  wantedTrack: Id | null = null,
): { readonly commands: readonly Command[]; readonly guide: number | null } {
  const ids = new Set(move.clips.map(({ id }) => id))
  const kindOf = (id: Id): TrackRec['kind'] | undefined => recordOf(doc, 'track', id)?.kind
  const { held } = move
  const fits = wantedTrack !== null && kindOf(wantedTrack) === kindOf(held.trackId)
  const trackOf = ({ id, trackId }: ClipRec): Id => (id === held.id && fits ? wantedTrack : trackId)
  const tracks = new Set(move.clips.map(trackOf))
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
    .filter((clip) => {
      const now = recordOf(doc, 'clip', clip.id)
      return now?.start !== start || now.trackId !== trackOf(clip)
    })
    .map((clip) => {
      const trackId = trackOf(clip)
      const changes = recordOf(doc, 'clip', clip.id)?.trackId !== trackId
      return { type: 'clip.move', id: clip.id, start, ...(changes ? { trackId } : {}) } as const
    })
  return { commands, guide: start === Math.round(snapped.start) ? snapped.guide : null }
}

/**
 * The commands that bring a clip one video track up or down, at the same place where that is free
 * and as near as there is room otherwise; above the highest a track is added. Null where there is
 * no track to go to.
 */
export function changeTrack(doc: ProjectDoc, id: Id, direction: 1 | -1): readonly Command[] | null {
  const clip = recordOf(doc, 'clip', id)
  const tracks = videoTracks(doc)
  const at = tracks.findIndex((track) => track.id === clip?.trackId)
  if (clip === undefined || at === -1) return null
  const next = tracks[at + direction]
  if (next === undefined && (direction < 0 || at > 0)) return null
  const added = next === undefined ? trackAbove(doc) : { commands: [], trackId: next.id }
  const others = recordsOf(doc, 'clip').filter((one) => one.trackId === added.trackId)
  const start = freeStart(clip.start, clip.length, others)
  return [...added.commands, { type: 'clip.move', id, start, trackId: added.trackId }]
}
