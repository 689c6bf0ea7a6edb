import { newId } from '../ids.js'
import { convertFrame } from '../rational.js'
import { applyAll } from './apply.js'
import type { Command } from './commands.js'
import { linkedClips } from './linking.js'
import { recordOf, recordsOf } from './model.js'
import type { AssetRec, ClipRec, Id, ProjectDoc } from './model.js'

/** A stretch of a clip, in timeline frames `[from, to)`. */
export interface ClipStretch {
  readonly clipId: Id
  readonly from: number
  readonly to: number
}

/** A clip's stretch when it is still there as it was asked for. */
export function stretchOf(
  doc: ProjectDoc,
  { clipId, from, to }: ClipStretch,
): { readonly clip: ClipRec; readonly asset: AssetRec } | null {
  const clip = recordOf(doc, 'clip', clipId)
  const asset = recordOf(doc, 'asset', clip?.assetId)
  if (clip === undefined || asset === undefined) return null
  const inside = from >= clip.start && to <= clip.start + clip.length && to > from
  return inside ? { clip, asset } : null
}

/**
 * The commands that put a new asset, however long, in the place of a clip's stretch and of the
 * sound that belongs to it. What lies before and behind in the clip stays, and everything behind
 * moves along on every track with the markers. Where something of another track stands in the way
 * of closing up, what follows moves up to it at most. Null where the stretch is no longer there, or
 * where the new sound would lie over another one.
 */
export function replaceCommands(
  doc: ProjectDoc,
  stretch: ClipStretch,
  asset: AssetRec,
): { readonly commands: readonly Command[]; readonly clipId: Id } | null {
  const found = stretchOf(doc, stretch)
  if (found === null) return null
  const { from, to } = stretch
  const commands: Command[] = [{ type: 'asset.add', asset }]
  const taken: { readonly id: Id; readonly trackId: Id }[] = []
  for (const clip of linkedClips(doc, found.clip)) {
    const end = clip.start + clip.length
    if (end <= from) continue
    if (to < end)
      commands.push({ type: 'clip.split', id: clip.id, frame: to, newId: newId('clip') })
    if (from === clip.start) taken.push(clip)
    else {
      const id = newId('clip')
      commands.push({ type: 'clip.split', id: clip.id, frame: from, newId: id })
      taken.push({ id, trackId: clip.trackId })
    }
  }
  const split = applyAll(doc, commands)
  if (!split.ok) return null
  const gone = new Set(taken.map(({ id }) => id))
  const rest = recordsOf(split.doc, 'clip').filter(({ id }) => !gone.has(id))
  const length = Math.max(1, convertFrame(asset.info.frames, asset.info.fps, doc.meta.fps))
  const shift = roomFor(rest, to, length - (to - from))

  for (const { id } of taken) commands.push({ type: 'clip.remove', id })
  const behind = rest.filter(({ start }) => start >= to).sort((a, b) => a.start - b.start)
  // In the order in which each finds its new place free.
  for (const { id, start } of shift > 0 ? behind.toReversed() : behind) {
    if (shift !== 0) commands.push({ type: 'clip.move', id, start: start + shift })
  }
  const clipId = newId('clip')
  for (const { trackId } of taken) {
    const picture = trackId === found.clip.trackId
    if (!picture && asset.info.audio === null) continue
    const id = picture ? clipId : newId('clip')
    // How it lies over others stays as it was.
    const look = picture ? found.clip : { type: 'clip' as const }
    const place = { assetId: asset.id, start: from, in: 0, length }
    commands.push({ type: 'clip.add', clip: { ...look, ...place, id, trackId } })
  }
  for (const { id, frame } of recordsOf(doc, 'marker')) {
    const next = frame >= to ? frame + shift : Math.min(frame, Math.max(from, from + length - 1))
    if (frame < from || next === frame) continue
    commands.push({ type: 'marker.update', id, changes: { frame: next } })
  }
  return applyAll(doc, commands).ok ? { commands, clipId } : null
}

/** How far what lies from `to` on moves: all of it, or up to what stays where it is. */
function roomFor(clips: readonly ClipRec[], to: number, shift: number): number {
  if (shift >= 0) return shift
  const room = clips
    .filter(({ start }) => start >= to)
    .map(({ start, trackId }) => {
      const ends = clips
        .filter((other) => other.trackId === trackId && other.start < to)
        .map((other) => other.start + other.length)
      return start - Math.max(0, ...ends)
    })
  return -Math.min(-shift, ...room)
}
