import type { FlowField } from '../flow.js'
import { FIVE, gridOf, hold, PAD, PATCH, placeOf, slopesOf } from './patchPlane.js'
import type { Padded, Pyramid } from './patchPlane.js'
import { openPatchSums } from './patchSums.js'
import type { PatchSums } from './patchSums.js'

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
  const { hessian } = slopesOf(a)
  const sums = openPatchSums(a, b)
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
      if (direction === 1) cost[at] = costOf(sums, a, b, left, top, patches.x[at]!, patches.y[at]!)
      const besides = column - direction
      const above = row - direction
      if (besides >= 0 && besides < columns)
        tryOut(sums, a, b, patches, cost, at, at - direction, left, top)
      if (above >= 0 && above < rows) {
        tryOut(sums, a, b, patches, cost, at, at - direction * columns, left, top)
      }
      if (patches.settled[at] === 0) descend(sums, a, b, hessian, patches, cost, at, left, top)
    }
  }
  return spread(sums, a, b, patches)
}

/** Takes the motion of another patch where it fits better. */
function tryOut(
  sums: PatchSums,
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
  const theirs = costOf(sums, a, b, left, top, x, y)
  if (theirs >= cost[at]!) return
  cost[at] = theirs
  patches.x[at] = x
  patches.y[at] = y
  patches.settled[at] = 0
}

/** How badly the patch at (left, top) fits with motion (x, y): squares of differences less their mean. */
function costOf(
  sums: PatchSums,
  a: Padded,
  b: Padded,
  left: number,
  top: number,
  x: number,
  y: number,
): number {
  const px = hold(left + x, b.width)
  const py = hold(top + y, b.height)
  const ix = Math.floor(px)
  const iy = Math.floor(py)
  const fx = px - ix
  const fy = py - iy
  return sums.cost(
    (top + PAD) * a.stride + left + PAD,
    (iy + PAD) * b.stride + ix + PAD,
    (1 - fx) * (1 - fy),
    fx * (1 - fy),
    (1 - fx) * fy,
    fx * fy,
  )
}

/** Inverse search: the patch of `a` slides over `b` down its error, whose slope is that of `a`. */
function descend(
  sums: PatchSums,
  a: Padded,
  b: Padded,
  hessian: Float32Array,
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
  const h0 = hessian[at * FIVE]!
  const h1 = hessian[at * FIVE + 1]!
  const h2 = hessian[at * FIVE + 2]!
  const meanX = hessian[at * FIVE + 3]!
  const meanY = hessian[at * FIVE + 4]!
  const { slope } = sums
  const i = (top + PAD) * a.stride + left + PAD
  for (let step = 0; step < STEPS; step++) {
    const px = hold(left + x, b.width)
    const py = hold(top + y, b.height)
    const ix = Math.floor(px)
    const iy = Math.floor(py)
    const fx = px - ix
    const fy = py - iy
    const now = sums.step(
      i,
      (iy + PAD) * b.stride + ix + PAD,
      (1 - fx) * (1 - fy),
      fx * (1 - fy),
      (1 - fx) * fy,
      fx * fy,
    )
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
    const bx = slope[1]! - slope[0]! * meanX
    const by = slope[2]! - slope[0]! * meanY
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
function spread(sums: PatchSums, a: Padded, b: Padded, patches: Patches): FlowField {
  const { width, height } = a
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
      sums.spread(
        (top + PAD) * a.stride + left + PAD,
        (iy + PAD) * b.stride + ix + PAD,
        (1 - fx) * (1 - fy),
        fx * (1 - fy),
        (1 - fx) * fy,
        fx * fy,
        x,
        y,
      )
    }
  }
  return { width, height, data: meansOf(sums, a) }
}

function meansOf(
  { weight, moveX, moveY }: PatchSums,
  { width, height, stride }: Padded,
): Float32Array {
  const data = new Float32Array(width * height * 2)
  for (let y = 0, to = 0; y < height; y++) {
    const first = (y + PAD) * stride + PAD
    for (let from = first; from < first + width; from++, to += 2) {
      const sum = weight[from]!
      if (sum === 0) continue
      data[to] = moveX[from]! / sum
      data[to + 1] = moveY[from]! / sum
    }
  }
  return data
}
