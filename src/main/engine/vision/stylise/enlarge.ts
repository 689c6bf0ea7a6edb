import { boxMean } from '../boxMean.js'
import { luma } from '../image.js'
import type { Picture, Plane } from '../image.js'
import { eachRow } from './resample.js'

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
  // As large already: there is no detail to add.
  if (painted.width === source.width && painted.height === source.height) {
    return new Float32Array(painted.data)
  }
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
  const light = luma(source).data
  const out = new Float32Array(source.data.length)
  // Row by row: enlarged at once, five channels at full size would be the largest buffer of all.
  eachRow({ width, height, channels: 5, data: five }, source, (row, y) => {
    addDetail(row, light, out, y * source.width)
  })
  return out
}

/** @param row red, green, blue, slope and light of the small frame, enlarged; `n` its first pixel */
function addDetail(row: Float32Array, light: Float32Array, out: Float32Array, n: number): void {
  for (let from = 0, to = n * 3; from < row.length; n++, from += 5, to += 3) {
    const detail = row[from + 3]! * (light[n]! - row[from + 4]!)
    out[to] = row[from]! + detail
    out[to + 1] = row[from + 1]! + detail
    out[to + 2] = row[from + 2]! + detail
  }
}

/** How many levels of `b` go with one of `a`, in a window around each pixel; 0..{@link MOST}. */
function slopes(a: Plane, b: Plane): Plane {
  const { width, height } = a
  const squares = new Float32Array(width * height)
  const products = new Float32Array(width * height)
  for (let n = 0; n < squares.length; n++) {
    squares[n] = a.data[n]! * a.data[n]!
    products[n] = a.data[n]! * b.data[n]!
  }
  const meanA = boxMean(a.data, a, RADIUS)
  const meanB = boxMean(b.data, a, RADIUS)
  const meanAA = boxMean(squares, a, RADIUS, squares)
  const meanAB = boxMean(products, a, RADIUS, products)
  const data = new Float32Array(width * height)
  for (let n = 0; n < data.length; n++) {
    const variance = Math.max(0, meanAA[n]! - meanA[n]! * meanA[n]!)
    const covariance = meanAB[n]! - meanA[n]! * meanB[n]!
    data[n] = Math.min(MOST, Math.max(0, covariance / (variance + NOISE * NOISE)))
  }
  return { width, height, data }
}
