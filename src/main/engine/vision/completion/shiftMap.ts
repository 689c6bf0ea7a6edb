import type { Canvas } from './canvas.js'
import type { Offset } from './dominantOffsets.js'
import type { Expectation } from './expectation.js'
import { expandLabels, FORBIDDEN } from './expansion.js'
import { createCosts, UNKNOWN, type Costs } from './shiftCosts.js'

/** Where every pixel to invent is copied from: one of a few shifts, -1 where none can be. */
export interface ShiftMap {
  /** Canvas pixels to invent, in row order. */
  readonly nodes: Int32Array
  /** Position in `offsets` per node. */
  readonly chosen: Int32Array
  readonly offsets: readonly Offset[]
}

const ROUNDS = 3

/**
 * Chooses a shift for every pixel to invent so that seams between shifts, and towards what is
 * known, show least (Pritch et al. 2009, "Shift-Map Image Editing"; He and Sun 2012).
 */
export function chooseShifts(
  canvas: Canvas,
  offsets: readonly Offset[],
  expected: Expectation | null,
): ShiftMap {
  const nodes = targetsOf(canvas)
  const costs = createCosts(canvas, expected)
  const chosen = new Int32Array(nodes.length)
  const unary = offsets.map((offset) => costs.unary(nodes, offset))
  for (let n = 0; n < nodes.length; n++) {
    for (let k = 1; k < offsets.length; k++) {
      if (unary[k]![n]! < unary[chosen[n]!]![n]!) chosen[n] = k
    }
  }
  expandLabels(
    {
      pairs: pairsOf(canvas, nodes),
      labels: offsets.length,
      unary: (n, label) => unary[label]![n]!,
      pairwise: (a, b, one, other) =>
        costs.seam(nodes[a]!, nodes[b]!, offsets[one]!, offsets[other]!),
    },
    chosen,
    ROUNDS,
  )
  for (let n = 0; n < nodes.length; n++) {
    if (unary[chosen[n]!]?.[n] === undefined || unary[chosen[n]!]![n]! >= FORBIDDEN) chosen[n] = -1
  }
  return { nodes, chosen, offsets }
}

/**
 * Carries a shift map to the canvas of twice the size: every region that shares a shift may move by
 * a pixel, then its borders do.
 */
export function refineShifts(
  coarse: ShiftMap,
  from: Canvas,
  canvas: Canvas,
  expected: Expectation | null,
): ShiftMap {
  const nodes = targetsOf(canvas)
  const place = placesOf(canvas, nodes)
  const { parts, offsets } = splitRegions(coarse, from)
  const chosen = new Int32Array(nodes.length).fill(-1)
  for (let n = 0; n < nodes.length; n++) {
    const x = Math.min(from.width - 1, (nodes[n]! % canvas.width) >> 1)
    const y = Math.min(from.height - 1, Math.floor(nodes[n]! / canvas.width) >> 1)
    chosen[n] = parts[y * from.width + x]!
  }
  spread(canvas, nodes, place, chosen)
  const costs = createCosts(canvas, expected)
  const pairs = pairsOf(canvas, nodes)
  const own = offsets.map(({ x, y }) => ({ x: x * 2, y: y * 2 }))
  const members = own.map((): number[] => [])
  chosen.forEach((label, n) => members[label]?.push(n))
  const beside = neighboursOf(nodes.length, pairs)
  for (let round = 0; round < 2; round++) {
    members.forEach((region, label) => {
      own[label] = nudge(costs, nodes, region, chosen, beside, own, label)
    })
  }
  refineBorders(costs, nodes, pairs, beside, own, chosen)
  return { nodes, chosen, offsets: own }
}

/** The shift of a region that fits its neighbours best, among those a pixel away. */
function nudge(
  costs: Costs,
  nodes: Int32Array,
  region: readonly number[],
  chosen: Int32Array,
  beside: readonly (readonly number[])[],
  offsets: readonly Offset[],
  label: number,
): Offset {
  const { x, y } = offsets[label]!
  const places = Int32Array.from(region, (n) => nodes[n]!)
  let best = offsets[label]!
  let least = Number.POSITIVE_INFINITY
  for (let k = 0; k < 9; k++) {
    // The middle one first: only a real gain moves a region.
    const step = (k + 4) % 9
    const tried = { x: x + (step % 3) - 1, y: y + Math.floor(step / 3) - 1 }
    let sum = 0
    const unary = costs.unary(places, tried)
    for (let m = 0; m < region.length && sum < least; m++) {
      // A few pixels that would look at nothing are better given to the neighbours.
      sum += Math.min(3 * UNKNOWN, unary[m]!)
      for (const other of beside[region[m]!]!) {
        const shift = offsets[chosen[other]!]
        if (shift === undefined || chosen[other] === label) continue
        sum += costs.seam(nodes[region[m]!]!, nodes[other]!, tried, shift)
      }
    }
    if (sum < least * 0.999) {
      least = sum
      best = tried
    }
  }
  return best
}

/** Lets the borders between regions move by a few pixels, and gives away what looks at nothing. */
function refineBorders(
  costs: Costs,
  nodes: Int32Array,
  pairs: Int32Array,
  beside: readonly (readonly number[])[],
  offsets: readonly Offset[],
  chosen: Int32Array,
): void {
  const unary = offsets.map((offset) => costs.unary(nodes, offset))
  const near = offsets.map(() => new Uint8Array(nodes.length))
  for (let label = 0; label < offsets.length; label++) {
    let edge: number[] = []
    for (let n = 0; n < nodes.length; n++) if (chosen[n] === label) edge.push(n)
    for (const n of edge) near[label]![n] = 1
    for (let step = 0; step < 3; step++) {
      const grown: number[] = []
      for (const n of edge) {
        for (const other of beside[n]!) {
          if (near[label]![other] === 1) continue
          near[label]![other] = 1
          grown.push(other)
        }
      }
      edge = grown
    }
  }
  const costOf = (n: number, label: number): number =>
    label < 0 ? 2 * FORBIDDEN : unary[label]![n]!
  expandLabels(
    {
      pairs,
      labels: offsets.length,
      unary: (n, label) =>
        label >= 0 && (near[label]![n] === 1 || costOf(n, chosen[n]!) >= FORBIDDEN)
          ? costOf(n, label)
          : 2 * FORBIDDEN,
      pairwise: (a, b, one, other) =>
        one < 0 || other < 0
          ? UNKNOWN
          : costs.seam(nodes[a]!, nodes[b]!, offsets[one]!, offsets[other]!),
    },
    chosen,
    1,
  )
  for (let n = 0; n < nodes.length; n++) if (costOf(n, chosen[n]!) >= FORBIDDEN) chosen[n] = -1
}

function targetsOf({ target }: Canvas): Int32Array {
  const nodes: number[] = []
  for (let i = 0; i < target.length; i++) if (target[i] === 1) nodes.push(i)
  return Int32Array.from(nodes)
}

function placesOf({ width, height }: Canvas, nodes: Int32Array): Int32Array {
  const place = new Int32Array(width * height).fill(-1)
  nodes.forEach((pixel, n) => {
    place[pixel] = n
  })
  return place
}

/** Neighbours to the right and below, as positions in `nodes`. */
export function pairsOf(canvas: Canvas, nodes: Int32Array): Int32Array {
  const place = placesOf(canvas, nodes)
  const pairs: number[] = []
  nodes.forEach((pixel, n) => {
    const right = pixel % canvas.width < canvas.width - 1 ? place[pixel + 1]! : -1
    const below = pixel + canvas.width < place.length ? place[pixel + canvas.width]! : -1
    if (right >= 0) pairs.push(n, right)
    if (below >= 0) pairs.push(n, below)
  })
  return Int32Array.from(pairs)
}

function neighboursOf(count: number, pairs: Int32Array): number[][] {
  const beside = Array.from({ length: count }, (): number[] => [])
  for (let p = 0; p < pairs.length; p += 2) {
    beside[pairs[p]!]!.push(pairs[p + 1]!)
    beside[pairs[p + 1]!]!.push(pairs[p]!)
  }
  return beside
}

/** Gives every connected region a shift of its own. Answers the region per canvas pixel, -1 outside. */
function splitRegions(
  { nodes, chosen, offsets }: ShiftMap,
  canvas: Canvas,
): { parts: Int32Array; offsets: Offset[] } {
  const place = placesOf(canvas, nodes)
  const beside = neighboursOf(nodes.length, pairsOf(canvas, nodes))
  const parts = new Int32Array(place.length).fill(-1)
  const own: Offset[] = []
  nodes.forEach((pixel, n) => {
    const offset = offsets[chosen[n]!]
    if (offset === undefined || parts[pixel]! >= 0) return
    const open = [n]
    parts[pixel] = own.length
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const other of beside[at]!) {
        if (chosen[other] !== chosen[n] || parts[nodes[other]!]! >= 0) continue
        parts[nodes[other]!] = own.length
        open.push(other)
      }
    }
    own.push(offset)
  })
  return { parts, offsets: own }
}

/** Continues labels to the nodes that have none, from the nearest that have one. */
function spread(canvas: Canvas, nodes: Int32Array, place: Int32Array, chosen: Int32Array): void {
  let edge: number[] = []
  for (let n = 0; n < nodes.length; n++) if (chosen[n]! >= 0) edge.push(n)
  while (edge.length > 0) {
    const grown: number[] = []
    for (const n of edge) {
      const pixel = nodes[n]!
      const x = pixel % canvas.width
      for (const [beside, inside] of [
        [pixel - 1, x > 0],
        [pixel + 1, x < canvas.width - 1],
        [pixel - canvas.width, true],
        [pixel + canvas.width, true],
      ] as const) {
        const other = inside ? (place[beside] ?? -1) : -1
        if (other < 0 || chosen[other]! >= 0) continue
        chosen[other] = chosen[n]!
        grown.push(other)
      }
    }
    edge = grown
  }
}
