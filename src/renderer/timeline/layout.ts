import type { ClipRec, Id, ProjectDoc, SegmentRec, TrackRec } from '../../shared/document/model.js'
import { recordOf, recordsOf } from '../../shared/document/model.js'
import { timelineFrameOf, tracksOf } from '../player/timelineMap.js'
import type { Edge } from './dragEdge.js'
import { lanesOf } from './lanes.js'

/** Heights in CSS pixels. */
export const RULER_HEIGHT = 28
const ROW_GAP = 4
const ROW_HEIGHT = { video: 92, audio: 52 } as const
/** Of a video track above the lowest: its pictures are the lesser ones. */
const OVERLAY_HEIGHT = 76
/** Parts of a video clip, from its top: name, pictures, then edits and confidence. */
export const NAME_HEIGHT = 18
export const STRIP_HEIGHT = 14
/** How near in pixels the pointer must be to take hold of an end. */
const EDGE_PIXELS = 5

export interface Row {
  readonly track: TrackRec
  readonly top: number
  readonly height: number
}

/** Tracks from top to bottom: the highest video track first, then sound. */
export function rowsOf(doc: ProjectDoc): Row[] {
  let top = RULER_HEIGHT + ROW_GAP
  const videos = tracksOf(doc, 'video')
  return [...videos.toReversed(), ...tracksOf(doc, 'audio')].map((track) => {
    const above = track.kind === 'video' && track.id !== videos[0]?.id
    const height = above ? OVERLAY_HEIGHT : ROW_HEIGHT[track.kind]
    const row = { track, top, height }
    top += height + ROW_GAP
    return row
  })
}

export function rowsHeight(rows: readonly Row[]): number {
  const last = rows.at(-1)
  return last === undefined ? RULER_HEIGHT : last.top + last.height + ROW_GAP
}

/** Room left of frame 0, so that the playhead's grip is whole there. */
const MARGIN = 10

/** Which frames are in view: x = MARGIN + frame * scale - scroll, in CSS pixels. */
export interface TimelineView {
  /** Pixels per frame. */
  readonly scale: number
  /** Pixels scrolled away at the left. */
  readonly scroll: number
  readonly width: number
}

export function frameToX(frame: number, view: TimelineView): number {
  return MARGIN + frame * view.scale - view.scroll
}

/** The frame at a place, with its fraction: 3.5 is the middle of frame 3. */
export function xToFrame(x: number, view: TimelineView): number {
  return (x - MARGIN + view.scroll) / view.scale
}

/** The scale at which the whole timeline fits, with a little room behind the end. */
export function fitScale(length: number, width: number): number {
  return Math.max(0.001, (width - MARGIN - 24) / Math.max(1, length))
}

const MAX_SCALE = 48

/** Changes the scale while the frame at `x` stays there. */
export function zoomAt(
  view: TimelineView,
  x: number,
  factor: number,
  length: number,
): TimelineView {
  const least = Math.min(fitScale(length, view.width), MAX_SCALE)
  const scale = Math.max(least, Math.min(MAX_SCALE, view.scale * factor))
  const scroll = xToFrame(x, view) * scale - (x - MARGIN)
  return clampScroll({ ...view, scale, scroll }, length)
}

export function clampScroll(view: TimelineView, length: number): TimelineView {
  const end = length * view.scale + view.width / 2
  const scroll = Math.max(0, Math.min(view.scroll, end - view.width))
  return scroll === view.scroll ? view : { ...view, scroll }
}

/** The scroll that brings a frame into view: a page further when it left, otherwise unchanged. */
export function follow(frame: number, view: TimelineView): number {
  const x = frameToX(frame, view)
  if (x >= 0 && x <= view.width - 2) return view.scroll
  return Math.max(0, frame * view.scale - view.width * 0.1)
}

/** Timeline frames `[from, to)` of an edit, limited to its clip; null where it lies outside. */
export function segmentSpan(
  doc: ProjectDoc,
  segment: SegmentRec,
): { readonly clip: ClipRec; readonly from: number; readonly to: number } | null {
  const clip = recordOf(doc, 'clip', segment.clipId)
  const asset = recordOf(doc, 'asset', clip?.assetId)
  if (clip === undefined || asset === undefined) return null
  // A still shows its only frame all along.
  if (asset.info.kind === 'image') return { clip, from: clip.start, to: clip.start + clip.length }
  const at = (frame: number): number => timelineFrameOf(clip, asset, doc.meta.fps, frame)
  const from = Math.max(clip.start, at(segment.from))
  const to = Math.min(clip.start + clip.length, at(segment.to))
  return to > from ? { clip, from, to } : null
}

/** Height of a clip's band of edits; clips without edits give it to their pictures. */
export function editBand(doc: ProjectDoc, clip: ClipRec): number {
  const { height } = lanesOf(doc, clip.id)
  return height === 0 ? 0 : height + STRIP_HEIGHT
}

export type Hit =
  | { readonly kind: 'ruler' }
  | { readonly kind: 'clip'; readonly id: Id }
  | { readonly kind: 'segment'; readonly id: Id }
  /** The strip below the edits that shows how sure each frame is. */
  | { readonly kind: 'confidence'; readonly id: Id }
  | { readonly kind: 'segment-edge'; readonly id: Id; readonly edge: Edge }
  | { readonly kind: 'range-edge'; readonly edge: Edge }
  | { readonly kind: 'nothing' }

/** The track under a height, in CSS pixels of the canvas; the nearest one outside of all. */
export function trackAt(rows: readonly Row[], y: number): TrackRec | undefined {
  const under = rows.find(({ top, height }) => y < top + height + ROW_GAP)
  return (under ?? rows.at(-1))?.track
}

/** What lies under a point, in CSS pixels of the canvas. */
export function hitTest(
  doc: ProjectDoc,
  rows: readonly Row[],
  view: TimelineView,
  x: number,
  y: number,
  range: { readonly from: number; readonly to: number } | null = null,
): Hit {
  if (y < RULER_HEIGHT) {
    const edge = range === null ? null : edgeAt(range, view, x)
    return edge === null ? { kind: 'ruler' } : { kind: 'range-edge', edge }
  }
  const row = rows.find(({ top, height }) => y >= top && y < top + height)
  if (row === undefined) return { kind: 'nothing' }
  const edge = segmentEdgeAt(doc, row, view, x, y)
  if (edge !== null) return edge
  const frame = xToFrame(x, view)
  const clip = recordsOf(doc, 'clip').find(
    (one) => one.trackId === row.track.id && frame >= one.start && frame < one.start + one.length,
  )
  if (clip === undefined) return { kind: 'nothing' }
  const inStrip = y >= row.top + row.height - STRIP_HEIGHT
  const segment = segmentsOn(doc, row, clip).find(
    ({ span, top, height }) =>
      frame >= span.from && frame < span.to && (inStrip || (y >= top && y < top + height)),
  )
  if (segment === undefined) return { kind: 'clip', id: clip.id }
  return { kind: inStrip ? 'confidence' : 'segment', id: segment.id }
}

/** Before clips: an end may be held from outside, where there is another clip or none. */
function segmentEdgeAt(
  doc: ProjectDoc,
  row: Row,
  view: TimelineView,
  x: number,
  y: number,
): Hit | null {
  for (const clip of recordsOf(doc, 'clip')) {
    if (clip.trackId !== row.track.id) continue
    for (const { id, span, top, height } of segmentsOn(doc, row, clip)) {
      const edge = y >= top && y < top + height ? edgeAt(span, view, x) : null
      if (edge !== null) return { kind: 'segment-edge', id, edge }
    }
  }
  return null
}

interface PlacedSegment {
  readonly id: Id
  /** Timeline frames. */
  readonly span: { readonly from: number; readonly to: number }
  readonly top: number
  readonly height: number
}

/** The edits of a clip where they are drawn. */
function segmentsOn(doc: ProjectDoc, row: Row, clip: ClipRec): PlacedSegment[] {
  const lanes = lanesOf(doc, clip.id)
  const first = row.top + row.height - STRIP_HEIGHT - lanes.height
  return recordsOf(doc, 'segment').flatMap((segment) => {
    const span = segment.clipId === clip.id ? segmentSpan(doc, segment) : null
    if (span === null) return []
    const { top, height } = lanes.of(segment.id)
    return [{ id: segment.id, span, top: first + top, height }]
  })
}

/** The end of a span that the pointer is at; what is too short to be held elsewhere has none. */
function edgeAt(
  span: { readonly from: number; readonly to: number },
  view: TimelineView,
  x: number,
): Edge | null {
  const [left, right] = [frameToX(span.from, view), frameToX(span.to, view)]
  if (right - left < 4 * EDGE_PIXELS) return null
  if (Math.abs(x - left) <= EDGE_PIXELS) return 'from'
  return Math.abs(x - right) <= EDGE_PIXELS ? 'to' : null
}
