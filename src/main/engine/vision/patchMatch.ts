import type { Size } from './image.js'
import { pullPush } from './pullPush.js'

/** A picture with a region to invent. */
export interface Canvas extends Size {
  /** Three floats per pixel. */
  readonly data: Float32Array
  /** 1 = to invent. */
  readonly target: Uint8Array
  /** 1 = not to be copied from. */
  readonly blocked: Uint8Array
}

/** For every patch that touches the target, the whole patch it resembles most. */
export interface Matches extends Size {
  /** Patch centres in row order. */
  readonly centres: Int32Array
  /** Pixel -> position in `centres`, -1 elsewhere. */
  readonly index: Int32Array
  /** Matched patch centre per centre. */
  readonly match: Int32Array
  /** Squared difference of each match, mean per sample. */
  readonly cost: Float32Array
}

const RADIUS = 3
const SWEEPS = 2

/** Cost per squared pixel of distance, relative to the canvas: nearby light and texture fit best. */
const NEARNESS = 60

/**
 * Improves (or starts) the matches of all patches that touch the target: propagation from
 * neighbours and a shrinking random search (Barnes et al. 2009).
 *
 * @returns null when the canvas has no whole patch to copy from
 */
export function matchPatches(
  canvas: Canvas,
  previous: Matches | null,
  random: () => number,
): Matches | null {
  const usable = wholePatches(canvas)
  const matches = previous ?? startMatches(canvas, usable, random)
  if (matches === null) return null
  const { centres, index, match, cost } = matches
  const { width, height } = canvas
  const nearness = NEARNESS / (width * width + height * height)
  const measure = (centre: number, candidate: number, limit: number): number =>
    difference(canvas, centre, candidate, nearness, limit)
  for (let k = 0; k < centres.length; k++) {
    cost[k] = measure(centres[k]!, match[k]!, Number.POSITIVE_INFINITY)
  }
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const step = sweep % 2 === 0 ? 1 : -1
    for (let m = 0; m < centres.length; m++) {
      const k = step === 1 ? m : centres.length - 1 - m
      const centre = centres[k]!
      let best = match[k]!
      let bestCost = cost[k]!
      for (const away of [step, step * width]) {
        const beside = centre - away
        const neighbour = beside >= 0 && beside < index.length ? index[beside]! : -1
        if (neighbour < 0) continue
        const candidate = match[neighbour]! + away
        if (candidate < 0 || candidate >= usable.length || usable[candidate] === 0) continue
        const c = measure(centre, candidate, bestCost)
        if (c < bestCost) {
          bestCost = c
          best = candidate
        }
      }
      for (let reach = Math.max(width, height); reach >= 1; reach >>= 1) {
        const x = (best % width) + Math.round((random() * 2 - 1) * reach)
        const y = Math.floor(best / width) + Math.round((random() * 2 - 1) * reach)
        if (x < 0 || y < 0 || x >= width || y >= height) continue
        const candidate = y * width + x
        if (usable[candidate] === 0) continue
        const c = measure(centre, candidate, bestCost)
        if (c < bestCost) {
          bestCost = c
          best = candidate
        }
      }
      match[k] = best
      cost[k] = bestCost
    }
  }
  return matches
}

/** Replaces the target by the mean of what the matches of all patches over a pixel show there. */
export function vote(canvas: Canvas, matches: Matches): void {
  const { data, target } = canvas
  const { sum, total } = tally(canvas, matches)
  for (let i = 0; i < total.length; i++) {
    if (target[i] === 0 || total[i] === 0) continue
    for (let c = 0; c < 3; c++) data[i * 3 + c] = sum[i * 3 + c]! / total[i]!
  }
}

/**
 * What the patches say of the known pixels beside the target, against the truth there: continued
 * over the target, that difference is the step of brightness a seam would show. Takes it away.
 */
export function levelBorder(canvas: Canvas, matches: Matches): void {
  const { width, height, data, target } = canvas
  const { sum, total } = tally(canvas, matches)
  const difference = new Float32Array(data.length)
  const weight = new Float32Array(target.length)
  for (let i = 0; i < target.length; i++) {
    if (target[i] === 1) continue
    weight[i] = 1
    if (total[i] === 0) continue
    let most = 0
    for (let c = 0; c < 3; c++) {
      const d = data[i * 3 + c]! - sum[i * 3 + c]! / total[i]!
      difference[i * 3 + c] = d
      most = Math.max(most, Math.abs(d))
    }
    const light = 1 / (1 + (most / 16) ** 4)
    for (let c = 0; c < 3; c++) difference[i * 3 + c] = difference[i * 3 + c]! * light
  }
  pullPush(difference, weight, { width, height }, 3, 60)
  for (let i = 0; i < target.length; i++) {
    if (target[i] === 0) continue
    for (let c = 0; c < 3; c++) data[i * 3 + c] = data[i * 3 + c]! + difference[i * 3 + c]!
  }
}

/** Weighted sums over all patches, for every pixel a patch with a match covers. */
function tally(
  { width, height, data }: Canvas,
  { centres, match, cost }: Matches,
): { sum: Float32Array; total: Float32Array } {
  const sum = new Float32Array(width * height * 3)
  const total = new Float32Array(width * height)
  const sorted = Float32Array.from(cost).sort()
  const spread = Math.max(4, sorted[Math.floor(sorted.length * 0.6)] ?? 4)
  for (let k = 0; k < centres.length; k++) {
    const weight = Math.exp(-cost[k]! / spread) + 1e-4
    const centre = centres[k]!
    const x = centre % width
    const y = (centre - x) / width
    for (let dy = -RADIUS; dy <= RADIUS; dy++) {
      if (y + dy < 0 || y + dy >= height) continue
      for (let dx = -RADIUS; dx <= RADIUS; dx++) {
        if (x + dx < 0 || x + dx >= width) continue
        const to = centre + dy * width + dx
        const from = (match[k]! + dy * width + dx) * 3
        total[to] = total[to]! + weight
        sum[to * 3] = sum[to * 3]! + weight * data[from]!
        sum[to * 3 + 1] = sum[to * 3 + 1]! + weight * data[from + 1]!
        sum[to * 3 + 2] = sum[to * 3 + 2]! + weight * data[from + 2]!
      }
    }
  }
  return { sum, total }
}

/** Carries matches to a canvas of twice the size. */
export function upscaleMatches(coarse: Matches, canvas: Canvas): Matches | null {
  const usable = wholePatches(canvas)
  const fallback = usable.indexOf(1)
  if (fallback < 0) return null
  const fine = listCentres(canvas)
  for (let k = 0; k < fine.centres.length; k++) {
    const x = fine.centres[k]! % canvas.width
    const y = Math.floor(fine.centres[k]! / canvas.width)
    const cx = Math.min(coarse.width - 1, x >> 1)
    const cy = Math.min(coarse.height - 1, y >> 1)
    const from = coarse.index[cy * coarse.width + cx]!
    let found = fallback
    if (from >= 0) {
      const mx = (coarse.match[from]! % coarse.width) * 2 + (x & 1)
      const my = Math.floor(coarse.match[from]! / coarse.width) * 2 + (y & 1)
      const candidate =
        Math.min(canvas.height - 1, my) * canvas.width + Math.min(canvas.width - 1, mx)
      if (usable[candidate] === 1) found = candidate
    } else {
      // A patch that only the finer grid touches: what lies at its own place, if that is whole.
      found = usable[fine.centres[k]!] === 1 ? fine.centres[k]! : fallback
    }
    fine.match[k] = found
  }
  return fine
}

function startMatches(canvas: Canvas, usable: Uint8Array, random: () => number): Matches | null {
  const places: number[] = []
  for (let i = 0; i < usable.length; i++) if (usable[i] === 1) places.push(i)
  if (places.length === 0) return null
  const matches = listCentres(canvas)
  for (let k = 0; k < matches.match.length; k++) {
    matches.match[k] = places[Math.floor(random() * places.length)]!
  }
  return matches
}

function listCentres({ width, height, target }: Canvas): Matches {
  const index = new Int32Array(width * height).fill(-1)
  const centres: number[] = []
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!touches(target, width, height, x, y)) continue
      index[y * width + x] = centres.length
      centres.push(y * width + x)
    }
  }
  return {
    width,
    height,
    centres: Int32Array.from(centres),
    index,
    match: new Int32Array(centres.length),
    cost: new Float32Array(centres.length),
  }
}

function touches(cells: Uint8Array, width: number, height: number, x: number, y: number): boolean {
  for (let v = Math.max(0, y - RADIUS); v <= Math.min(height - 1, y + RADIUS); v++) {
    for (let u = Math.max(0, x - RADIUS); u <= Math.min(width - 1, x + RADIUS); u++) {
      if (cells[v * width + u] !== 0) return true
    }
  }
  return false
}

/** 1 for centres whose whole patch lies inside the picture and off target and blocked pixels. */
function wholePatches({ width, height, target, blocked }: Canvas): Uint8Array {
  const out = new Uint8Array(width * height)
  const bad = target.map((value, i) => value | blocked[i]!)
  for (let y = RADIUS; y < height - RADIUS; y++) {
    for (let x = RADIUS; x < width - RADIUS; x++) {
      if (!touches(bad, width, height, x, y)) out[y * width + x] = 1
    }
  }
  return out
}

/** Mean squared difference of two patches, plus the price of distance; stops above `limit`. */
function difference(
  { width, height, data, target }: Canvas,
  centre: number,
  candidate: number,
  nearness: number,
  limit: number,
): number {
  const x = centre % width
  const y = (centre - x) / width
  const cx = candidate % width
  const cy = (candidate - cx) / width
  const price = ((x - cx) * (x - cx) + (y - cy) * (y - cy)) * nearness
  let sum = 0
  let count = 0
  const most = (limit - price) * (2 * RADIUS + 1) ** 2 * 3
  for (let dy = -RADIUS; dy <= RADIUS; dy++) {
    if (y + dy < 0 || y + dy >= height) continue
    for (let dx = -RADIUS; dx <= RADIUS; dx++) {
      if (x + dx < 0 || x + dx >= width) continue
      const own = centre + dy * width + dx
      const a = own * 3
      const b = (candidate + dy * width + dx) * 3
      const red = data[a]! - data[b]!
      const green = data[a + 1]! - data[b + 1]!
      const blue = data[a + 2]! - data[b + 2]!
      // Known pixels weigh more than those still being invented.
      const weight = target[own] === 0 ? 2 : 1
      sum += weight * (red * red + green * green + blue * blue)
      count += weight
    }
    if (sum > most * 2) return Number.POSITIVE_INFINITY
  }
  return sum / (count * 3) + price
}
