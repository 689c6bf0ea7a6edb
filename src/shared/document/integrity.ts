import { EMPTY_DIFF } from './diff.js'
import type { Diff } from './diff.js'
import { recordOf, recordsOf } from './model.js'
import type { ClipRec, Id, MaskRec, ProjectDoc, Rec, SegmentRec, TakeRec } from './model.js'
import { clipSourceRange } from './timing.js'

/** Why something is refused, and what to do about it. */
export interface Problem {
  readonly message: string
  readonly hint?: string
}

export function problem(message: string, hint?: string): Problem {
  return hint === undefined ? { message } : { message, hint }
}

/**
 * What the schema cannot say of a record: that what it refers to exists and that its
 * ranges lie inside it. Clips on top of each other are found by {@link overlapping}.
 */
export function checkRecord(doc: ProjectDoc, record: Rec): Problem | null {
  switch (record.type) {
    case 'clip':
      return checkClip(doc, record)
    case 'mask':
      return checkMask(doc, record)
    case 'segment':
      return checkSegment(doc, record)
    case 'take':
      return checkTake(doc, record)
    case 'asset':
    case 'track':
    case 'marker':
      return null
  }
}

function checkClip(doc: ProjectDoc, clip: ClipRec): Problem | null {
  const track = recordOf(doc, 'track', clip.trackId)
  if (track === undefined) return problem(`There is no track ${clip.trackId}.`)
  const asset = recordOf(doc, 'asset', clip.assetId)
  if (asset === undefined) return problem(`There is no media ${clip.assetId}.`)
  if (track.kind === 'audio' && asset.info.audio === null) {
    return problem(`“${asset.name}” has no sound.`, 'Put it on a video track.')
  }
  const range = clipSourceRange(clip, asset, doc.meta.fps)
  if (clip.in >= asset.info.frames || range.to > asset.info.frames) {
    return problem(
      `The clip would end after the last frame of “${asset.name}”.`,
      `It has ${asset.info.frames} frames: choose an earlier start or a shorter clip.`,
    )
  }
  return null
}

function checkMask(doc: ProjectDoc, mask: MaskRec): Problem | null {
  const asset = recordOf(doc, 'asset', mask.assetId)
  if (asset === undefined) return problem(`There is no media ${mask.assetId}.`)
  for (const frame of [...Object.keys(mask.keyframes), ...Object.keys(mask.tracked ?? {})]) {
    if (Number(frame) >= asset.info.frames) {
      return problem(`“${asset.name}” has no frame ${frame}: it has ${asset.info.frames}.`)
    }
  }
  return null
}

function checkSegment(doc: ProjectDoc, segment: SegmentRec): Problem | null {
  const clip = recordOf(doc, 'clip', segment.clipId)
  if (clip === undefined) return problem(`There is no clip ${segment.clipId}.`)
  const asset = recordOf(doc, 'asset', clip.assetId)
  if (asset === undefined) return problem(`There is no media ${clip.assetId}.`)
  if (segment.maskId !== null) {
    const mask = recordOf(doc, 'mask', segment.maskId)
    if (mask === undefined) return problem(`There is no mask ${segment.maskId}.`)
    if (mask.assetId !== clip.assetId) {
      return problem(
        `The mask “${mask.name}” was painted on other media than this clip shows.`,
        'Paint a mask on this clip.',
      )
    }
  }
  if (segment.from >= segment.to) return problem('The segment is empty.')
  const range = clipSourceRange(clip, asset, doc.meta.fps)
  if (segment.from < range.from || segment.to > range.to) {
    return problem(
      'The segment would reach outside its clip.',
      'Shorten or remove the segment first, or keep the clip long enough for it.',
    )
  }
  if (segment.acceptedTakeId !== null) {
    const take = recordOf(doc, 'take', segment.acceptedTakeId)
    if (take === undefined) return problem(`There is no take ${segment.acceptedTakeId}.`)
    if (take.segmentId !== segment.id) return problem('The take belongs to another segment.')
  }
  return null
}

function checkTake(doc: ProjectDoc, take: TakeRec): Problem | null {
  const segment = recordOf(doc, 'segment', take.segmentId)
  if (segment === undefined) return problem(`There is no segment ${take.segmentId}.`)
  if (take.from >= take.to) return problem('The take is empty.')
  const clip = recordOf(doc, 'clip', segment.clipId)
  const asset = recordOf(doc, 'asset', clip?.assetId)
  if (asset !== undefined && take.to > asset.info.frames) {
    return problem(`The take would end after the last frame of “${asset.name}”.`)
  }
  return null
}

/** A clip of the same track that shares a timeline frame with this one. */
export function overlapping(doc: ProjectDoc, clip: ClipRec): ClipRec | undefined {
  return recordsOf(doc, 'clip').find(
    (other) =>
      other.id !== clip.id &&
      other.trackId === clip.trackId &&
      other.start < clip.start + clip.length &&
      clip.start < other.start + other.length,
  )
}

/** The first thing that is wrong between the records of a whole document; null when sound. */
export function checkDocument(doc: ProjectDoc): Problem | null {
  for (const [id, record] of Object.entries(doc.records)) {
    if (record.id !== id) return problem(`The record ${id} calls itself ${record.id}.`)
    const wrong = checkRecord(doc, record)
    if (wrong !== null) return { ...wrong, message: `${id}: ${wrong.message}` }
  }
  const orders = new Set<string>()
  for (const track of recordsOf(doc, 'track')) {
    const place = `${track.kind} ${track.order}`
    if (orders.has(place)) return problem(`${track.id}: Two tracks have the same place.`)
    orders.add(place)
  }
  return checkOverlaps(doc)
}

/** Sorting first keeps a file with many thousand clips fast. */
function checkOverlaps(doc: ProjectDoc): Problem | null {
  const end = new Map<Id, number>()
  for (const clip of recordsOf(doc, 'clip').sort((a, b) => a.start - b.start)) {
    if (clip.start < (end.get(clip.trackId) ?? 0)) {
      return problem(`${clip.id}: Two clips of a track lie on top of each other.`)
    }
    end.set(clip.trackId, clip.start + clip.length)
  }
  return null
}

/**
 * What has to go, or to be let go of, because something it refers to is no longer there:
 * clips without media, segments without clip or mask, takes without segment. Applying it
 * to a document from which records were taken makes all references whole again.
 */
export function danglingDiff(doc: ProjectDoc): Diff {
  const removed: Record<Id, Rec> = {}
  const updated: Record<Id, readonly [Rec, Rec]> = {}
  const there = (type: Rec['type'], id: Id): boolean =>
    recordOf(doc, type, id) !== undefined && !Object.hasOwn(removed, id)

  // In the order of dependence, so that one pass is enough.
  for (const clip of recordsOf(doc, 'clip')) {
    if (!there('track', clip.trackId) || !there('asset', clip.assetId)) removed[clip.id] = clip
  }
  for (const mask of recordsOf(doc, 'mask')) {
    if (!there('asset', mask.assetId)) removed[mask.id] = mask
  }
  for (const segment of recordsOf(doc, 'segment')) {
    const masked = segment.maskId === null || there('mask', segment.maskId)
    if (!there('clip', segment.clipId) || !masked) {
      removed[segment.id] = segment
    }
  }
  for (const take of recordsOf(doc, 'take')) {
    if (!there('segment', take.segmentId)) removed[take.id] = take
  }
  for (const segment of recordsOf(doc, 'segment')) {
    if (segment.acceptedTakeId === null || Object.hasOwn(removed, segment.id)) continue
    if (!there('take', segment.acceptedTakeId)) {
      updated[segment.id] = [segment, { ...segment, acceptedTakeId: null }]
    }
  }
  return Object.keys(removed).length === 0 && Object.keys(updated).length === 0
    ? EMPTY_DIFF
    : { added: {}, updated, removed }
}
