import { gatherGrid, readGrid, smoothGrid } from './grid.js'
import type { Hole } from './hole.js'
import type { Picture } from './image.js'

/** Error in levels at which half of the prediction is given up. */
const HALF_TRUST = 12

/**
 * Expected error of the prediction per hole pixel, in levels (0..255): measured on the known ring
 * and, where several views of a point exist, by their disagreement; continued smoothly between.
 *
 * @param disagreement mean absolute difference of the views, -1 where there is only one
 */
export function expectedError(
  picture: Picture,
  hole: Hole,
  colours: Float32Array,
  seen: Float32Array,
  disagreement: Float32Array,
): Float32Array {
  const count = hole.pixels.length
  const onRing = new Float32Array(count)
  const ringWeight = new Float32Array(count)
  const among = new Float32Array(count)
  const amongWeight = new Float32Array(count)
  for (let n = 0; n < count; n++) {
    if (seen[n] === 0) continue
    if (hole.inside[n] === 0) {
      let sum = 0
      for (let c = 0; c < 3; c++) {
        sum += (picture.data[hole.pixels[n]! * 3 + c]! - colours[n * 3 + c]!) ** 2
      }
      onRing[n] = sum / 3
      ringWeight[n] = 1
    }
    if (disagreement[n]! >= 0) {
      among[n] = disagreement[n]! ** 2
      amongWeight[n] = 1
    }
  }
  const spread = (values: Float32Array, weights: Float32Array): Float32Array =>
    // A patch that is right by chance must not be believed in the midst of wrong ones.
    readGrid(
      smoothGrid(gatherGrid(hole, picture.width, values, weights, 1), 2),
      hole,
      picture.width,
    )
  const ring = spread(onRing, ringWeight)
  const views = spread(among, amongWeight)
  // Either witness can speak against a prediction; neither can speak for it alone.
  return ring.map((value, n) => Math.sqrt(Math.max(value, views[n]!)))
}

/** How far to believe a prediction with this expected error: 1 exact, 1/2 at 12 levels. */
export function trust(error: number): number {
  return 1 / (1 + (error / HALF_TRUST) ** 4)
}
