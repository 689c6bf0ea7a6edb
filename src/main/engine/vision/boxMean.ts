import type { Size } from './image.js'

/** Mean over a square of cells that reaches so far to all sides, by running sums; the border goes on. */
export function boxMean(
  values: Float32Array,
  { width, height }: Size,
  reach: number,
): Float32Array {
  const rows = new Float32Array(values.length)
  const out = new Float32Array(values.length)
  const size = 2 * reach + 1
  for (let y = 0; y < height; y++) {
    let sum = 0
    for (let k = -reach; k <= reach; k++) sum += values[y * width + clampTo(k, width)]!
    for (let x = 0; x < width; x++) {
      rows[y * width + x] = sum / size
      sum += values[y * width + clampTo(x + reach + 1, width)]!
      sum -= values[y * width + clampTo(x - reach, width)]!
    }
  }
  for (let x = 0; x < width; x++) {
    let sum = 0
    for (let k = -reach; k <= reach; k++) sum += rows[clampTo(k, height) * width + x]!
    for (let y = 0; y < height; y++) {
      out[y * width + x] = sum / size
      sum += rows[clampTo(y + reach + 1, height) * width + x]!
      sum -= rows[clampTo(y - reach, height) * width + x]!
    }
  }
  return out
}

function clampTo(index: number, length: number): number {
  return index < 0 ? 0 : index >= length ? length - 1 : index
}
