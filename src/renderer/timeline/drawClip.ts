import { isImagined } from '../../shared/document/made.js'
import type { AssetRec, ClipRec } from '../../shared/document/model.js'
import { WAVEFORM_RATE } from '../../shared/projectPaths.js'
import { frameToSeconds } from '../../shared/rational.js'
import { sourceFrameAt } from '../player/timelineMap.js'
import { drawMask } from './drawMask.js'
import { drawSegments } from './drawSegments.js'
import type { TimelineScene } from './scene.js'
import { NAME_HEIGHT, editBand, frameToX } from './layout.js'
import type { Row } from './layout.js'

type Context = CanvasRenderingContext2D

/** A clip on its row: pictures or sound, name, badge, segments and mask. */
export function drawClip(
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
