import { newId } from '../ids.js'
import { convertFrame } from '../rational.js'
import type { Command } from './commands.js'
import { recordsOf } from './model.js'
import type { AssetRec, Id, ProjectDoc, TrackRec } from './model.js'
import { timelineLength } from './timing.js'

/** How long a still stands on the timeline when it is placed. */
const STILL_SECONDS = 5

/**
 * The commands that put media at the end of the timeline: its picture on the lowest video track,
 * its sound, if any, on the lowest audio track. The first clip gives the timeline its format.
 *
 * @param asset in the document, or added to it by a command before these
 */
export function placeCommands(
  doc: ProjectDoc,
  asset: AssetRec,
): { commands: Command[]; clipId: Id } {
  const commands: Command[] = []
  const empty = recordsOf(doc, 'clip').length === 0
  const fps = empty && asset.info.kind === 'video' ? asset.info.fps : doc.meta.fps
  if (empty) {
    const { width, height } = asset.info
    commands.push({ type: 'project.setFormat', format: { fps, width, height } })
  }
  const length =
    asset.info.kind === 'image'
      ? Math.round((STILL_SECONDS * fps.num) / fps.den)
      : Math.max(1, convertFrame(asset.info.frames, asset.info.fps, fps))
  const start = timelineLength(doc)

  const trackFor = (kind: TrackRec['kind']): Id => {
    const found = recordsOf(doc, 'track')
      .filter((track) => track.kind === kind)
      .sort((a, b) => a.order - b.order)[0]
    if (found !== undefined) return found.id
    const track: TrackRec = {
      id: newId('track'),
      type: 'track',
      kind,
      name: kind === 'video' ? 'V1' : 'A1',
      order: 0,
      muted: false,
    }
    commands.push({ type: 'track.add', track })
    return track.id
  }
  const clipId = newId('clip')
  const base = { type: 'clip', assetId: asset.id, start, in: 0, length } as const
  commands.push({ type: 'clip.add', clip: { ...base, id: clipId, trackId: trackFor('video') } })
  if (asset.info.audio !== null) {
    const clip = { ...base, id: newId('clip'), trackId: trackFor('audio') }
    commands.push({ type: 'clip.add', clip })
  }
  return { commands, clipId }
}
