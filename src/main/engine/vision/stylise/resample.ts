import type { Picture, Size } from '../image.js'

/** Interleaved float channels, row by row. */
export interface Channels extends Size {
  readonly channels: number
  readonly data: Float32Array
}

/** For each place of the new side: the first old place that counts, how many do, and their weights. */
interface Taps {
  readonly first: Int32Array
  readonly counts: Int32Array
  readonly weights: Float32Array
  /** Weights kept for a place. */
  readonly reach: number
}

/** Kept from call to call: large buffers that come and go cost more than the sums. */
let scratch = new Float32Array(0)

/**
 * Scales by a triangle as wide as one new pixel or one old one, whichever is wider: averages when
 * it shrinks, interpolates linearly when it enlarges.
 */
export function resample(from: Channels, to: Size): Channels {
  if (from.width === to.width && from.height === to.height) return from
  const stride = to.width * from.channels
  const data = new Float32Array(stride * to.height)
  const rows = resampleRows(from, to.width)
  const taps = tapsOf(from.height, to.height)
  for (let y = 0; y < to.height; y++) resampleColumn(rows, taps, y, data, y * stride, stride)
  return { ...to, channels: from.channels, data }
}

/**
 * The same, row after row in one buffer that is used again: what is looked at once needs no large
 * picture of its own.
 *
 * @param use must not resample: rows that are still to come would be lost
 */
export function eachRow(
  from: Channels,
  to: Size,
  use: (row: Float32Array, y: number) => void,
): void {
  const stride = to.width * from.channels
  const row = new Float32Array(stride)
  const isAsLarge = from.width === to.width && from.height === to.height
  const rows = isAsLarge ? from.data : resampleRows(from, to.width)
  const taps = tapsOf(from.height, to.height)
  for (let y = 0; y < to.height; y++) {
    resampleColumn(rows, taps, y, row, 0, stride)
    use(row, y)
  }
}

/** Each row at its new width, in {@link scratch}. */
function resampleRows({ width, height, channels, data }: Channels, to: number): Float32Array {
  if (to === width) return data
  const { first, counts, weights, reach } = tapsOf(width, to)
  if (scratch.length < to * height * channels) scratch = new Float32Array(to * height * channels)
  const rows = scratch
  for (let y = 0; y < height; y++) {
    const base = y * width * channels
    let at = y * to * channels
    for (let x = 0; x < to; x++) {
      const start = base + first[x]! * channels
      const taps = x * reach
      const count = counts[x]!
      if (count === 2) {
        const near = weights[taps]!
        const far = weights[taps + 1]!
        for (let from = start; from < start + channels; from++, at++) {
          rows[at] = near * data[from]! + far * data[from + channels]!
        }
        continue
      }
      for (let c = 0; c < channels; c++, at++) {
        let sum = 0
        for (let k = 0, from = start + c; k < count; k++, from += channels) {
          sum += weights[taps + k]! * data[from]!
        }
        rows[at] = sum
      }
    }
  }
  return rows
}

/** One new row of old ones, `stride` values long, into `out` from `at` on. */
function resampleColumn(
  rows: Float32Array,
  { first, counts, weights, reach }: Taps,
  y: number,
  out: Float32Array,
  at: number,
  stride: number,
): void {
  const top = first[y]! * stride
  const taps = y * reach
  const count = counts[y]!
  const near = weights[taps]!
  if (count === 1) {
    for (let i = 0; i < stride; i++) out[at + i] = near * rows[top + i]!
    return
  }
  const far = weights[taps + 1]!
  for (let i = 0; i < stride; i++) {
    out[at + i] = near * rows[top + i]! + far * rows[top + stride + i]!
  }
  for (let k = 2; k < count; k++) {
    const weight = weights[taps + k]!
    const row = top + k * stride
    for (let i = 0; i < stride; i++) out[at + i] = out[at + i]! + weight * rows[row + i]!
  }
}

function tapsOf(from: number, to: number): Taps {
  const scale = from / to
  const radius = Math.max(1, scale)
  const reach = Math.min(from, Math.ceil(radius * 2) + 1)
  const first = new Int32Array(to)
  const counts = new Int32Array(to)
  const weights = new Float32Array(to * reach)
  for (let n = 0; n < to; n++) {
    const centre = (n + 0.5) * scale - 0.5
    const start = Math.min(from - reach, Math.max(0, Math.ceil(centre - radius)))
    let total = 0
    let count = 0
    first[n] = start
    for (let k = 0; k < reach; k++) {
      const weight = Math.max(0, 1 - Math.abs(start + k - centre) / radius)
      if (weight === 0 && count === 0) continue
      if (count === 0) first[n] = start + k
      weights[n * reach + count] = weight
      count++
      total += weight
    }
    while (count > 0 && weights[n * reach + count - 1] === 0) count--
    // Beyond the border the last pixel goes on.
    if (count === 0) {
      first[n] = centre < start ? start : start + reach - 1
      weights[n * reach] = total = 1
      count = 1
    }
    counts[n] = count
    for (let k = 0; k < count; k++) weights[n * reach + k] = weights[n * reach + k]! / total
  }
  return { first, counts, weights, reach }
}

/** An RGB picture at another size. */
export function resizePicture(picture: Picture, to: Size): Picture {
  if (picture.width === to.width && picture.height === to.height) return picture
  const { width, height } = picture
  // The array rounds and clamps.
  const data = new Uint8ClampedArray(to.width * to.height * 3)
  const from = { width, height, channels: 3, data: new Float32Array(picture.data) }
  eachRow(from, to, (row, y) => data.set(row, y * to.width * 3))
  return { width: to.width, height: to.height, data: new Uint8Array(data.buffer) }
}
