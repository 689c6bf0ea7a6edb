import type { Command } from '../../shared/document/commands.js'
import { rippleCommands } from '../../shared/document/cutting.js'
import { linkedClips } from '../../shared/document/linking.js'
import { recordsOf } from '../../shared/document/model.js'
import type { ClipRec, Id, ProjectDoc } from '../../shared/document/model.js'
import { placeCommands } from '../../shared/document/placing.js'
import { convertFrame } from '../../shared/rational.js'
import { newId } from '../../shared/ids.js'
import type { Made } from './pair.js'

/** The clips of an asset on the timeline, the first one first. */
export function clipsOf(doc: ProjectDoc, assetId: Id): readonly ClipRec[] {
  return recordsOf(doc, 'clip')
    .filter((clip) => clip.assetId === assetId)
    .sort((a, b) => a.start - b.start)
}

/**
 * Keeps one of two clips: it stands on the timeline, in the other one's place where it had none,
 * and the other leaves timeline and project. Sent together, one undo brings all of it back.
 */
export function keepCommands(
  doc: ProjectDoc,
  kept: Made,
  other: Made,
): { readonly commands: readonly Command[]; readonly clipId: Id } {
  const remove: Command = { type: 'asset.remove', id: other.id }
  const own = clipsOf(doc, kept.id)[0]
  const theirs = clipsOf(doc, other.id)
  if (own !== undefined) return { commands: [...closeUp(doc, theirs), remove], clipId: own.id }
  const place = theirs[0]
  const length = convertFrame(kept.info.frames, kept.info.fps, doc.meta.fps)
  if (place === undefined || place.in !== 0 || place.length !== length) {
    const { commands, clipId } = placeCommands(doc, kept)
    return { commands: [...commands, remove], clipId }
  }
  const clip: ClipRec = { ...place, id: newId('clip'), assetId: kept.id }
  const gone = linkedClips(doc, place)
  return {
    commands: [
      ...gone.map(({ id }): Command => ({ type: 'clip.remove', id })),
      { type: 'clip.add', clip },
      remove,
    ],
    clipId: clip.id,
  }
}

/** Takes a clip away and closes its gap; where there are more of it, nobody asked for their gaps to close. */
function closeUp(doc: ProjectDoc, clips: readonly ClipRec[]): readonly Command[] {
  const [first] = clips
  if (first === undefined) return []
  const linked = linkedClips(doc, first).map(({ id }) => id)
  return clips.every(({ id }) => linked.includes(id)) ? rippleCommands(doc, linked) : []
}
