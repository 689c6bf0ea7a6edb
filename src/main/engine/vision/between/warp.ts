import { channelsOf } from './raster.js'
import type { Channel, RasterFormat } from './raster.js'
import type { MidMotion } from './midMotion.js'

/**
 * Draws the picture at instant `t` from the frames around it: every sample is read in both at full
 * resolution where the motion says it was and will be.
 */
export function warpBetween(
  a: Uint8Array,
  b: Uint8Array,
  format: RasterFormat,
  mid: MidMotion,
  t: number,
  factor: number,
): Uint8Array {
  const out = new Uint8Array(a.length)
  for (const channel of channelsOf(format)) warpChannel(out, a, b, channel, mid, t, factor)
  return out
}

function warpChannel(
  out: Uint8Array,
  a: Uint8Array,
  b: Uint8Array,
  channel: Channel,
  mid: MidMotion,
  t: number,
  factor: number,
): void {
  const { width, height, offset, step, scale } = channel
  const cellX = 1 / (scale.x * factor)
  const cellY = 1 / (scale.y * factor)
  const moveX = factor * scale.x
  const moveY = factor * scale.y
  const { motion, earlier, belief } = mid
  for (let y = 0; y < height; y++) {
    const gy = clamp((y + 0.5) * cellY - 0.5, mid.height - 1)
    const iy = Math.min(mid.height - 2, Math.floor(gy))
    const fy = gy - iy
    for (let x = 0; x < width; x++) {
      const gx = clamp((x + 0.5) * cellX - 0.5, mid.width - 1)
      const ix = Math.min(mid.width - 2, Math.floor(gx))
      const fx = gx - ix
      const c = iy * mid.width + ix
      const d = c + mid.width
      const w00 = (1 - fx) * (1 - fy)
      const w10 = fx * (1 - fy)
      const w01 = (1 - fx) * fy
      const w11 = fx * fy
      const dx =
        (w00 * motion[c * 2]! +
          w10 * motion[c * 2 + 2]! +
          w01 * motion[d * 2]! +
          w11 * motion[d * 2 + 2]!) *
        moveX
      const dy =
        (w00 * motion[c * 2 + 1]! +
          w10 * motion[c * 2 + 3]! +
          w01 * motion[d * 2 + 1]! +
          w11 * motion[d * 2 + 3]!) *
        moveY
      const share =
        w00 * earlier[c]! + w10 * earlier[c + 1]! + w01 * earlier[d]! + w11 * earlier[d + 1]!
      const before = cubic(a, channel, x - t * dx, y - t * dy)
      const after = cubic(b, channel, x + (1 - t) * dx, y + (1 - t) * dy)
      let value = share * before + (1 - share) * after + 0.5
      const believed =
        w00 * belief[c]! + w10 * belief[c + 1]! + w01 * belief[d]! + w11 * belief[d + 1]!
      if (believed < 1) {
        const at = offset + (y * width + x) * step
        value = believed * value + (1 - believed) * ((1 - t) * a[at]! + t * b[at]! + 0.5)
      }
      out[offset + (y * width + x) * step] = value < 0 ? 0 : value > 255 ? 255 : value
    }
  }
}

function clamp(value: number, limit: number): number {
  return value < 0 ? 0 : value > limit ? limit : value
}

/** Catmull-Rom sample of one channel; coordinates are held inside the frame. */
function cubic(data: Uint8Array, channel: Channel, x: number, y: number): number {
  const { width, height, offset, step } = channel
  const px = x < 0 ? 0 : x > width - 1 ? width - 1 : x
  const py = y < 0 ? 0 : y > height - 1 ? height - 1 : y
  const ix = Math.floor(px)
  const iy = Math.floor(py)
  const s = px - ix
  const u = py - iy
  if (s === 0 && u === 0) return data[offset + (iy * width + ix) * step]!
  const x0 = (ix > 0 ? ix - 1 : 0) * step
  const x1 = ix * step
  const x2 = (ix < width - 1 ? ix + 1 : ix) * step
  const x3 = (ix < width - 2 ? ix + 2 : width - 1) * step
  const sx0 = ((2 - s) * s - 1) * s * 0.5
  const sx1 = ((3 * s - 5) * s * s + 2) * 0.5
  const sx2 = ((4 - 3 * s) * s + 1) * s * 0.5
  const sx3 = (s - 1) * s * s * 0.5
  let sum = 0
  for (let tap = 0; tap < 4; tap++) {
    const wanted = iy + tap - 1
    const row = offset + (wanted < 0 ? 0 : wanted >= height ? height - 1 : wanted) * width * step
    const wy =
      tap === 0
        ? ((2 - u) * u - 1) * u * 0.5
        : tap === 1
          ? ((3 * u - 5) * u * u + 2) * 0.5
          : tap === 2
            ? ((4 - 3 * u) * u + 1) * u * 0.5
            : (u - 1) * u * u * 0.5
    sum +=
      wy *
      (sx0 * data[row + x0]! +
        sx1 * data[row + x1]! +
        sx2 * data[row + x2]! +
        sx3 * data[row + x3]!)
  }
  return sum
}
