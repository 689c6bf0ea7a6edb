import { newId } from '../ids.js'
import { convertFrame } from '../rational.js'
import type { Rational } from '../rational.js'
import type { Command } from './commands.js'
import { applyDiff } from './diff.js'
import { isSameFormat, reformat } from './format.js'
import type { FilmFormat } from './format.js'
import { isImagined } from './made.js'
import { linkedClips } from './linking.js'
import { recordOf, recordsOf } from './model.js'
import type { AssetRec, ClipRec, Id, ProjectDoc, TrackRec } from './model.js'
import { videoTracks } from './overlays.js'
import { timelineLength } from './timing.js'

/** How long a still stands on the timeline when it is placed. */
const STILL_SECONDS = 5

/**
 * The commands that lay media over the film from a frame on: on the second video track, which they
 * add where there is none, at the first place from there that is free; with its sound.
 *
 * @param asset in the document
 */
export function overlayCommands(
  doc: ProjectDoc,
  asset: AssetRec,
  from: number,
): { commands: Command[]; clipId: Id } {
  const { commands, trackId } = trackAbove(doc)
  const length = lengthOf(asset, doc.meta.fps)
  let start = from
  const others = recordsOf(doc, 'clip')
    .filter((clip) => clip.trackId === trackId)
    .sort((a, b) => a.start - b.start)
  for (const other of others) {
    if (other.start < start + length && start < other.start + other.length) {
      start = other.start + other.length
    }
  }
  const clipId = newId('clip')
  // What a model makes to lie over film is light on black: rain, smoke, fire, leaks.
  const blend = isImagined(asset) ? 'screen' : 'normal'
  const clip: ClipRec = {
    ...({ type: 'clip', id: clipId, trackId, assetId: asset.id } as const),
    ...{ start, in: 0, length, overlay: { blend, opacity: 1, fit: 'fill' } as const },
  }
  const sound = asset.info.audio === null ? [] : soundCommands(doc, clip)
  return { commands: [...commands, ...sound, { type: 'clip.add', clip }], clipId }
}

/**
 * The commands that have a clip that lies over the film bring its sound: on the first audio track
 * that is free there, but not the lowest, which is the film's own; on one that they add where there is
 * none.
 */
export function soundCommands(doc: ProjectDoc, clip: ClipRec): Command[] {
  const tracks = recordsOf(doc, 'track')
    .filter(({ kind }) => kind === 'audio')
    .sort((a, b) => a.order - b.order)
  const isFree = ({ id }: TrackRec): boolean =>
    recordsOf(doc, 'clip').every(
      ({ trackId, start, length }) =>
        trackId !== id || start >= clip.start + clip.length || start + length <= clip.start,
    )
  const free = tracks.slice(1).find(isFree)
  const order = (tracks.at(-1)?.order ?? -1) + 1
  const track: TrackRec = free ?? {
    ...({ id: newId('track'), type: 'track', kind: 'audio' } as const),
    ...{ name: `A${order + 1}`, order, muted: false },
  }
  const { type, assetId, start, in: first, length } = clip
  const sound: ClipRec = {
    id: newId('clip'),
    type,
    trackId: track.id,
    assetId,
    start,
    in: first,
    length,
  }
  return [
    ...(free === undefined ? [{ type: 'track.add', track } as const] : []),
    { type: 'clip.add', clip: sound },
  ]
}

/** The clip on an audio track that is the sound of a clip that lies over the film. */
export function soundOf(doc: ProjectDoc, clip: ClipRec): ClipRec | undefined {
  const place = (one: ClipRec): number => {
    const track = recordOf(doc, 'track', one.trackId)
    return track?.kind === 'audio' ? track.order : -1
  }
  // Over itself, the film's own sound lies at the same place: on a lower track.
  return linkedClips(doc, clip)
    .filter((one) => place(one) >= 0)
    .sort((a, b) => place(a) - place(b))
    .at(-1)
}

/** The video track above the lowest, or the command that adds it. */
export function trackAbove(doc: ProjectDoc): { commands: Command[]; trackId: Id } {
  const [lowest, above] = videoTracks(doc)
  if (above !== undefined) return { commands: [], trackId: above.id }
  const order = (lowest?.order ?? -1) + 1
  const track: TrackRec = {
    ...({ id: newId('track'), type: 'track', kind: 'video' } as const),
    ...{ name: `V${order + 1}`, order, muted: false },
  }
  return { commands: [{ type: 'track.add', track }], trackId: track.id }
}

/** Timeline frames of a whole asset. */
function lengthOf({ info }: AssetRec, fps: Rational): number {
  return info.kind === 'image'
    ? Math.round((STILL_SECONDS * fps.num) / fps.den)
    : Math.max(1, convertFrame(info.frames, info.fps, fps))
}

/** The format that media brings to the timeline; null where that has one to keep. */
function formatBy(doc: ProjectDoc, { info, ...asset }: AssetRec): FilmFormat | null {
  const fps = info.kind === 'video' ? info.fps : doc.meta.fps
  const own = { fps, width: info.width, height: info.height }
  const there = recordsOf(doc, 'clip').flatMap((one) => recordOf(doc, 'asset', one.assetId) ?? [])
  if (there.length === 0) return own
  const isFilmed = info.kind === 'video' && !isImagined({ info, ...asset })
  const onlyMade = there.every((one) => isImagined(one))
  // Otherwise someone has chosen it.
  const isTheirs = there.some((one) => isSameFormat(one.info, doc.meta))
  return isFilmed && onlyMade && isTheirs ? own : null
}

/**
 * The commands that put media at the end of the timeline: its picture on the lowest video track,
 * its sound, if any, on the lowest audio track. The first clip gives the timeline its format, and
 * so does the first filmed one where all before it was made up.
 *
 * @param asset in the document, or added to it by a command before these
 */
export function placeCommands(
  doc: ProjectDoc,
  asset: AssetRec,
): { commands: Command[]; clipId: Id } {
  const commands: Command[] = []
  const format = formatBy(doc, asset)
  const change = format === null ? null : reformat(doc, format)
  // Where that is not possible the timeline stays as it is.
  const fits = format !== null && change !== null && !('message' in change)
  if (fits) commands.push({ type: 'project.setFormat', format })
  const formatted = fits ? applyDiff(doc, change) : doc
  const length = lengthOf(asset, formatted.meta.fps)
  const start = timelineLength(formatted)

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
