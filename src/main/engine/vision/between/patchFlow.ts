import type { FlowField } from '../flow.js'
import { gridOf, hold, PAD, PATCH, placeOf, slopesOf } from './patchPlane.js'
import type { Padded, Pyramid, Slopes } from './patchPlane.js'

/** Steps of descent per patch and level. */
const STEPS = 12
/**
 * Dense motion from `a` to `b` by patches that find their way down a pyramid (Kroeger et al. 2016,
 * "Fast Optical Flow using Dense Inverse Search"): small things that move far are followed where a
 * polynomial expansion loses them. Brightness changes of whole patches do not count.
 */
export function patchFlow(a: Pyramid, b: Pyramid, finest = 0): FlowField {
  let flow: FlowField | null = null
  for (let level = a.levels.length - 1; level >= finest; level--) {
    const [from, to] = [a.levels[level]!, b.levels[level]!]
    flow = flowAt(from, to, flow, 2)
  }
  return flow ?? { width: 0, height: 0, data: new Float32Array(0) }
}

/** Motion that is about known already, found to the fraction of a cell: the finest level alone. */
export function refineFlow(a: Pyramid, b: Pyramid, known: FlowField): FlowField {
  return flowAt(a.levels[0]!, b.levels[0]!, known, 1)
}

interface Patches {
  readonly columns: number
  readonly rows: number
  readonly x: Float32Array
  readonly y: Float32Array
  /** 1 where descent has ended and would end in the same place again. */
  readonly settled: Uint8Array
}

/** @param scale cells of this level per cell of the field to start from */
function flowAt(a: Padded, b: Padded, coarse: FlowField | null, scale: 1 | 2): FlowField {
  const { columns, rows } = gridOf(a)
  const patches: Patches = {
    ...{ columns, rows },
    x: new Float32Array(columns * rows),
    y: new Float32Array(columns * rows),
    settled: new Uint8Array(columns * rows),
  }
  const cost = new Float32Array(columns * rows)
  const slopes = slopesOf(a)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column
      const left = placeOf(column, a.width)
      const top = placeOf(row, a.height)
      if (coarse !== null) {
        const x = Math.min(coarse.width - 1, Math.floor((left + PATCH / 2) / scale))
        const y = Math.min(coarse.height - 1, Math.floor((top + PATCH / 2) / scale))
        patches.x[at] = scale * coarse.data[(y * coarse.width + x) * 2]!
        patches.y[at] = scale * coarse.data[(y * coarse.width + x) * 2 + 1]!
      }
    }
  }
  // Good motion spreads from neighbour to neighbour, down and right, then up and left.
  for (const direction of [1, -1] as const) {
    const count = columns * rows
    for (let n = 0; n < count; n++) {
      const at = direction === 1 ? n : count - 1 - n
      const column = at % columns
      const row = (at - column) / columns
      const left = placeOf(column, a.width)
      const top = placeOf(row, a.height)
      if (direction === 1) cost[at] = costOf(a, b, left, top, patches.x[at]!, patches.y[at]!)
      const besides = column - direction
      const above = row - direction
      if (besides >= 0 && besides < columns)
        tryOut(a, b, patches, cost, at, at - direction, left, top)
      if (above >= 0 && above < rows) {
        tryOut(a, b, patches, cost, at, at - direction * columns, left, top)
      }
      if (patches.settled[at] === 0) descend(a, b, slopes, patches, cost, at, left, top)
    }
  }
  return spread(a, b, patches)
}

/** Takes the motion of another patch where it fits better. */
function tryOut(
  a: Padded,
  b: Padded,
  patches: Patches,
  cost: Float32Array,
  at: number,
  other: number,
  left: number,
  top: number,
): void {
  const x = patches.x[other]!
  const y = patches.y[other]!
  if (x === patches.x[at] && y === patches.y[at]) return
  // A little more: sums of fewer rows are rounded otherwise.
  const limit = cost[at]! * 1.000_001 + 0.001
  const theirs = costOf(a, b, left, top, x, y, limit)
  if (theirs >= cost[at]!) return
  cost[at] = theirs
  patches.x[at] = x
  patches.y[at] = y
  patches.settled[at] = 0
}

/**
 * Sum of squared differences of a patch moved by (x, y), less the difference of its means.
 *
 * @param limit where it is more than this, it may be infinity
 */
function costOf(
  a: Padded,
  b: Padded,
  left: number,
  top: number,
  x: number,
  y: number,
  limit = Infinity,
): number {
  const px = hold(left + x, b.width)
  const py = hold(top + y, b.height)
  const ix = Math.floor(px)
  const iy = Math.floor(py)
  const fx = px - ix
  const fy = py - iy
  const w00 = (1 - fx) * (1 - fy)
  const w10 = fx * (1 - fy)
  const w01 = (1 - fx) * fy
  const w11 = fx * fy
  const stride = b.stride
  let sum = 0
  let squares = 0
  for (let row = 0; row < PATCH; row++) {
    let i = (top + row + PAD) * a.stride + left + PAD
    let j = (iy + row + PAD) * stride + ix + PAD
    for (let end = i + PATCH; i < end; i++, j++) {
      const d =
        w00 * b.data[j]! +
        w10 * b.data[j + 1]! +
        w01 * b.data[j + stride]! +
        w11 * b.data[j + stride + 1]! -
        a.data[i]!
      sum += d
      squares += d * d
    }
    // With every row it grows.
    if (squares - (sum * sum) / (PATCH * (row + 1)) > limit) return Infinity
  }
  return squares - (sum * sum) / (PATCH * PATCH)
}

/** Inverse search: the patch of `a` slides over `b` down its error, whose slope is that of `a`. */
function descend(
  a: Padded,
  b: Padded,
  { x: gx, y: gy, hessian }: Slopes,
  patches: Patches,
  cost: Float32Array,
  at: number,
  left: number,
  top: number,
): void {
  const startX = patches.x[at]!
  const startY = patches.y[at]!
  let x = startX
  let y = startY
  let best = cost[at]!
  const h0 = hessian[at * 3]!
  const h1 = hessian[at * 3 + 1]!
  const h2 = hessian[at * 3 + 2]!
  const stride = b.stride
  for (let step = 0; step < STEPS; step++) {
    const px = hold(left + x, b.width)
    const py = hold(top + y, b.height)
    const ix = Math.floor(px)
    const iy = Math.floor(py)
    const fx = px - ix
    const fy = py - iy
    const w00 = (1 - fx) * (1 - fy)
    const w10 = fx * (1 - fy)
    const w01 = (1 - fx) * fy
    const w11 = fx * fy
    let sum = 0
    let squares = 0
    let sgx = 0
    let sgy = 0
    let bx = 0
    let by = 0
    for (let row = 0; row < PATCH; row++) {
      let i = (top + row + PAD) * a.stride + left + PAD
      let j = (iy + row + PAD) * stride + ix + PAD
      for (let end = i + PATCH; i < end; i++, j++) {
        const d =
          w00 * b.data[j]! +
          w10 * b.data[j + 1]! +
          w01 * b.data[j + stride]! +
          w11 * b.data[j + stride + 1]! -
          a.data[i]!
        const u = gx[i]!
        const v = gy[i]!
        sum += d
        squares += d * d
        sgx += u
        sgy += v
        bx += u * d
        by += v * d
      }
    }
    const n = PATCH * PATCH
    const now = squares - (sum * sum) / n
    if (step > 0) {
      if (now >= best) {
        patches.settled[at] = 1
        break
      }
      best = now
      cost[at] = now
      patches.x[at] = x
      patches.y[at] = y
    }
    bx -= (sum * sgx) / n
    by -= (sum * sgy) / n
    const dx = h0 * bx + h1 * by
    const dy = h1 * bx + h2 * by
    x -= dx
    y -= dy
    if (dx * dx + dy * dy < 0.0009) {
      patches.settled[at] = 1
      break
    }
    if (Math.abs(x - startX) > PATCH || Math.abs(y - startY) > PATCH) break
  }
}

/** Every pixel takes the mean of the patches over it, those that match it well above others. */
function spread(a: Padded, b: Padded, patches: Patches): FlowField {
  const { width, height } = a
  const data = new Float32Array(width * height * 2)
  const weight = new Float32Array(width * height)
  const stride = b.stride
  for (let row = 0; row < patches.rows; row++) {
    for (let column = 0; column < patches.columns; column++) {
      const at = row * patches.columns + column
      const left = placeOf(column, width)
      const top = placeOf(row, height)
      const x = patches.x[at]!
      const y = patches.y[at]!
      const px = hold(left + x, b.width)
      const py = hold(top + y, b.height)
      const ix = Math.floor(px)
      const iy = Math.floor(py)
      const fx = px - ix
      const fy = py - iy
      const w00 = (1 - fx) * (1 - fy)
      const w10 = fx * (1 - fy)
      const w01 = (1 - fx) * fy
      const w11 = fx * fy
      const right = Math.min(width, left + PATCH)
      const bottom = Math.min(height, top + PATCH)
      for (let v = top; v < bottom; v++) {
        let i = (v + PAD) * a.stride + left + PAD
        let j = (iy + v - top + PAD) * stride + ix + PAD
        for (let u = left; u < right; u++, i++, j++) {
          const d =
            w00 * b.data[j]! +
            w10 * b.data[j + 1]! +
            w01 * b.data[j + stride]! +
            w11 * b.data[j + stride + 1]! -
            a.data[i]!
          const w = 1 / Math.max(1, d * d)
          const to = v * width + u
          weight[to] = weight[to]! + w
          data[to * 2] = data[to * 2]! + w * x
          data[to * 2 + 1] = data[to * 2 + 1]! + w * y
        }
      }
    }
  }
  for (let i = 0; i < weight.length; i++) {
    const sum = weight[i]!
    if (sum === 0) continue
    data[i * 2] = data[i * 2]! / sum
    data[i * 2 + 1] = data[i * 2 + 1]! / sum
  }
  return { width, height, data }
}
