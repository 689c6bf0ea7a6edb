import type { ClipRec, Id, ProjectDoc, SegmentRec, TrackRec } from '../../shared/document/model.js'
import { recordOf, recordsOf } from '../../shared/document/model.js'
import { timelineFrameOf, tracksOf } from '../player/timelineMap.js'

/** Heights in CSS pixels. */
export const RULER_HEIGHT = 28
const ROW_GAP = 4
const ROW_HEIGHT = { video: 92, audio: 52 } as const
/** Parts of a video clip, from its top: name, pictures, then edits and confidence. */
export const NAME_HEIGHT = 18
export const EDIT_HEIGHT = 20
export const STRIP_HEIGHT = 14

export interface Row {
  readonly track: TrackRec
  readonly top: number
  readonly height: number
}

/** Tracks from top to bottom: the highest video track first, then sound. */
export function rowsOf(doc: ProjectDoc): Row[] {
  let top = RULER_HEIGHT + ROW_GAP
  return [...tracksOf(doc, 'video').reverse(), ...tracksOf(doc, 'audio')].map((track) => {
    const height = ROW_HEIGHT[track.kind]
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
  const at = (frame: number): number => timelineFrameOf(clip, asset, doc.meta.fps, frame)
  const from = Math.max(clip.start, at(segment.from))
  const to = Math.min(clip.start + clip.length, at(segment.to))
  return to > from ? { clip, from, to } : null
}

/** Height of a clip's band of edits; clips without edits give it to their pictures. */
export function editBand(doc: ProjectDoc, clip: ClipRec): number {
  const edited = recordsOf(doc, 'segment').some((segment) => segment.clipId === clip.id)
  return edited ? EDIT_HEIGHT + STRIP_HEIGHT : 0
}

export type Hit =
  | { readonly kind: 'ruler' }
  | { readonly kind: 'clip'; readonly id: Id }
  | { readonly kind: 'segment'; readonly id: Id }
  | { readonly kind: 'nothing' }

/** What lies under a point, in CSS pixels of the canvas. */
export function hitTest(
  doc: ProjectDoc,
  rows: readonly Row[],
  view: TimelineView,
  x: number,
  y: number,
): Hit {
  if (y < RULER_HEIGHT) return { kind: 'ruler' }
  const row = rows.find(({ top, height }) => y >= top && y < top + height)
  if (row === undefined) return { kind: 'nothing' }
  const frame = xToFrame(x, view)
  const clip = recordsOf(doc, 'clip').find(
    (one) => one.trackId === row.track.id && frame >= one.start && frame < one.start + one.length,
  )
  if (clip === undefined) return { kind: 'nothing' }
  if (y >= row.top + row.height - EDIT_HEIGHT - STRIP_HEIGHT) {
    const segment = recordsOf(doc, 'segment').find((one) => {
      const span = one.clipId === clip.id ? segmentSpan(doc, one) : null
      return span !== null && frame >= span.from && frame < span.to
    })
    if (segment !== undefined) return { kind: 'segment', id: segment.id }
  }
  return { kind: 'clip', id: clip.id }
}
