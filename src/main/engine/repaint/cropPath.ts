import type { Box, Size } from '../vision/image.js'

/** A part of a picture in fractional pixels; its size is the same over a whole path. */
export type Rect = Box

/** Room around what is painted, as a share of its size: the network needs to see what is there. */
const SURROUNDINGS = 0.3
/** The path follows the mask no faster than this, in seconds: a shaking crop is a shaking world. */
const SMOOTHING_SECONDS = 0.5

/**
 * The part of each frame that the network is shown: as large over the whole path as the mask needs
 * at its largest, square where the frame has room for a square, and moving smoothly with the mask.
 *
 * @param boxes what is painted on each frame; null where nothing is
 * @param frame size of the picture
 * @param network size of the network's picture: a crop is never smaller, where the frame allows
 * @returns one rectangle per frame, inside the frame; null when nothing is painted anywhere
 */
export function cropPath(
  boxes: readonly (Box | null)[],
  frame: Size,
  network: Size,
  fps: number,
): Rect[] | null {
  const width = Math.max(...boxes.map((box) => box?.width ?? 0))
  const height = Math.max(...boxes.map((box) => box?.height ?? 0))
  if (width === 0 || height === 0) return null
  const side = Math.max(width, height) * (1 + 2 * SURROUNDINGS)
  const size = {
    width: Math.min(frame.width, Math.max(side, network.width)),
    height: Math.min(frame.height, Math.max(side, network.height)),
  }
  const radius = Math.round((SMOOTHING_SECONDS * fps) / 2)
  const path = (axis: 'x' | 'y', length: 'width' | 'height'): Float64Array =>
    follow(
      boxes.map((box) => (box === null ? null : { from: box[axis], length: box[length] })),
      size[length],
      frame[length],
      radius,
    )
  const xs = path('x', 'width')
  const ys = path('y', 'height')
  return boxes.map((_, n) => ({ x: xs[n]!, y: ys[n]!, ...size }))
}

/** Where the crop begins on one axis: near the painted part's middle, smooth, and around all of it. */
function follow(
  parts: readonly ({ readonly from: number; readonly length: number } | null)[],
  size: number,
  limit: number,
  radius: number,
): Float64Array {
  const middles = bridge(parts.map((part) => (part === null ? null : part.from + part.length / 2)))
  const smooth = blur(blur(middles, radius), radius)
  return smooth.map((middle, n) => {
    const part = parts[n] ?? null
    let from = middle - size / 2
    // Smoothed, the path lags behind a fast mask; what is painted must be in the picture.
    if (part !== null) from = Math.min(part.from, Math.max(part.from + part.length - size, from))
    return Math.min(limit - size, Math.max(0, from))
  })
}

/** Fills gaps between known values along straight lines, and holds the first and the last. */
function bridge(values: readonly (number | null)[]): Float64Array {
  const out = new Float64Array(values.length)
  let before = -1
  values.forEach((value, n) => {
    if (value === null) return
    for (let k = before + 1; k < n; k++) {
      const share = before < 0 ? 1 : (k - before) / (n - before)
      out[k] = before < 0 ? value : out[before]! * (1 - share) + value * share
    }
    out[n] = value
    before = n
  })
  for (let k = before + 1; k < out.length; k++) out[k] = out[before] ?? 0
  return out
}

/** Box blur that repeats the ends. */
function blur(values: Float64Array, radius: number): Float64Array {
  const last = values.length - 1
  return values.map((_, n) => {
    let sum = 0
    for (let k = n - radius; k <= n + radius; k++) sum += values[Math.min(last, Math.max(0, k))]!
    return sum / (2 * radius + 1)
  })
}

/** The rectangle between two, for a frame between the ones they belong to. */
export function betweenRects(a: Rect, b: Rect, share: number): Rect {
  const mix = (from: number, to: number): number => from + (to - from) * share
  return { x: mix(a.x, b.x), y: mix(a.y, b.y), width: a.width, height: a.height }
}

/**
 * Size at which the network works on a crop: its own for a square, longer on one side otherwise,
 * so that nothing is squeezed.
 */
export function canvasFor(crop: Size, network: Size): Size {
  const scale = Math.max(network.width / crop.width, network.height / crop.height)
  return {
    width: Math.max(network.width, Math.round(crop.width * scale)),
    height: Math.max(network.height, Math.round(crop.height * scale)),
  }
}
