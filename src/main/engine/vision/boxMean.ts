import type { Size } from './image.js'

/** Kept from call to call: large buffers that come and go cost more than the sums. */
let scratch = new Float32Array(0)

/**
 * Mean over a square of cells that reaches so far to all sides, by running sums; the border goes on.
 *
 * @param out where to write it; may be `values` themselves
 */
export function boxMean(
  values: Float32Array,
  { width, height }: Size,
  reach: number,
  out: Float32Array = new Float32Array(values.length),
): Float32Array {
  if (scratch.length < values.length) scratch = new Float32Array(values.length)
  const rows = scratch
  const size = 2 * reach + 1
  let y = 0
  for (; y < height - 3; y += 4) fourRows(values, rows, y * width, width, reach)
  for (; y < height; y++) oneRow(values, rows, y * width, width, reach)
  // All columns at once, row by row: down one column after the other, memory would be jumped through.
  const sums = new Float64Array(width)
  for (let k = -reach; k <= reach; k++) {
    const base = clampTo(k, height) * width
    for (let x = 0; x < width; x++) sums[x] = sums[x]! + rows[base + x]!
  }
  for (let y = 0; y < height; y++) {
    const base = y * width
    const enters = clampTo(y + reach + 1, height) * width
    const leaves = clampTo(y - reach, height) * width
    for (let x = 0; x < width; x++) {
      const sum = sums[x]!
      out[base + x] = sum / size
      sums[x] = sum + rows[enters + x]! - rows[leaves + x]!
    }
  }
  return out
}

function oneRow(
  values: Float32Array,
  out: Float32Array,
  base: number,
  width: number,
  reach: number,
): void {
  const size = 2 * reach + 1
  let sum = 0
  for (let k = -reach; k <= reach; k++) sum += values[base + clampTo(k, width)]!
  for (let x = 0; x < width; x++) {
    out[base + x] = sum / size
    sum += values[base + (x + reach + 1 < width ? x + reach + 1 : width - 1)]!
    sum -= values[base + (x > reach ? x - reach : 0)]!
  }
}

/** The same for four rows: each sum waits for itself, and while one waits the others go on. */
function fourRows(
  values: Float32Array,
  out: Float32Array,
  first: number,
  width: number,
  reach: number,
): void {
  const size = 2 * reach + 1
  const [second, third, fourth] = [first + width, first + 2 * width, first + 3 * width]
  let [a, b, c, d] = [0, 0, 0, 0]
  for (let k = -reach; k <= reach; k++) {
    const x = clampTo(k, width)
    a += values[first + x]!
    b += values[second + x]!
    c += values[third + x]!
    d += values[fourth + x]!
  }
  for (let x = 0; x < width; x++) {
    out[first + x] = a / size
    out[second + x] = b / size
    out[third + x] = c / size
    out[fourth + x] = d / size
    const enters = x + reach + 1 < width ? x + reach + 1 : width - 1
    const leaves = x > reach ? x - reach : 0
    a = a + values[first + enters]! - values[first + leaves]!
    b = b + values[second + enters]! - values[second + leaves]!
    c = c + values[third + enters]! - values[third + leaves]!
    d = d + values[fourth + enters]! - values[fourth + leaves]!
  }
}

function clampTo(index: number, length: number): number {
  return index < 0 ? 0 : index >= length ? length - 1 : index
}
