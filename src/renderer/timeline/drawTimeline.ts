import { isImagined } from '../../shared/document/made.js'
import type { AssetRec, ClipRec, Id, ProjectDoc } from '../../shared/document/model.js'
import { recordOf, recordsOf } from '../../shared/document/model.js'
import { WAVEFORM_RATE } from '../../shared/projectPaths.js'
import { frameToSeconds } from '../../shared/rational.js'
import { sourceFrameAt } from '../player/timelineMap.js'
import { drawMask } from './drawMask.js'
import { drawSegments } from './drawSegments.js'
import type { Row, TimelineView } from './layout.js'
import { NAME_HEIGHT, RULER_HEIGHT, editBand, frameToX, xToFrame } from './layout.js'
import type { ProjectFiles } from './projectFiles.js'
import { ticks } from './ticks.js'

type Context = CanvasRenderingContext2D

export const COLOUR_NAMES = [
  'track-bg',
  'ruler-bg',
  'ruler-text',
  'ruler-tick',
  'clip-fill',
  'clip-line',
  'clip-selected',
  'clip-text',
  'audio-fill',
  'audio-wave',
  'segment-fill',
  'segment-line',
  'segment-draft',
  'badge-bg',
  'badge-text',
  'playhead',
  'range-fill',
  'marker',
  'confidence-high',
  'confidence-mid',
  'confidence-low',
  'bg',
  'line',
  'accent',
  'font',
  'mono',
] as const
export type Colours = Readonly<Record<(typeof COLOUR_NAMES)[number], string>>

export interface SegmentLook {
  readonly label: string
  readonly state: 'draft' | 'running' | 'ready' | 'accepted'
  /** Share of the running job that is done, 0..1. */
  readonly progress: number
  /** Folder and frames of the take whose confidence is drawn; null without a take. */
  readonly take: { readonly path: string; readonly from: number; readonly to: number } | null
}

export interface TimelineScene {
  readonly doc: ProjectDoc
  readonly rows: readonly Row[]
  readonly view: TimelineView
  readonly height: number
  readonly colours: Colours
  readonly files: ProjectFiles
  readonly selectedClips: ReadonlySet<Id>
  readonly selectedSegmentId: Id | null
  /** Mask whose key frames are marked. */
  readonly maskId: Id | null
  readonly range: { readonly from: number; readonly to: number } | null
  /** Frame where a dragged clip has snapped. */
  readonly guide: number | null
  readonly badge: string
  /** How a clip lies over what is below, in words; empty where it just covers that. */
  overlayText(clip: ClipRec): string
  segmentLook(segmentId: Id): SegmentLook
}

/** Everything but the playhead. Draws only what is in view. */
export function drawTimeline(context: Context, scene: TimelineScene): void {
  const { rows, view, colours, height } = scene
  for (const { top, height: rowHeight } of rows) {
    context.fillStyle = colours['bg']
    context.fillRect(0, top, view.width, rowHeight)
  }
  for (const clip of recordsOf(scene.doc, 'clip')) {
    const row = rows.find(({ track }) => track.id === clip.trackId)
    const asset = recordOf(scene.doc, 'asset', clip.assetId)
    if (row !== undefined && asset !== undefined) drawClip(context, scene, row, clip, asset)
  }
  drawRuler(context, scene)
  drawRange(context, scene)
  drawMarkers(context, scene)
  if (scene.guide !== null) {
    const x = Math.round(frameToX(scene.guide, view)) + 0.5
    context.strokeStyle = colours['accent']
    context.lineWidth = 1
    context.setLineDash([4, 3])
    context.beginPath()
    context.moveTo(x, RULER_HEIGHT)
    context.lineTo(x, height)
    context.stroke()
    context.setLineDash([])
  }
}

function drawRuler(context: Context, { doc, view, colours, height }: TimelineScene): void {
  context.fillStyle = colours['ruler-bg']
  context.fillRect(0, 0, view.width, RULER_HEIGHT)
  context.font = `10px ${colours['mono']}`
  context.textBaseline = 'top'
  context.lineWidth = 1
  const last = xToFrame(view.width, view)
  for (const { frame, label } of ticks(doc.meta.fps, view.scale, xToFrame(0, view), last)) {
    const x = Math.round(frameToX(frame, view)) + 0.5
    context.strokeStyle = colours['ruler-tick']
    context.beginPath()
    context.moveTo(x, RULER_HEIGHT - (label === null ? 5 : 11))
    context.lineTo(x, RULER_HEIGHT)
    context.stroke()
    if (label === null) continue
    // Half a timecode reads as another one; the line says where the second is.
    if (x + 4 + context.measureText(label).width <= view.width) {
      context.fillStyle = colours['ruler-text']
      context.fillText(label, x + 4, 4)
    }
    context.globalAlpha = 0.35
    context.beginPath()
    context.moveTo(x, RULER_HEIGHT)
    context.lineTo(x, height)
    context.strokeStyle = colours['line']
    context.stroke()
    context.globalAlpha = 1
  }
}

function drawRange(context: Context, { view, colours, range, height }: TimelineScene): void {
  if (range === null) return
  const from = frameToX(range.from, view)
  const to = frameToX(range.to, view)
  context.fillStyle = colours['range-fill']
  context.fillRect(from, 0, to - from, height)
  context.fillStyle = colours['accent']
  context.fillRect(from, RULER_HEIGHT - 3, to - from, 3)
  // Brackets, so that in and out are told apart from each other and from clips.
  for (const [x, way] of [
    [from, 1],
    [to, -1],
  ] as const) {
    context.fillRect(way > 0 ? x : x - 2, 12, 2, RULER_HEIGHT - 12)
    context.fillRect(way > 0 ? x : x - 6, 12, 6, 2)
  }
}

function drawMarkers(context: Context, { doc, view, colours }: TimelineScene): void {
  context.font = `10px ${colours['font']}`
  for (const { frame, label } of recordsOf(doc, 'marker')) {
    const x = frameToX(frame, view)
    if (x < -80 || x > view.width + 8) continue
    context.fillStyle = colours['marker']
    context.beginPath()
    context.moveTo(x - 5, 15)
    context.lineTo(x + 5, 15)
    context.lineTo(x + 5, 21)
    context.lineTo(x, RULER_HEIGHT)
    context.lineTo(x - 5, 21)
    context.closePath()
    context.fill()
    if (label !== '') context.fillText(label, x + 8, 16)
  }
}

function drawClip(
  context: Context,
  scene: TimelineScene,
  row: Row,
  clip: ClipRec,
  asset: AssetRec,
): void {
  const { view, colours } = scene
  const left = frameToX(clip.start, view)
  const right = frameToX(clip.start + clip.length, view)
  if (right < 0 || left > view.width) return
  const isVideo = row.track.kind === 'video'
  const selected = scene.selectedClips.has(clip.id)
  context.save()
  context.beginPath()
  context.roundRect(left, row.top, Math.max(2, right - left), row.height, 4)
  context.clip()
  context.fillStyle = isVideo ? colours['clip-fill'] : colours['audio-fill']
  context.fillRect(left, row.top, right - left, row.height)
  if (row.track.muted) context.globalAlpha = 0.4
  if (isVideo) drawPictures(context, scene, row, clip, asset, left, right)
  else drawWave(context, scene, row, clip, asset, left, right)
  context.globalAlpha = 1
  const text = isImagined(asset) ? drawBadge(context, scene, row, Math.max(left, 0)) : 0
  const look = scene.overlayText(clip)
  const name = look === '' ? asset.name : `${asset.name} · ${look}`
  drawName(context, scene, row, name, Math.max(left, 0) + text, right)
  if (isVideo) {
    drawSegments(context, scene, row, clip, asset)
    drawMask(context, scene, row, clip, asset)
  }
  context.restore()

  context.strokeStyle = selected ? colours['clip-selected'] : colours['clip-line']
  context.lineWidth = selected ? 2 : 1
  context.beginPath()
  const inset = context.lineWidth / 2
  context.roundRect(
    left + inset,
    row.top + inset,
    Math.max(1, right - left - 2 * inset),
    row.height - 2 * inset,
    4,
  )
  context.stroke()
}

/** Marks what a model made. @returns pixels that it takes up */
function drawBadge(
  context: Context,
  { colours, badge }: TimelineScene,
  row: Row,
  left: number,
): number {
  context.font = `bold 10px ${colours['font']}`
  const width = context.measureText(badge).width + 8
  const middle = row.top + NAME_HEIGHT / 2
  context.fillStyle = colours['badge-bg']
  context.beginPath()
  context.roundRect(left + 5, middle - 6.5, width, 13, 3)
  context.fill()
  context.fillStyle = colours['badge-text']
  context.textBaseline = 'middle'
  context.fillText(badge, left + 9, middle + 0.5)
  return width + 4
}

function drawName(
  context: Context,
  { colours }: TimelineScene,
  row: Row,
  name: string,
  left: number,
  right: number,
): void {
  if (right - left < 30) return
  context.save()
  context.beginPath()
  context.rect(left, row.top, right - left - 6, NAME_HEIGHT)
  context.clip()
  context.font = `11px ${colours['font']}`
  context.textBaseline = 'middle'
  context.fillStyle = colours['clip-text']
  context.fillText(name, left + 8, row.top + NAME_HEIGHT / 2 + 0.5)
  context.restore()
}

/** Thumbnails side by side, each showing the frame at its left edge; anchored at the clip so that scrolling does not make them swim. */
function drawPictures(
  context: Context,
  { doc, view, files }: TimelineScene,
  row: Row,
  clip: ClipRec,
  asset: AssetRec,
  left: number,
  right: number,
): void {
  const strip = files.filmstrip(asset.id)
  if (strip === null) return
  const { index, picture } = strip
  const top = row.top + NAME_HEIGHT
  const height = row.height - NAME_HEIGHT - editBand(doc, clip)
  const width = (height * index.width) / index.height
  const firstTile = Math.max(0, Math.floor(-left / width))
  for (let tile = firstTile; left + tile * width < Math.min(right, view.width); tile += 1) {
    const x = left + tile * width
    const frame = clip.start + Math.floor((tile * width) / view.scale)
    const source = sourceFrameAt(clip, asset, doc.meta.fps, frame)
    const cell = Math.min(index.count - 1, Math.round(source / index.frameStep))
    context.drawImage(
      picture,
      (cell % index.columns) * index.width,
      Math.floor(cell / index.columns) * index.height,
      index.width,
      index.height,
      x,
      top,
      width,
      height,
    )
  }
}

function drawWave(
  context: Context,
  { doc, view, colours, files }: TimelineScene,
  row: Row,
  clip: ClipRec,
  asset: AssetRec,
  left: number,
  right: number,
): void {
  const pairs = files.waveform(asset.id)
  if (pairs === null) return
  const top = row.top + NAME_HEIGHT
  const middle = top + (row.height - NAME_HEIGHT) / 2
  const reach = (row.height - NAME_HEIGHT) / 2 - 3
  const begin = frameToSeconds(clip.in, asset.info.fps)
  const pairAt = (x: number): number =>
    (begin + frameToSeconds((x - left) / view.scale, doc.meta.fps)) * WAVEFORM_RATE
  context.fillStyle = colours['audio-wave']
  for (let x = Math.max(0, Math.floor(left)); x < Math.min(right, view.width); x += 1) {
    const from = Math.max(0, Math.floor(pairAt(x)))
    const to = Math.max(from + 1, Math.floor(pairAt(x + 1)))
    let low = 0
    let high = 0
    for (let pair = from; pair < to && 2 * pair + 1 < pairs.length; pair += 1) {
      low = Math.min(low, pairs[2 * pair] ?? 0)
      high = Math.max(high, pairs[2 * pair + 1] ?? 0)
    }
    const up = (high / 127) * reach
    const down = (-low / 128) * reach
    context.fillRect(x, middle - up, 1, Math.max(1, up + down))
  }
}

/** The line over all tracks with its grip in the ruler. */
export function drawPlayhead(
  context: Context,
  frame: number,
  view: TimelineView,
  height: number,
  colours: Colours,
): void {
  const x = Math.round(frameToX(frame, view)) + 0.5
  if (x < -10 || x > view.width + 10) return
  context.strokeStyle = 'rgb(0 0 0 / 50%)'
  context.lineWidth = 3
  context.beginPath()
  context.moveTo(x, 14)
  context.lineTo(x, height)
  context.stroke()
  context.strokeStyle = colours['playhead']
  context.lineWidth = 1
  context.stroke()
  context.fillStyle = colours['playhead']
  context.beginPath()
  context.moveTo(x - 6, 4)
  context.lineTo(x + 6, 4)
  context.lineTo(x + 6, 12)
  context.lineTo(x, 19)
  context.lineTo(x - 6, 12)
  context.closePath()
  context.fill()
  context.strokeStyle = 'rgb(0 0 0 / 50%)'
  context.stroke()
}
