import type { Plane, Size } from './image.js'

const WEIGHTS = new Float64Array(8)

/** Catmull-Rom weights (Keys 1981, a = -1/2) for the four taps around a fraction 0..1. */
function taps(fraction: number, at: number): void {
  const t = fraction
  WEIGHTS[at] = ((2 - t) * t - 1) * t * 0.5
  WEIGHTS[at + 1] = ((3 * t - 5) * t * t + 2) * 0.5
  WEIGHTS[at + 2] = ((4 - 3 * t) * t + 1) * t * 0.5
  WEIGHTS[at + 3] = (t - 1) * t * t * 0.5
}

/**
 * Bicubic sample of RGB at pixel-centre coordinates (0, 0 = centre of the first pixel).
 * Coordinates are held inside the frame. Writes three floats, not clamped to 0..255.
 */
export function bicubic(
  picture: Size & { readonly data: Uint8Array | Float32Array },
  x: number,
  y: number,
  out: Float32Array,
  at: number,
): void {
  const { width, height, data } = picture
  const px = x < 0 ? 0 : x > width - 1 ? width - 1 : x
  const py = y < 0 ? 0 : y > height - 1 ? height - 1 : y
  const ix = Math.floor(px)
  const iy = Math.floor(py)
  const fx = px - ix
  const fy = py - iy
  if (fx === 0 && fy === 0) {
    const from = (iy * width + ix) * 3
    out[at] = data[from]!
    out[at + 1] = data[from + 1]!
    out[at + 2] = data[from + 2]!
    return
  }
  taps(fx, 0)
  taps(fy, 4)
  const c0 = (ix > 0 ? ix - 1 : 0) * 3
  const c1 = ix * 3
  const c2 = (ix < width - 1 ? ix + 1 : ix) * 3
  const c3 = (ix < width - 2 ? ix + 2 : width - 1) * 3
  const wx0 = WEIGHTS[0]!
  const wx1 = WEIGHTS[1]!
  const wx2 = WEIGHTS[2]!
  const wx3 = WEIGHTS[3]!
  let red = 0
  let green = 0
  let blue = 0
  for (let tap = 0; tap < 4; tap++) {
    const wanted = iy + tap - 1
    const row = (wanted < 0 ? 0 : wanted >= height ? height - 1 : wanted) * width * 3
    const wy = WEIGHTS[4 + tap]!
    const a = row + c0
    const b = row + c1
    const c = row + c2
    const d = row + c3
    red += wy * (wx0 * data[a]! + wx1 * data[b]! + wx2 * data[c]! + wx3 * data[d]!)
    green +=
      wy * (wx0 * data[a + 1]! + wx1 * data[b + 1]! + wx2 * data[c + 1]! + wx3 * data[d + 1]!)
    blue += wy * (wx0 * data[a + 2]! + wx1 * data[b + 2]! + wx2 * data[c + 2]! + wx3 * data[d + 2]!)
  }
  out[at] = red
  out[at + 1] = green
  out[at + 2] = blue
}

/**
 * Catmull-Rom sample of interleaved channels; coordinates are held inside. Writes `channels` floats
 * to the beginning of `out`, not clamped.
 */
export function bicubicChannels(
  { width, height, data }: Size & { readonly data: Uint8Array | Float32Array },
  channels: number,
  x: number,
  y: number,
  out: Float32Array,
): void {
  const px = x < 0 ? 0 : x > width - 1 ? width - 1 : x
  const py = y < 0 ? 0 : y > height - 1 ? height - 1 : y
  const ix = Math.floor(px)
  const iy = Math.floor(py)
  if (px === ix && py === iy) {
    const from = (iy * width + ix) * channels
    for (let c = 0; c < channels; c++) out[c] = data[from + c]!
    return
  }
  taps(px - ix, 0)
  taps(py - iy, 4)
  const x0 = WEIGHTS[0]!
  const x1 = WEIGHTS[1]!
  const x2 = WEIGHTS[2]!
  const x3 = WEIGHTS[3]!
  const y0 = WEIGHTS[4]!
  const y1 = WEIGHTS[5]!
  const y2 = WEIGHTS[6]!
  const y3 = WEIGHTS[7]!
  const left = ix > 0 ? -channels : 0
  const right = ix < width - 1 ? channels : 0
  const farther = ix < width - 2 ? 2 * channels : right
  const row = width * channels
  const second = iy * row + ix * channels
  const first = iy > 0 ? second - row : second
  const third = iy < height - 1 ? second + row : second
  const fourth = iy < height - 2 ? third + row : third
  for (
    let c = 0, p = first, q = second, r = third, s = fourth;
    c < channels;
    c++, p++, q++, r++, s++
  ) {
    // Rounded from row to row, as in a list of floats.
    let sum = Math.fround(
      y0 * x0 * data[p + left]! +
        y0 * x1 * data[p]! +
        y0 * x2 * data[p + right]! +
        y0 * x3 * data[p + farther]!,
    )
    sum = Math.fround(
      sum +
        (y1 * x0 * data[q + left]! +
          y1 * x1 * data[q]! +
          y1 * x2 * data[q + right]! +
          y1 * x3 * data[q + farther]!),
    )
    sum = Math.fround(
      sum +
        (y2 * x0 * data[r + left]! +
          y2 * x1 * data[r]! +
          y2 * x2 * data[r + right]! +
          y2 * x3 * data[r + farther]!),
    )
    out[c] =
      sum +
      (y3 * x0 * data[s + left]! +
        y3 * x1 * data[s]! +
        y3 * x2 * data[s + right]! +
        y3 * x3 * data[s + farther]!)
  }
}

/**
 * Moves `weight` of the way from what is in `out` at `at` to the Catmull-Rom sample of interleaved
 * channels; coordinates are held inside. For fields that are read a place at a time, all channels of
 * it in one go.
 */
export function bicubicMix(
  from: Size & { readonly channels: number; readonly data: Float32Array },
  x: number,
  y: number,
  weight: number,
  out: Float32Array,
  at: number,
): void {
  const { width, height, channels, data } = from
  const px = x < 0 ? 0 : x > width - 1 ? width - 1 : x
  const py = y < 0 ? 0 : y > height - 1 ? height - 1 : y
  const ix = Math.floor(px)
  const iy = Math.floor(py)
  const t = px - ix
  const u = py - iy
  const x0 = ((2 - t) * t - 1) * t * 0.5
  const x1 = ((3 * t - 5) * t * t + 2) * 0.5
  const x2 = ((4 - 3 * t) * t + 1) * t * 0.5
  const x3 = (t - 1) * t * t * 0.5
  const y0 = ((2 - u) * u - 1) * u * 0.5
  const y1 = ((3 * u - 5) * u * u + 2) * 0.5
  const y2 = ((4 - 3 * u) * u + 1) * u * 0.5
  const y3 = (u - 1) * u * u * 0.5
  const left = ix > 0 ? -channels : 0
  const right = ix < width - 1 ? channels : 0
  const farther = ix < width - 2 ? 2 * channels : right
  const row = width * channels
  const b = iy * row + ix * channels
  const a = iy > 0 ? b - row : b
  const c = iy < height - 1 ? b + row : b
  const d = iy < height - 2 ? c + row : c
  for (let n = 0, p = a, q = b, r = c, s = d; n < channels; n++, p++, q++, r++, s++) {
    const sample =
      y0 *
        (x0 * data[p + left]! + x1 * data[p]! + x2 * data[p + right]! + x3 * data[p + farther]!) +
      y1 *
        (x0 * data[q + left]! + x1 * data[q]! + x2 * data[q + right]! + x3 * data[q + farther]!) +
      y2 *
        (x0 * data[r + left]! + x1 * data[r]! + x2 * data[r + right]! + x3 * data[r + farther]!) +
      y3 * (x0 * data[s + left]! + x1 * data[s]! + x2 * data[s + right]! + x3 * data[s + farther]!)
    out[at + n] = out[at + n]! + weight * (sample - out[at + n]!)
  }
}

/** Bilinear sample of a plane; coordinates are held inside. */
export function bilinear(plane: Plane, x: number, y: number): number {
  const { width, height, data } = plane
  const px = x < 0 ? 0 : x > width - 1 ? width - 1 : x
  const py = y < 0 ? 0 : y > height - 1 ? height - 1 : y
  const ix = Math.floor(px)
  const iy = Math.floor(py)
  const fx = px - ix
  const fy = py - iy
  const right = ix < width - 1 ? 1 : 0
  const below = iy < height - 1 ? width : 0
  const at = iy * width + ix
  const top = data[at]! + fx * (data[at + right]! - data[at]!)
  const bottom = data[at + below]! + fx * (data[at + below + right]! - data[at + below]!)
  return top + fy * (bottom - top)
}
