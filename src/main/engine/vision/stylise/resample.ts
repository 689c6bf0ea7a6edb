import type { Picture, Size } from '../image.js'

/** Interleaved float channels, row by row. */
export interface Channels extends Size {
  readonly channels: number
  readonly data: Float32Array
}

/** For each place of the new side: the first old place that counts, and the weights from there. */
interface Taps {
  readonly first: Int32Array
  readonly weights: Float32Array
  readonly reach: number
}

/**
 * Scales by a triangle as wide as one new pixel or one old one, whichever is wider: averages when
 * it shrinks, interpolates linearly when it enlarges.
 */
export function resample(from: Channels, to: Size): Channels {
  const { channels } = from
  if (from.width === to.width && from.height === to.height) return from
  const across = tapsOf(from.width, to.width)
  const down = tapsOf(from.height, to.height)
  const rows = new Float32Array(to.width * from.height * channels)
  for (let y = 0; y < from.height; y++) {
    const base = y * from.width * channels
    let at = y * to.width * channels
    for (let x = 0; x < to.width; x++) {
      const start = base + across.first[x]! * channels
      const taps = x * across.reach
      for (let c = 0; c < channels; c++, at++) {
        let sum = 0
        for (let k = 0; k < across.reach; k++) {
          sum += across.weights[taps + k]! * from.data[start + k * channels + c]!
        }
        rows[at] = sum
      }
    }
  }
  const stride = to.width * channels
  const data = new Float32Array(stride * to.height)
  for (let y = 0; y < to.height; y++) {
    const at = y * stride
    for (let k = 0; k < down.reach; k++) {
      const weight = down.weights[y * down.reach + k]!
      if (weight === 0) continue
      const row = (down.first[y]! + k) * stride
      for (let i = 0; i < stride; i++) data[at + i] = data[at + i]! + weight * rows[row + i]!
    }
  }
  return { ...to, channels, data }
}

function tapsOf(from: number, to: number): Taps {
  const scale = from / to
  const radius = Math.max(1, scale)
  const reach = Math.min(from, Math.ceil(radius * 2) + 1)
  const first = new Int32Array(to)
  const weights = new Float32Array(to * reach)
  for (let n = 0; n < to; n++) {
    const centre = (n + 0.5) * scale - 0.5
    const start = Math.min(from - reach, Math.max(0, Math.ceil(centre - radius)))
    first[n] = start
    let total = 0
    for (let k = 0; k < reach; k++) {
      const weight = Math.max(0, 1 - Math.abs(start + k - centre) / radius)
      weights[n * reach + k] = weight
      total += weight
    }
    // Beyond the border the last pixel goes on.
    if (total === 0) weights[n * reach + (centre < start ? 0 : reach - 1)] = total = 1
    for (let k = 0; k < reach; k++) weights[n * reach + k] = weights[n * reach + k]! / total
  }
  return { first, weights, reach }
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
