import { halve } from '../image.js'
import type { Plane, Size } from '../image.js'

/** Side of the patches that are followed, and how far apart they lie. */
export const PATCH = 8
const STRIDE = 4
/** Samples that planes are continued beyond their edges. */
export const PAD = 24
/** The coarsest level is about this high: motion of a third of it is still caught there. */
const COARSEST = 20

/** Numbers that a patch has in {@link Slopes.hessian}. */
export const FIVE = 5

/** A plane continued beyond its edges, so that patches need no test for them. */
export interface Padded {
  readonly width: number
  readonly height: number
  readonly stride: number
  readonly data: Float32Array
  /** What searches from here need of it, whichever way they go: worked out by the first. */
  slopes: Slopes | null
}

export interface Slopes extends Gradients {
  /** Per patch the inverse of its structure tensor, and its mean slopes. */
  readonly hessian: Float32Array
}

/** One frame at all sizes, finest first. */
export interface Pyramid {
  readonly levels: readonly Padded[]
}

export function pyramidOf(plane: Plane): Pyramid {
  const levels: Padded[] = [pad(plane)]
  let next = plane
  while (Math.min(next.width, next.height) >= COARSEST * 2) {
    next = halve(next)
    levels.push(pad(next))
  }
  return { levels }
}

function pad({ width, height, data }: Plane): Padded {
  const stride = width + 2 * PAD
  const out = new Float32Array(stride * (height + 2 * PAD))
  for (let y = -PAD; y < height + PAD; y++) {
    const from = (y < 0 ? 0 : y >= height ? height - 1 : y) * width
    const to = (y + PAD) * stride
    out.fill(data[from]!, to, to + PAD)
    out.set(data.subarray(from, from + width), to + PAD)
    out.fill(data[from + width - 1]!, to + PAD + width, to + stride)
  }
  return { width, height, stride, data: out, slopes: null }
}

/** How many patches lie on a plane. */
export function gridOf({ width, height }: Size): { columns: number; rows: number } {
  return {
    columns: Math.max(1, Math.ceil((width - PATCH) / STRIDE) + 1),
    rows: Math.max(1, Math.ceil((height - PATCH) / STRIDE) + 1),
  }
}

/** The first sample of a patch along one side. */
export function placeOf(index: number, length: number): number {
  return Math.max(0, Math.min(index * STRIDE, length - PATCH))
}

/** A place of a patch at which it lies on the continued plane. */
export function hold(value: number, length: number): number {
  const most = length + PAD - PATCH - 2
  return value < 1 - PAD ? 1 - PAD : value > most ? most : value
}

/** What searches from a plane need of it; worked out once. */
export function slopesOf(a: Padded): Slopes {
  return (a.slopes ??= measured(a))
}

interface Gradients {
  readonly x: Float32Array
  readonly y: Float32Array
}

function gradientsOf({ stride, data }: Padded): Gradients {
  const x = new Float32Array(data.length)
  const y = new Float32Array(data.length)
  for (let i = stride; i < data.length - stride; i++) {
    x[i] = (data[i + 1]! - data[i - 1]!) / 2
    y[i] = (data[i + stride]! - data[i - stride]!) / 2
  }
  return { x, y }
}

function measured(a: Padded): Slopes {
  const { columns, rows } = gridOf(a)
  const gradients = gradientsOf(a)
  const hessian = new Float32Array(columns * rows * FIVE)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column
      measure(hessian, at * FIVE, gradients, a, placeOf(column, a.width), placeOf(row, a.height))
    }
  }
  return { ...gradients, hessian }
}

/** The inverse of the patch's structure tensor, of gradients less their mean. */
function measure(
  out: Float32Array,
  at: number,
  { x: gx, y: gy }: Gradients,
  { stride }: Padded,
  left: number,
  top: number,
): void {
  let sx = 0
  let sy = 0
  let xx = 0
  let xy = 0
  let yy = 0
  for (let y = 0; y < PATCH; y++) {
    const row = (top + y + PAD) * stride + left + PAD
    for (let i = row; i < row + PATCH; i++) {
      const u = gx[i]!
      const v = gy[i]!
      sx += u
      sy += v
      xx += u * u
      xy += u * v
      yy += v * v
    }
  }
  const n = PATCH * PATCH
  // A flat patch says nothing: a little weight keeps it where it is.
  xx += 40 - (sx * sx) / n
  yy += 40 - (sy * sy) / n
  xy -= (sx * sy) / n
  const determinant = xx * yy - xy * xy
  out[at] = yy / determinant
  out[at + 1] = -xy / determinant
  out[at + 2] = xx / determinant
  out[at + 3] = sx / n
  out[at + 4] = sy / n
}
