import { DOUBTFUL_TRACK } from '../../shared/contract/track.js'
import type { AssetRec, ClipRec } from '../../shared/document/model.js'
import { recordOf } from '../../shared/document/model.js'
import { keyframesOf } from '../../shared/mask/index.js'
import { timelineFrameOf } from '../player/timelineMap.js'
import type { TimelineScene } from './scene.js'
import { editBand, frameToX } from './layout.js'
import type { Row } from './layout.js'

/** The mask in hand: a line where it was tracked, by how sure that is, and diamonds where painted. */
export function drawMask(
  context: CanvasRenderingContext2D,
  { doc, view, maskId, colours }: TimelineScene,
  row: Row,
  clip: ClipRec,
  asset: AssetRec,
): void {
  const mask = recordOf(doc, 'mask', maskId)
  if (mask === undefined || mask.assetId !== asset.id) return
  const y = row.top + row.height - editBand(doc, clip) - 7
  const place = (frame: number, offset: number): number | null => {
    const at = timelineFrameOf(clip, asset, doc.meta.fps, frame)
    if (at < clip.start || at >= clip.start + clip.length) return null
    const x = frameToX(at + offset, view)
    return x < -8 || x > view.width + 8 ? null : x
  }
  for (const [key, value] of Object.entries(mask.tracked ?? {})) {
    const x = place(Number(key), 0)
    if (x === null) continue
    const isDoubtful = value < DOUBTFUL_TRACK
    const width = frameToX(1, view) - frameToX(0, view) + 0.5
    context.fillStyle = 'rgb(0 0 0 / 80%)'
    context.fillRect(x, y - 3, width, 6)
    context.fillStyle = colours[isDoubtful ? 'confidence-low' : 'confidence-high']
    // Doubt is thicker, not only redder.
    context.fillRect(x, isDoubtful ? y - 3 : y - 1, width, isDoubtful ? 6 : 2)
  }
  for (const { frame } of keyframesOf(mask)) {
    if (mask.tracked?.[String(frame)] !== undefined) continue
    const x = place(frame, 0.5)
    if (x === null) continue
    context.beginPath()
    context.moveTo(x, y - 5)
    context.lineTo(x + 5, y)
    context.lineTo(x, y + 5)
    context.lineTo(x - 5, y)
    context.closePath()
    context.fillStyle = mask.overlay.colour
    context.fill()
    context.strokeStyle = 'rgb(0 0 0 / 80%)'
    context.lineWidth = 1
    context.stroke()
  }
}
