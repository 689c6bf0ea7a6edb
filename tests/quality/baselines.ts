import { listHole } from '../../src/main/engine/vision/hole.js'
import type { Size } from '../../src/main/engine/vision/image.js'
import { loadOpenCv } from '../../src/main/engine/vision/opencv.js'
import { smoothFill as smoothHole } from '../../src/main/engine/vision/smoothFill.js'

/** Fills the same holes by a simpler method. `masks` are 0/1, already grown. */
export type Baseline = (
  frames: readonly Uint8Array[],
  masks: readonly Uint8Array[],
  size: Size,
) => Promise<Uint8Array[]>

export const smoothFill: Baseline = (frames, masks, size) =>
  Promise.resolve(
    frames.map((frame, t) => {
      const out = frame.slice()
      const hole = listHole(masks[t]!, size, 0)
      if (hole === null) return out
      const fill = smoothHole({ ...size, data: frame }, hole)
      hole.pixels.forEach((pixel, n) => {
        for (let c = 0; c < 3; c++) {
          out[pixel * 3 + c] = Math.min(255, Math.max(0, Math.round(fill[n * 3 + c]!)))
        }
      })
      return out
    }),
  )

function inpaint(method: 'INPAINT_TELEA' | 'INPAINT_NS'): Baseline {
  return async (frames, masks, size) => {
    const { cv } = await loadOpenCv()
    return frames.map((frame, t) => {
      const picture = new cv.Mat(size.height, size.width, cv.CV_8UC3)
      const mask = new cv.Mat(size.height, size.width, cv.CV_8UC1)
      const result = new cv.Mat()
      picture.data.set(frame)
      mask.data.set(masks[t]!)
      cv.inpaint(picture, mask, result, 4, Number(cv[method]))
      const out = Uint8Array.from(result.data)
      picture.delete()
      mask.delete()
      result.delete()
      return out
    })
  }
}

export const telea = inpaint('INPAINT_TELEA')
export const navierStokes = inpaint('INPAINT_NS')

/** Per pixel the median over all frames in which it is uncovered, without any motion. */
export const temporalMedian: Baseline = (frames, masks) => {
  const out = frames.map((frame) => frame.slice())
  const pixels = masks[0]?.length ?? 0
  for (let pixel = 0; pixel < pixels; pixel++) {
    if (!masks.some((mask) => mask[pixel] === 1)) continue
    for (let c = 0; c < 3; c++) {
      const values: number[] = []
      for (let t = 0; t < frames.length; t++) {
        if (masks[t]![pixel] === 0) values.push(frames[t]![pixel * 3 + c]!)
      }
      values.sort((a, b) => a - b)
      const median = values[values.length >> 1] ?? 128
      for (let t = 0; t < frames.length; t++) {
        if (masks[t]![pixel] === 1) out[t]![pixel * 3 + c] = median
      }
    }
  }
  return Promise.resolve(out)
}
