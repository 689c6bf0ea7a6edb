import { mapX, mapY, type Homography } from '../homography.js'
import type { RegistrationLevel } from './level.js'

const MAX_POINTS = 4000

/** Points that a fit looks at: where they are, their level, and its slope. */
export interface Points {
  readonly count: number
  readonly x: Int32Array
  readonly y: Int32Array
  readonly value: Float32Array
  readonly gx: Float32Array
  readonly gy: Float32Array
}

const picked = new WeakMap<RegistrationLevel, Points>()

/** Known points with some texture, thinned to a bounded number by a regular grid; found once. */
export function pickPoints(level: RegistrationLevel): Points {
  const points = picked.get(level) ?? choosePoints(level)
  picked.set(level, points)
  return points
}

function choosePoints({ image, known }: RegistrationLevel): Points {
  const { width, height, data } = image
  const step = Math.max(1, Math.floor(Math.sqrt((width * height) / MAX_POINTS)))
  const most = (Math.ceil(width / step) + 1) * (Math.ceil(height / step) + 1)
  const points = {
    count: 0,
    x: new Int32Array(most),
    y: new Int32Array(most),
    value: new Float32Array(most),
    gx: new Float32Array(most),
    gy: new Float32Array(most),
  }
  for (let y = 2; y < height - 2; y += step) {
    // Every other row is shifted so that a grid in the picture does not fall between the points.
    for (let x = 2 + ((y / step) & 1) * (step >> 1); x < width - 2; x += step) {
      const i = y * width + x
      if (known[i] === 0) continue
      const gx = (data[i + 1]! - data[i - 1]!) / 2
      const gy = (data[i + width]! - data[i - width]!) / 2
      if (gx * gx + gy * gy < 1) continue
      const n = points.count++
      points.x[n] = x
      points.y[n] = y
      points.value[n] = data[i]!
      points.gx[n] = gx
      points.gy[n] = gy
    }
  }
  const { count } = points
  return {
    count,
    x: points.x.slice(0, count),
    y: points.y.slice(0, count),
    value: points.value.slice(0, count),
    gx: points.gx.slice(0, count),
    gy: points.gy.slice(0, count),
  }
}

/** Reads the second picture where a point lands; NaN when that is outside or in its hole. */
export function landing(b: RegistrationLevel, h: Homography, x: number, y: number): number {
  const qx = mapX(h, x, y)
  const qy = mapY(h, x, y)
  const { width, height, data } = b.image
  if (!(qx >= 0 && qy >= 0 && qx < width - 1 && qy < height - 1)) return Number.NaN
  const ix = qx | 0
  const iy = qy | 0
  const at = iy * width + ix
  if (b.known[at] === 0 || b.known[at + 1] === 0 || b.known[at + width] === 0) return Number.NaN
  const fx = qx - ix
  const fy = qy - iy
  const upper = data[at]! + fx * (data[at + 1]! - data[at]!)
  const lower = data[at + width]! + fx * (data[at + width + 1]! - data[at + width]!)
  return upper + fy * (lower - upper)
}
