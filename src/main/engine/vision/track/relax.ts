import type { Box, Picture } from '../image.js'

const SWEEPS = 24
const OVERSHOOT = 1.6

/**
 * Lets labels flow over even colours and stop at edges: minimises
 * sum c (x - p)^2 + smooth * sum w (x_i - x_j)^2 over the unsure pixels of a box, w falling with the
 * difference of colour (random walks with priors, Grady 2005), by successive over-relaxation.
 *
 * @param chance per box pixel 0..1; changed in place where `sure` is 0
 * @param belief per box pixel: weight of its own chance
 */
export function relaxLabels(
  picture: Picture,
  box: Box,
  chance: Float32Array,
  belief: Float32Array,
  sure: Uint8Array,
  smooth: number,
): void {
  const { width, height } = box
  const right = new Float32Array(width * height)
  const below = new Float32Array(width * height)
  const { data } = picture
  let sum = 0
  let count = 0
  const square = (i: number, j: number): number =>
    (data[i]! - data[j]!) ** 2 +
    (data[i + 1]! - data[j + 1]!) ** 2 +
    (data[i + 2]! - data[j + 2]!) ** 2
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x
      const i = ((box.y + y) * picture.width + box.x + x) * 3
      if (x + 1 < width) right[at] = square(i, i + 3)
      if (y + 1 < height) below[at] = square(i, i + picture.width * 3)
      if (sure[at] === 1) continue
      sum += right[at]! + below[at]!
      count += 2
    }
  }
  // The usual difference between neighbours: what is much more than that is an edge.
  const scale = 1 / (2 * Math.max(20, sum / Math.max(1, count)))
  for (let at = 0; at < right.length; at++) {
    right[at] = 0.03 + Math.exp(-right[at]! * scale)
    below[at] = 0.03 + Math.exp(-below[at]! * scale)
  }
  const own = chance.slice()
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = y * width + x
        if (sure[at] === 1) continue
        let weight = belief[at]!
        let value = weight * own[at]!
        if (x > 0) {
          const w = smooth * right[at - 1]!
          weight += w
          value += w * chance[at - 1]!
        }
        if (x + 1 < width) {
          const w = smooth * right[at]!
          weight += w
          value += w * chance[at + 1]!
        }
        if (y > 0) {
          const w = smooth * below[at - width]!
          weight += w
          value += w * chance[at - width]!
        }
        if (y + 1 < height) {
          const w = smooth * below[at]!
          weight += w
          value += w * chance[at + width]!
        }
        const next = chance[at]! + OVERSHOOT * (value / weight - chance[at]!)
        chance[at] = next < 0 ? 0 : next > 1 ? 1 : next
      }
    }
  }
}
