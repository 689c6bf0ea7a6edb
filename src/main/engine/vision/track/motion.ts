import type { PointMotion } from './points.js'

/** x' = a x + b y + c, y' = d x + e y + f. */
export type Affine = readonly [number, number, number, number, number, number]

export const STILL: Affine = [1, 0, 0, 0, 1, 0]

export interface RegionMotion {
  readonly affine: Affine
  /** Share 0..1 of the points asked for that agree with the motion. */
  readonly agreement: number
  /** Points that lead there and back, and how far each lies from where the affine map puts it. */
  readonly points: Float32Array
  readonly rest: Float32Array
}

/** Below this many points a rotation or a scale would be made of noise. */
const FEW = 5

/**
 * The similarity that most points agree on (RANSAC, Fischler & Bolles 1981), then the affine map
 * that fits them best, held near the similarity. Null when nothing can be said.
 *
 * @param reach size of the region in cells: how much points may disagree grows with it
 */
export function fitMotion(
  { from, to, asked }: PointMotion,
  reach: number,
  random: () => number,
): RegionMotion | null {
  const count = from.length >> 1
  if (count === 0) return null
  const limit = Math.max(1.2, 0.035 * reach)
  let best: Affine | null = null
  let most = -1
  for (let round = 0; round < 120; round++) {
    const i = Math.floor(random() * count)
    const j = Math.floor(random() * count)
    const guess = count < FEW || i === j ? shift(from, to, i) : similarity(from, to, i, j)
    if (guess === null) continue
    let score = 0
    for (let k = 0; k < count; k++) {
      const d = distance(guess, from, to, k)
      if (d < limit) score += 1 - (d / limit) ** 2
    }
    if (score > most) {
      most = score
      best = guess
    }
  }
  if (best === null) return null
  const inliers: number[] = []
  for (let k = 0; k < count; k++) if (distance(best, from, to, k) < limit) inliers.push(k)
  if (inliers.length < 1) return null
  const affine = inliers.length < FEW ? best : refine(best, from, to, inliers)
  // What moves on its own is a limb, what moves far on its own is a mistake.
  const kept: number[] = []
  for (let k = 0; k < count; k++) {
    if (distance(affine, from, to, k) < 4 * limit) kept.push(k)
  }
  return {
    affine,
    agreement: inliers.length / Math.max(1, asked),
    points: Float32Array.from(kept.flatMap((k) => [from[k * 2]!, from[k * 2 + 1]!])),
    rest: Float32Array.from(
      kept.flatMap((k) => [
        to[k * 2]! - mapX(affine, from[k * 2]!, from[k * 2 + 1]!),
        to[k * 2 + 1]! - mapY(affine, from[k * 2]!, from[k * 2 + 1]!),
      ]),
    ),
  }
}

export function mapX(m: Affine, x: number, y: number): number {
  return m[0] * x + m[1] * y + m[2]
}

export function mapY(m: Affine, x: number, y: number): number {
  return m[3] * x + m[4] * y + m[5]
}

/** `a` after `b`. */
export function chain(a: Affine, b: Affine): Affine {
  return [
    a[0] * b[0] + a[1] * b[3],
    a[0] * b[1] + a[1] * b[4],
    a[0] * b[2] + a[1] * b[5] + a[2],
    a[3] * b[0] + a[4] * b[3],
    a[3] * b[1] + a[4] * b[4],
    a[3] * b[2] + a[4] * b[5] + a[5],
  ]
}

/** By how much the map enlarges areas. */
export function growth(m: Affine): number {
  return Math.max(1e-6, Math.abs(m[0] * m[4] - m[1] * m[3]))
}

export function inverse(m: Affine): Affine {
  const det = m[0] * m[4] - m[1] * m[3]
  if (Math.abs(det) < 1e-6) return STILL
  const a = m[4] / det
  const b = -m[1] / det
  const d = -m[3] / det
  const e = m[0] / det
  return [a, b, -a * m[2] - b * m[5], d, e, -d * m[2] - e * m[5]]
}

function distance(m: Affine, from: Float32Array, to: Float32Array, k: number): number {
  const x = from[k * 2]!
  const y = from[k * 2 + 1]!
  return Math.hypot(mapX(m, x, y) - to[k * 2]!, mapY(m, x, y) - to[k * 2 + 1]!)
}

function shift(from: Float32Array, to: Float32Array, i: number): Affine {
  return [1, 0, to[i * 2]! - from[i * 2]!, 0, 1, to[i * 2 + 1]! - from[i * 2 + 1]!]
}

function similarity(from: Float32Array, to: Float32Array, i: number, j: number): Affine | null {
  const ux = from[j * 2]! - from[i * 2]!
  const uy = from[j * 2 + 1]! - from[i * 2 + 1]!
  const vx = to[j * 2]! - to[i * 2]!
  const vy = to[j * 2 + 1]! - to[i * 2 + 1]!
  const length = ux * ux + uy * uy
  if (length < 9) return null
  const a = (ux * vx + uy * vy) / length
  const b = (ux * vy - uy * vx) / length
  const scale = Math.hypot(a, b)
  // Between two frames nothing real grows or turns by more.
  if (scale < 0.75 || scale > 1.33 || Math.abs(b) > 0.5) return null
  const x = from[i * 2]!
  const y = from[i * 2 + 1]!
  return [a, -b, to[i * 2]! - a * x + b * y, b, a, to[i * 2 + 1]! - b * x - a * y]
}

/** Least squares around the inliers' centre; the ridge pulls the shape of the map to the guess. */
function refine(
  guess: Affine,
  from: Float32Array,
  to: Float32Array,
  inliers: readonly number[],
): Affine {
  let cx = 0
  let cy = 0
  for (const k of inliers) {
    cx += from[k * 2]! / inliers.length
    cy += from[k * 2 + 1]! / inliers.length
  }
  let sxx = 0
  let sxy = 0
  let syy = 0
  let mx = 0
  let my = 0
  let rxx = 0
  let rxy = 0
  let ryx = 0
  let ryy = 0
  for (const k of inliers) {
    const x = from[k * 2]! - cx
    const y = from[k * 2 + 1]! - cy
    const ex = to[k * 2]! - mapX(guess, from[k * 2]!, from[k * 2 + 1]!)
    const ey = to[k * 2 + 1]! - mapY(guess, from[k * 2]!, from[k * 2 + 1]!)
    sxx += x * x
    sxy += x * y
    syy += y * y
    mx += ex / inliers.length
    my += ey / inliers.length
    rxx += x * ex
    rxy += y * ex
    ryx += x * ey
    ryy += y * ey
  }
  const ridge = 0.3 * (sxx + syy) + 40
  const det = (sxx + ridge) * (syy + ridge) - sxy * sxy
  const a = (rxx * (syy + ridge) - rxy * sxy) / det
  const b = (rxy * (sxx + ridge) - rxx * sxy) / det
  const d = (ryx * (syy + ridge) - ryy * sxy) / det
  const e = (ryy * (sxx + ridge) - ryx * sxy) / det
  return [
    guess[0] + a,
    guess[1] + b,
    guess[2] + mx - a * cx - b * cy,
    guess[3] + d,
    guess[4] + e,
    guess[5] + my - d * cx - e * cy,
  ]
}

/** How parts of the region move beside the whole, on a coarse grid over a box. */
export interface Deformation {
  at(x: number, y: number): readonly [number, number]
}

/**
 * Spreads what the points' own motion differs from the region's: a limb takes its surroundings
 * along, and where no point is, nothing happens.
 */
export function spreadRest(
  { points, rest }: Pick<RegionMotion, 'points' | 'rest'>,
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  reach: number,
): Deformation {
  const cell = Math.max(3, reach / 16)
  const columns = Math.ceil(box.width / cell) + 2
  const rows = Math.ceil(box.height / cell) + 2
  const field = new Float32Array(columns * rows * 2)
  const sigma = Math.max(4, 0.13 * reach)
  const inverseSquare = 1 / (2 * sigma * sigma)
  const count = points.length >> 1
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = box.x + column * cell
      const y = box.y + row * cell
      let total = 0.6
      let dx = 0
      let dy = 0
      for (let k = 0; k < count; k++) {
        const square = (points[k * 2]! - x) ** 2 + (points[k * 2 + 1]! - y) ** 2
        const weight = Math.exp(-square * inverseSquare)
        total += weight
        dx += weight * rest[k * 2]!
        dy += weight * rest[k * 2 + 1]!
      }
      field[(row * columns + column) * 2] = dx / total
      field[(row * columns + column) * 2 + 1] = dy / total
    }
  }
  return {
    at(x, y) {
      const gx = Math.min(columns - 1.001, Math.max(0, (x - box.x) / cell))
      const gy = Math.min(rows - 1.001, Math.max(0, (y - box.y) / cell))
      const ix = Math.floor(gx)
      const iy = Math.floor(gy)
      const fx = gx - ix
      const fy = gy - iy
      const i = (iy * columns + ix) * 2
      const j = i + columns * 2
      const mix = (c: number): number =>
        (field[i + c]! * (1 - fx) + field[i + 2 + c]! * fx) * (1 - fy) +
        (field[j + c]! * (1 - fx) + field[j + 2 + c]! * fx) * fy
      return [mix(0), mix(1)]
    },
  }
}
