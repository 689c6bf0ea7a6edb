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

/**
 * Scales by a triangle as wide as one new pixel or one old one, whichever is wider: averages when
 * it shrinks, interpolates linearly when it enlarges.
 */
export function resample(from: Channels, to: Size): Channels {
  if (from.width === to.width && from.height === to.height) return from
  const rows = resampleRows(from, to.width)
  return { ...to, channels: from.channels, data: resampleColumns(rows, from, to) }
}

function resampleRows({ width, height, channels, data }: Channels, to: number): Float32Array {
  const { first, counts, weights, reach } = tapsOf(width, to)
  const rows = new Float32Array(to * height * channels)
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

function resampleColumns(rows: Float32Array, from: Channels, to: Size): Float32Array {
  const { first, counts, weights, reach } = tapsOf(from.height, to.height)
  const stride = to.width * from.channels
  const data = new Float32Array(stride * to.height)
  for (let y = 0; y < to.height; y++) {
    const at = y * stride
    const top = first[y]! * stride
    if (counts[y] === 2) {
      const near = weights[y * reach]!
      const far = weights[y * reach + 1]!
      for (let i = 0; i < stride; i++) {
        data[at + i] = near * rows[top + i]! + far * rows[top + stride + i]!
      }
      continue
    }
    for (let k = 0; k < counts[y]!; k++) {
      const weight = weights[y * reach + k]!
      const row = top + k * stride
      for (let i = 0; i < stride; i++) data[at + i] = data[at + i]! + weight * rows[row + i]!
    }
  }
  return data
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
  const { data } = resample(
    { width, height, channels: 3, data: Float32Array.from(picture.data) },
    to,
  )
  // The array rounds and clamps.
  return {
    width: to.width,
    height: to.height,
    data: new Uint8Array(new Uint8ClampedArray(data).buffer),
  }
}
