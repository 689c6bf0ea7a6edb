import type { PreviewSheet } from '../../../shared/contract/job.js'
import type { Picture } from '../vision/image.js'

/** Most frames a preview shows; longer clips are thinned out evenly. */
const SHEET_FRAMES = 80

/** One frame of `[frames, 3, height, width]` in -1..1 as RGB, rounded as training rounds. */
export function frameOf(
  clip: Float32Array,
  frame: number,
  { width, height }: { readonly width: number; readonly height: number },
): Picture {
  const area = width * height
  const data = new Uint8Array(3 * area)
  for (let c = 0; c < 3; c++) {
    const plane = (frame * 3 + c) * area
    for (let n = 0; n < area; n++) {
      data[n * 3 + c] = Math.min(255, Math.max(0, Math.floor((clip[plane + n]! + 1) * 127.5 + 0.5)))
    }
  }
  return { width, height, data }
}

/** All frames in one picture, to be played while the clip is made. */
export function sheetOf(
  clip: Float32Array,
  frames: number,
  fps: number,
  size: { readonly width: number; readonly height: number },
): { readonly picture: Picture; readonly sheet: PreviewSheet } {
  const { width, height } = size
  const count = Math.min(frames, SHEET_FRAMES)
  const columns = Math.ceil(Math.sqrt(count))
  const rows = Math.ceil(count / columns)
  const data = new Uint8Array(columns * width * rows * height * 3)
  for (let n = 0; n < count; n++) {
    const frame = frameOf(clip, Math.floor((n * frames) / count), size)
    const left = (n % columns) * width
    const top = Math.floor(n / columns) * height
    for (let y = 0; y < height; y++) {
      const row = frame.data.subarray(y * width * 3, (y + 1) * width * 3)
      data.set(row, ((top + y) * columns * width + left) * 3)
    }
  }
  return {
    picture: { width: columns * width, height: rows * height, data },
    sheet: { columns, count, fps: (fps * count) / frames, width, height },
  }
}
