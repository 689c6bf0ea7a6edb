import { recordOf, recordsOf } from '../../shared/document/model.js'
import { drawClip } from './drawClip.js'
import type { TimelineView } from './layout.js'
import { RULER_HEIGHT, frameToX, xToFrame } from './layout.js'
import type { Colours, TimelineScene } from './scene.js'
import { ticks } from './ticks.js'

type Context = CanvasRenderingContext2D

/** Half the width of the playhead's grip in pixels. */
const GRIP = 6
/** From a line of the ruler to its label: the grip of a playhead that stands there covers no digit. */
const LABEL_GAP = GRIP + 3

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
    if (x + LABEL_GAP + context.measureText(label).width <= view.width) {
      context.fillStyle = colours['ruler-text']
      context.fillText(label, x + LABEL_GAP, 4)
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
  context.moveTo(x - GRIP, 4)
  context.lineTo(x + GRIP, 4)
  context.lineTo(x + GRIP, 12)
  context.lineTo(x, 19)
  context.lineTo(x - GRIP, 12)
  context.closePath()
  context.fill()
  context.strokeStyle = 'rgb(0 0 0 / 50%)'
  context.stroke()
}
