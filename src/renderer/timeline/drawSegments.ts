import type { AssetRec, ClipRec, SegmentRec } from '../../shared/document/model.js'
import { recordsOf } from '../../shared/document/model.js'
import { timelineFrameOf } from '../player/timelineMap.js'
import type { Colours, SegmentLook, TimelineScene } from './scene.js'
import type { Row } from './layout.js'
import { lanesOf } from './lanes.js'
import type { Lane } from './lanes.js'
import { STRIP_HEIGHT, frameToX, segmentSpan } from './layout.js'

type Context = CanvasRenderingContext2D

/** From these values on a frame is called good, and fair. */
export const GOOD_CONFIDENCE = 0.7
export const FAIR_CONFIDENCE = 0.4

/** Every AI edit of a clip: a badged bar, and below it how sure each frame of its take is. */
export function drawSegments(
  context: Context,
  scene: TimelineScene,
  row: Row,
  clip: ClipRec,
  asset: AssetRec,
): void {
  const lanes = lanesOf(scene.doc, clip.id)
  const first = row.top + row.height - STRIP_HEIGHT - lanes.height
  // The one in hand last: of several takes on a frame its confidence is the one to see.
  const inOrder = recordsOf(scene.doc, 'segment').sort(
    (a, b) => Number(a.id === scene.selectedSegmentId) - Number(b.id === scene.selectedSegmentId),
  )
  for (const segment of inOrder) {
    const span = segment.clipId === clip.id ? segmentSpan(scene.doc, segment) : null
    if (span === null) continue
    const { top, height } = lanes.of(segment.id)
    const left = frameToX(span.from, scene.view)
    const right = frameToX(span.to, scene.view)
    if (right < 0 || left > scene.view.width) continue
    const look = scene.segmentLook(segment.id)
    // A pixel between the lanes keeps their lines apart.
    drawBar(context, scene, { top: first + top, height: height - 1 }, segment, look, left, right)
    drawConfidence(context, scene, row, clip, asset, look)
  }
}

function drawBar(
  context: Context,
  { colours, badge, selectedSegmentId }: TimelineScene,
  { top, height }: Lane,
  segment: SegmentRec,
  look: SegmentLook,
  left: number,
  right: number,
): void {
  const selected = segment.id === selectedSegmentId
  const isDraft = look.state === 'draft'
  context.fillStyle = colours['bg']
  context.fillRect(left, top, right - left, height)
  context.fillStyle = colours['segment-fill']
  context.fillRect(left, top, right - left, height)
  if (look.state === 'running') {
    context.fillRect(left, top, (right - left) * look.progress, height)
  }
  context.strokeStyle = isDraft ? colours['segment-draft'] : colours['segment-line']
  context.lineWidth = selected ? 2 : 1
  // The state shows in the line as well as in words: dashed until a take is in use.
  context.setLineDash(look.state === 'accepted' ? [] : [4, 3])
  context.strokeRect(left + 1, top + 1, right - left - 2, height - 2)
  context.setLineDash([])

  const textLeft = Math.max(left, 0) + 5
  context.save()
  context.beginPath()
  context.rect(left, top, right - left, height)
  context.clip()
  context.textBaseline = 'middle'
  const size = textSize(height)
  context.font = `bold ${size - 1}px ${colours['font']}`
  const badgeWidth = context.measureText(badge).width + 8
  const middle = top + height / 2
  const badgeHeight = Math.min(13, height - 3)
  context.fillStyle = colours['badge-bg']
  context.beginPath()
  context.roundRect(textLeft, middle - badgeHeight / 2, badgeWidth, badgeHeight, 3)
  context.fill()
  context.fillStyle = colours['badge-text']
  context.fillText(badge, textLeft + 4, middle + 0.5)
  context.font = `${size}px ${colours['font']}`
  context.fillStyle = colours['clip-text']
  context.fillText(`${look.name} · ${look.told}`, textLeft + badgeWidth + 6, middle + 0.5)
  context.restore()
}

/** Height of the letters of a bar in pixels: with its line and what hangs below, they fit into it. */
export function textSize(barHeight: number): number {
  return Math.max(8, Math.min(11, Math.floor((barHeight - 1) / 1.2)))
}

/** Colour and height of a frame's confidence. */
export function confidenceBar(
  value: number,
  colours: Pick<Colours, 'confidence-high' | 'confidence-mid' | 'confidence-low'>,
): { readonly colour: string; readonly height: number } {
  const share = Math.max(0, Math.min(1, value))
  return {
    colour:
      share >= GOOD_CONFIDENCE
        ? colours['confidence-high']
        : share >= FAIR_CONFIDENCE
          ? colours['confidence-mid']
          : colours['confidence-low'],
    height: 2 + share * (STRIP_HEIGHT - 4),
  }
}

function drawConfidence(
  context: Context,
  { doc, view, colours, files }: TimelineScene,
  row: Row,
  clip: ClipRec,
  asset: AssetRec,
  look: SegmentLook,
): void {
  const values = look.take === null ? null : files.confidence(look.take.path)
  if (look.take === null || values === null) return
  const bottom = row.top + row.height
  const end = clip.start + clip.length
  const place = (frame: number): number =>
    frameToX(Math.max(clip.start, Math.min(end, frame)), view)
  context.fillStyle = colours['bg']
  const first = place(timelineFrameOf(clip, asset, doc.meta.fps, look.take.from))
  const last = place(timelineFrameOf(clip, asset, doc.meta.fps, look.take.to))
  context.fillRect(first, bottom - STRIP_HEIGHT, last - first, STRIP_HEIGHT)
  const { from } = look.take
  const at = (n: number): number => timelineFrameOf(clip, asset, doc.meta.fps, from + n)
  const worst = new Map<number, { value: number; width: number }>()
  values.confidence.forEach((value, n) => {
    const frame = at(n)
    if (frame < clip.start || frame >= end) return
    const x = Math.floor(frameToX(frame, view))
    // As wide as the frame is on screen, with a gap where there is room for one.
    const room = Math.floor(place(at(n + 1))) - x
    if (x + room < 0 || x > view.width) return
    const width = Math.max(1, room > 4 ? room - 1 : room)
    // Zoomed out, a pixel covers many frames: the weakest is the one worth seeing.
    worst.set(x, { value: Math.min(worst.get(x)?.value ?? 1, value), width })
  })
  for (const [x, { value, width }] of worst) {
    const { colour, height } = confidenceBar(value, colours)
    context.fillStyle = colour
    context.fillRect(x, bottom - height - 1, width, height)
  }
}
