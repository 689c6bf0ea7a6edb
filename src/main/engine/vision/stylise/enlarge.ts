import { luma } from '../image.js'
import type { Picture, Plane } from '../image.js'
import { resample } from './resample.js'

/** Half-width in small pixels of the window in which paint and source are compared. */
const RADIUS = 2
/** Levels of contrast below which the source's detail is taken for noise or texture. */
const NOISE = 14
const MOST = 1.2

/**
 * A painted frame at the size of its source. Enlarging alone leaves blurred edges: wherever the
 * paint's light follows the source's, the source's own detail is added again as far as it does
 * (the slope of a local linear fit, after He et al., "Guided Image Filtering", 2010).
 *
 * @param small the source at the painted frame's size
 */
export function enlargePainted(painted: Picture, small: Picture, source: Picture): Float32Array {
  const lightSmall = luma(small)
  const slope = slopes(lightSmall, luma(painted))
  const { width, height } = painted
  const five = new Float32Array(width * height * 5)
  for (let n = 0; n < width * height; n++) {
    five[n * 5] = painted.data[n * 3]!
    five[n * 5 + 1] = painted.data[n * 3 + 1]!
    five[n * 5 + 2] = painted.data[n * 3 + 2]!
    five[n * 5 + 3] = slope.data[n]!
    five[n * 5 + 4] = lightSmall.data[n]!
  }
  const large = resample({ width, height, channels: 5, data: five }, source).data
  const light = luma(source).data
  const out = new Float32Array(source.data.length)
  for (let n = 0; n < light.length; n++) {
    const at = n * 5
    const detail = large[at + 3]! * (light[n]! - large[at + 4]!)
    out[n * 3] = large[at]! + detail
    out[n * 3 + 1] = large[at + 1]! + detail
    out[n * 3 + 2] = large[at + 2]! + detail
  }
  return out
}

/** How many levels of `b` go with one of `a`, in a window around each pixel; 0..{@link MOST}. */
function slopes(a: Plane, b: Plane): Plane {
  const { width, height } = a
  const mean = (of: (n: number) => number): Float32Array =>
    boxMean(
      Float32Array.from({ length: width * height }, (_, n) => of(n)),
      width,
      height,
    )
  const meanA = mean((n) => a.data[n]!)
  const meanB = mean((n) => b.data[n]!)
  const meanAA = mean((n) => a.data[n]! * a.data[n]!)
  const meanAB = mean((n) => a.data[n]! * b.data[n]!)
  const data = new Float32Array(width * height)
  for (let n = 0; n < data.length; n++) {
    const variance = meanAA[n]! - meanA[n]! * meanA[n]!
    const covariance = meanAB[n]! - meanA[n]! * meanB[n]!
    data[n] = Math.min(MOST, Math.max(0, covariance / (variance + NOISE * NOISE)))
  }
  return { width, height, data }
}

function boxMean(data: Float32Array, width: number, height: number): Float32Array {
  const rows = new Float32Array(data.length)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = Math.max(0, x - RADIUS)
      const to = Math.min(width - 1, x + RADIUS)
      let sum = 0
      for (let k = from; k <= to; k++) sum += data[y * width + k]!
      rows[y * width + x] = sum / (to - from + 1)
    }
  }
  const out = new Float32Array(data.length)
  for (let y = 0; y < height; y++) {
    const from = Math.max(0, y - RADIUS)
    const to = Math.min(height - 1, y + RADIUS)
    for (let k = from; k <= to; k++) {
      for (let x = 0; x < width; x++) {
        out[y * width + x] = out[y * width + x]! + rows[k * width + x]! / (to - from + 1)
      }
    }
  }
  return out
}
