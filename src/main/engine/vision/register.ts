import { compose, enlarge, mapX, mapY, type Homography } from './homography.js'
import { halve, type Plane } from './image.js'

/** One scale of a frame prepared for registration; index 0 of a pyramid is the finest. */
export interface RegistrationLevel {
  readonly image: Plane
  /** 1 where the picture is known (outside the hole), one per pixel. */
  readonly known: Uint8Array
}

/** How one frame maps onto another, with the brightness change between them. */
export interface Registration {
  /** From the first frame's cells to the second's. */
  readonly h: Homography
  /** Share 0..1 of the textured points that line up to about half a cell. */
  readonly aligned: number
  /** Share 0..1 of the first frame's known points that fall on known points of the second. */
  readonly overlap: number
}

/** What a fit may change of its first guess: only its translation, or everything. */
export type Freedom = 'shift' | 'full'

const MAX_POINTS = 4000
const UNKNOWNS = 10

/** Grey image and known pixels at up to `levels` scales. */
export function registrationPyramid(
  image: Plane,
  known: Uint8Array,
  levels = 3,
): RegistrationLevel[] {
  const pyramid: RegistrationLevel[] = [{ image, known }]
  while (pyramid.length < levels) {
    const last = pyramid[pyramid.length - 1]!
    if (Math.min(last.image.width, last.image.height) < 32) break
    const smaller = halve(last.image)
    pyramid.push({ image: smaller, known: halveKnown(last, smaller.width, smaller.height) })
  }
  return pyramid
}

function halveKnown(level: RegistrationLevel, width: number, height: number): Uint8Array {
  const out = new Uint8Array(width * height)
  const stride = level.image.width
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * 2 * stride + x * 2
      out[y * width + x] =
        level.known[i]! &
        level.known[i + 1]! &
        level.known[i + stride]! &
        level.known[i + stride + 1]!
    }
  }
  return out
}

/**
 * Registers two pictures directly: robust Gauss-Newton over eight motion parameters plus gain and
 * offset, coarse to fine (Baker & Matthews 2004, forward compositional with the template's
 * gradient). Cells covered by the hole in either picture take no part.
 *
 * @param start first guess, in cells of the finest level
 * @param search also try whole translations at the coarsest level, for frames without a good guess
 * @param freedom `shift` leaves everything but the translation as the first guess has it
 */
export function register(
  a: readonly RegistrationLevel[],
  b: readonly RegistrationLevel[],
  start: Homography,
  search: boolean,
  freedom: Freedom = 'full',
): Registration {
  const top = a.length - 1
  let h = enlarge(start, 1 / 2 ** top)
  if (search) h = searchTranslation(a[top]!, b[top]!, h)
  let quality = { aligned: 0, overlap: 0 }
  for (let level = top; level >= 0; level--) {
    const points = pickPoints(a[level]!)
    let gain = 1
    let offset = 0
    const iterations = level === 0 ? 5 : 7
    for (let iteration = 0; iteration < iterations; iteration++) {
      const step = solveStep(a[level]!, b[level]!, points, h, gain, offset, freedom)
      if (step === null) break
      h = step.h
      gain = step.gain
      offset = step.offset
      if (step.shift < 0.003) break
    }
    if (level === 0) quality = measure(a[0]!, b[0]!, points, h, gain, offset)
    else h = enlarge(h, 2)
  }
  return { h, ...quality }
}

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

interface Step {
  readonly h: Homography
  readonly gain: number
  readonly offset: number
  /** Largest corner movement of this step, in cells. */
  readonly shift: number
}

function solveStep(
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

/** Gain and offset that make the second of two lists of levels as bright as the first. */
export function lightBetween(own: readonly number[], other: readonly number[]): [number, number] {
  if (own.length === 0) return [1, 0]
  // The median of ratios: what moved on its own must not look like a change of light.
  const ratios = own.map((value, k) => (value + 8) / (other[k]! + 8)).sort((x, y) => x - y)
  const gain = ratios[ratios.length >> 1]!
  return [gain, 8 * gain - 8]
}

/** How well a known map lines two pictures up, whatever the light. */
export function alignment(
  a: RegistrationLevel,
  b: RegistrationLevel,
  h: Homography,
): { aligned: number; overlap: number } {
  return aligner(a)(b, h)
}

/** The same for several others. */
export function aligner(
  a: RegistrationLevel,
): (b: RegistrationLevel, h: Homography) => { aligned: number; overlap: number } {
  const points = pickPoints(a)
  return (b, h) => {
    const own: number[] = []
    const other: number[] = []
    for (let n = 0; n < points.count; n++) {
      const value = landing(b, h, points.x[n]!, points.y[n]!)
      if (Number.isNaN(value)) continue
      own.push(points.value[n]!)
      other.push(value)
    }
    return measure(a, b, points, h, ...lightBetween(own, other))
  }
}

function measure(
  a: RegistrationLevel,
  b: RegistrationLevel,
  points: Points,
  h: Homography,
  gain: number,
  offset: number,
): { aligned: number; overlap: number } {
  if (points.count === 0) return { aligned: a.image.data.length > 0 ? 1 : 0, overlap: 1 }
  let valid = 0
  let good = 0
  for (let n = 0; n < points.count; n++) {
    const value = landing(b, h, points.x[n]!, points.y[n]!)
    if (Number.isNaN(value)) continue
    valid++
    const slope = Math.hypot(points.gx[n]!, points.gy[n]!)
    if (Math.abs(gain * value + offset - points.value[n]!) < 4 + 0.5 * slope) good++
  }
  return { aligned: valid === 0 ? 0 : good / valid, overlap: valid / points.count }
}

/** Tries whole-cell translations of up to 9 cells around a start, by truncated difference. */
function searchTranslation(
  a: RegistrationLevel,
  b: RegistrationLevel,
  start: Homography,
): Homography {
  const points = pickPoints(a)
  const stride = Math.max(1, Math.floor(points.count / 900))
  let best = start
  let bestCost = Number.POSITIVE_INFINITY
  for (let dy = -9; dy <= 9; dy++) {
    for (let dx = -9; dx <= 9; dx++) {
      const h = compose([1, 0, dx, 0, 1, dy, 0, 0, 1], start)
      let cost = 0
      let count = 0
      let total = 0
      for (let n = 0; n < points.count; n += stride) {
        total++
        const value = landing(b, h, points.x[n]!, points.y[n]!)
        if (Number.isNaN(value)) continue
        cost += Math.min(40, Math.abs(value - points.value[n]!))
        count++
      }
      if (count * 3 < total) continue
      // A slight preference for the guess breaks ties in repeating textures.
      const mean = cost / count + 0.05 * Math.hypot(dx, dy)
      if (mean < bestCost) {
        bestCost = mean
        best = h
      }
    }
  }
  return best
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
