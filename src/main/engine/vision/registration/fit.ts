import { compose, mapX, mapY, type Homography } from '../homography.js'
import type { RegistrationLevel } from './level.js'
import { landing, type Points } from './points.js'

/** What a fit may change of its first guess: only its translation, or everything. */
export type Freedom = 'shift' | 'full'

const UNKNOWNS = 10

/** What one step of the fit leads to. */
export interface Step {
  readonly h: Homography
  readonly gain: number
  readonly offset: number
  /** Largest corner movement of this step, in cells. */
  readonly shift: number
}

/**
 * One step of robust Gauss-Newton over eight motion parameters, gain and offset.
 *
 * @returns null when too few points are seen in both, or nothing pins the motion down
 */
export function solveStep(
  a: RegistrationLevel,
  b: RegistrationLevel,
  points: Points,
  h: Homography,
  gain: number,
  offset: number,
  freedom: Freedom,
): Step | null {
  const { width, height } = a.image
  const centreX = (width - 1) / 2
  const centreY = (height - 1) / 2
  const scale = Math.max(centreX, centreY, 1)
  const values = new Float32Array(points.count)
  const residuals = new Float32Array(points.count)
  const histogram = new Uint32Array(512)
  let valid = 0
  for (let n = 0; n < points.count; n++) {
    const value = landing(b, h, points.x[n]!, points.y[n]!)
    values[n] = value
    if (Number.isNaN(value)) continue
    const r = gain * value + offset - points.value[n]!
    residuals[n] = r
    const bin = Math.min(511, Math.abs(r) * 2) | 0
    histogram[bin] = histogram[bin]! + 1
    valid++
  }
  if (valid < 24) return null
  const spread = Math.max(1.5, 1.4826 * medianOf(histogram, valid))
  const limit = (2.2 * spread) ** 2

  const normal = new Float64Array(UNKNOWNS * UNKNOWNS)
  const right = new Float64Array(UNKNOWNS)
  const row = new Float64Array(UNKNOWNS)
  for (let n = 0; n < points.count; n++) {
    const value = values[n]!
    if (Number.isNaN(value)) continue
    const r = residuals[n]!
    const weight = (limit / (limit + r * r)) ** 2
    const x = (points.x[n]! - centreX) / scale
    const y = (points.y[n]! - centreY) / scale
    const gx = points.gx[n]! * scale
    const gy = points.gy[n]! * scale
    const radial = gx * x + gy * y
    row[0] = gx * x
    row[1] = gx * y
    row[2] = gx
    row[3] = gy * x
    row[4] = gy * y
    row[5] = gy
    row[6] = -radial * x
    row[7] = -radial * y
    row[8] = value
    row[9] = 64
    for (let i = 0; i < UNKNOWNS; i++) {
      const wi = weight * row[i]!
      right[i] = right[i]! - wi * r
      for (let j = i; j < UNKNOWNS; j++) {
        normal[i * UNKNOWNS + j] = normal[i * UNKNOWNS + j]! + wi * row[j]!
      }
    }
  }
  for (let i = 0; i < UNKNOWNS; i++) {
    // A little damping keeps directions that nothing in the picture pins down at rest.
    normal[i * UNKNOWNS + i] = normal[i * UNKNOWNS + i]! * (1 + 1e-6) + (i < 6 ? 1e3 : 1e4)
    // Translation, gain and offset are what a shift leaves free.
    if (freedom === 'shift' && i !== 2 && i !== 5 && i < 8) normal[i * UNKNOWNS + i] = 1e15
    for (let j = 0; j < i; j++) normal[i * UNKNOWNS + j] = normal[j * UNKNOWNS + i]!
  }
  const delta = cholesky(normal, right)
  if (delta === null) return null
  const local: Homography = [
    1 + delta[0]!,
    delta[1]!,
    delta[2]!,
    delta[3]!,
    1 + delta[4]!,
    delta[5]!,
    delta[6]!,
    delta[7]!,
    1,
  ]
  const into: Homography = [1 / scale, 0, -centreX / scale, 0, 1 / scale, -centreY / scale, 0, 0, 1]
  const outOf: Homography = [scale, 0, centreX, 0, scale, centreY, 0, 0, 1]
  const moved = compose(compose(outOf, local), into)
  let shift = 0
  for (const [x, y] of [
    [0, 0],
    [width - 1, height - 1],
  ] as const) {
    shift = Math.max(shift, Math.hypot(mapX(moved, x, y) - x, mapY(moved, x, y) - y))
  }
  if (!(shift < width)) return null
  return {
    h: compose(h, moved),
    gain: Math.min(3, Math.max(0.33, gain + delta[8]!)),
    offset: offset + delta[9]! * 64,
    shift,
  }
}

function medianOf(histogram: Uint32Array, count: number): number {
  let sum = 0
  for (let bin = 0; bin < histogram.length; bin++) {
    sum += histogram[bin]!
    if (sum * 2 >= count) return (bin + 0.5) / 2
  }
  return 256
}

/** Solves the symmetric positive definite system in place; null when it is singular. */
function cholesky(matrix: Float64Array, right: Float64Array): Float64Array | null {
  const n = right.length
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j]!
      for (let k = 0; k < j; k++) sum -= matrix[i * n + k]! * matrix[j * n + k]!
      if (i === j) {
        if (!(sum > 0)) return null
        matrix[i * n + i] = Math.sqrt(sum)
      } else matrix[i * n + j] = sum / matrix[j * n + j]!
    }
  }
  for (let i = 0; i < n; i++) {
    let sum = right[i]!
    for (let k = 0; k < i; k++) sum -= matrix[i * n + k]! * right[k]!
    right[i] = sum / matrix[i * n + i]!
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = right[i]!
    for (let k = i + 1; k < n; k++) sum -= matrix[k * n + i]! * right[k]!
    right[i] = sum / matrix[i * n + i]!
  }
  return right
}
