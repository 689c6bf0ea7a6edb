import { gatherGrid, readGrid, smoothGrid } from './grid.js'
import type { Hole } from './hole.js'
import type { Picture } from './image.js'

/** A shift of brightness (levels) much above this is other content, not other light. */
const LIGHT_CHANGE = 30

/** A change of light is smooth; differences that scatter more than this (levels) are not one. */
const SCATTER = 9

/**
 * Carries the difference between prediction and truth on the known ring smoothly into the hole, so
 * that no seam shows where the light changed. Adds it to `colours` in place. What looks like wrong
 * content is left as it is: "corrected", the gate could no longer see that it was wrong.
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
  const difference = new Float32Array(count * 4)
  const weight = new Float32Array(count)
  for (let n = 0; n < count; n++) {
    if (hole.inside[n] === 1 || seen[n] === 0) continue
    let square = 0
    for (let c = 0; c < 3; c++) {
      const d = picture.data[hole.pixels[n]! * 3 + c]! - colours[n * 3 + c]!
      difference[n * 4 + c] = d
      square += d * d
    }
    difference[n * 4 + 3] = square / 3
    weight[n] = 1
  }
  const grid = smoothGrid(gatherGrid(hole, picture.width, difference, weight, 4), 1)
  const shift = readGrid(grid, hole, picture.width)
  for (let n = 0; n < count; n++) {
    if (seen[n] === 0) continue
    const at = n * 4
    const mean = (shift[at]! ** 2 + shift[at + 1]! ** 2 + shift[at + 2]! ** 2) / 3
    const scatter = Math.max(0, shift[at + 3]! - mean)
    const light = 1 / (1 + (mean / LIGHT_CHANGE ** 2) ** 2) / (1 + (scatter / SCATTER ** 2) ** 2)
    for (let c = 0; c < 3; c++) colours[n * 3 + c] = colours[n * 3 + c]! + light * shift[at + c]!
  }
}
