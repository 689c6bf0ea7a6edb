import { convertFrame } from '../rational.js'
import type { Command } from './commands.js'
import { closeGap } from './cutting.js'
import { recordOf, recordsOf } from './model.js'
import type { ClipRec, Id, ProjectDoc } from './model.js'
import { clipSourceRange } from './timing.js'

/**
 * The commands that take away what clips show before a timeline frame (`start`) or from it on
 * (`end`), and close the gap. Edits are shortened with the clip and keep their takes; those that
 * lie wholly in the part that goes, go with it.
 *
 * @returns with `frame`, where the frame that was under the playhead lies now; no commands where
 * the frame is not inside every clip
 */
export function trimCommands(
  doc: ProjectDoc,
  clipIds: readonly Id[],
  frame: number,
  side: 'start' | 'end',
): { readonly commands: readonly Command[]; readonly frame: number } {
  const clips = clipIds.flatMap((id) => recordOf(doc, 'clip', id) ?? [])
  const isInside = clips.every(({ start, length }) => frame > start && frame < start + length)
  if (clips.length === 0 || !isInside) return { commands: [], frame }
  const trimmed = new Map(clips.map((clip) => [clip.id, trim(doc, clip, frame, side)]))
  const gap =
    side === 'start'
      ? { from: Math.min(...clips.map(({ start }) => start)), to: frame }
      : { from: frame, to: Math.max(...clips.map(({ start, length }) => start + length)) }
  const after = recordsOf(doc, 'clip').map((clip) => trimmed.get(clip.id) ?? clip)
  const closed = closeGap(doc, after, gap)
  const commands = [...trimmed.values()].flatMap((clip): Command[] => [
    ...fitSegments(doc, clip),
    { type: 'clip.trim', id: clip.id, start: clip.start, in: clip.in, length: clip.length },
  ])
  return {
    commands: [...commands, ...closed.commands],
    frame: side === 'start' ? frame - closed.by : frame,
  }
}

function trim(doc: ProjectDoc, clip: ClipRec, frame: number, side: 'start' | 'end'): ClipRec {
  const before = frame - clip.start
  if (side === 'end') return { ...clip, length: before }
  const asset = recordOf(doc, 'asset', clip.assetId)
  const skipped =
    asset === undefined || asset.info.kind === 'image'
      ? 0
      : convertFrame(before, doc.meta.fps, asset.info.fps)
  return { ...clip, start: frame, in: clip.in + skipped, length: clip.length - before }
}

/** Brings a clip's edits inside what it will show. */
function fitSegments(doc: ProjectDoc, clip: ClipRec): Command[] {
  const asset = recordOf(doc, 'asset', clip.assetId)
  if (asset === undefined) return []
  const range = clipSourceRange(clip, asset, doc.meta.fps)
  return recordsOf(doc, 'segment')
    .filter(({ clipId }) => clipId === clip.id)
    .flatMap(({ id, from, to }): Command[] => {
      const changes = { from: Math.max(from, range.from), to: Math.min(to, range.to) }
      if (changes.to <= changes.from) return [{ type: 'segment.remove', id }]
      if (changes.from === from && changes.to === to) return []
      return [{ type: 'segment.update', id, changes }]
    })
}
