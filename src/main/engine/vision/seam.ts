import { gatherGrid, readGrid } from './grid.js'
import type { Hole } from './hole.js'
import type { Picture } from './image.js'

/** Differences much larger than this (levels) are wrong content, not a change of light. */
const LIGHT_CHANGE = 12

/**
 * Carries the difference between prediction and truth on the known ring smoothly into the hole, so
 * that no seam shows where the light changed. Adds it to `colours` in place.
 *
 * @param colours predicted, three floats per hole pixel
 * @param seen > 0 where there is a prediction
 */
export function correctSeam(
  picture: Picture,
  hole: Hole,
  colours: Float32Array,
  seen: Float32Array,
): void {
  const count = hole.pixels.length
  const difference = new Float32Array(count * 3)
  const weight = new Float32Array(count)
  for (let n = 0; n < count; n++) {
    if (hole.inside[n] === 1 || seen[n] === 0) continue
    let most = 0
    for (let c = 0; c < 3; c++) {
      const d = picture.data[hole.pixels[n]! * 3 + c]! - colours[n * 3 + c]!
      difference[n * 3 + c] = d
      most = Math.max(most, Math.abs(d))
    }
    // Shrunk, not only weighted: where all of the ring is wrong, nothing must be "corrected",
    // or the gate could no longer see that it was.
    const light = 1 / (1 + (most / LIGHT_CHANGE) ** 4)
    for (let c = 0; c < 3; c++) difference[n * 3 + c] = difference[n * 3 + c]! * light
    weight[n] = 1
  }
  const correction = readGrid(
    gatherGrid(hole, picture.width, difference, weight, 3),
    hole,
    picture.width,
  )
  for (let n = 0; n < count; n++) {
    if (seen[n] === 0) continue
    for (let c = 0; c < 3; c++) colours[n * 3 + c] = colours[n * 3 + c]! + correction[n * 3 + c]!
  }
}
