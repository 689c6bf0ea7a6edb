import type { Doubtful } from '../../../shared/document/model.js'
import type { AnalysedFrame } from './analyse.js'
import { chainColour, invertColour, type ColourMap } from './colour.js'
import { doubtsOf, trust, type Doubts, type Evidence } from './gate.js'
import { cellOf } from './grid.js'
import { depthsOf, type Hole } from './hole.js'
import type { Homography } from './homography.js'
import { judgeLenders, type Lender, type Lent } from './lenders.js'
import type { Picture } from './image.js'
import type { RegistrationLevel } from './registration/level.js'
import { bicubic } from './sample.js'
import { correctSeam } from './seam.js'
import { smoothFill } from './smoothFill.js'
import type { Sight } from './sources.js'

/** A picture to borrow from. */
export interface Source {
  readonly picture: Picture
  /** Its colours -> the shot's reference colours. */
  readonly colour: ColourMap
  /** What is hidden there; null where nothing is. */
  readonly hole: Hole | null
  /** For lining its known part up with others; null where that cannot be done. */
  readonly pyramid: readonly RegistrationLevel[] | null
  /** Whether its hole was made up under a camera at rest, so that nothing filmed speaks of it. */
  readonly invented?: boolean
}

/** One way to predict hole pixels: other pictures that show them. */
export interface Candidate {
  readonly sight: Sight
  /** Picture and colours of a source, by its place in the shot. */
  readonly source: (index: number) => Source
  /** This frame's pixels -> those of a source. */
  readonly map: (index: number) => Homography
  /** How much it counts at a hole pixel that it shows. */
  readonly weigh: (n: number) => number
}

export interface Filled {
  /** Three floats per hole pixel. */
  readonly colours: Float32Array
  /** 0..1 per hole pixel: how far the prediction was believed. */
  readonly weight: Float32Array
  /** 0..1 per hole pixel: how far it stands in the picture. */
  readonly shown: Float32Array
  readonly evidence: Evidence
}

/**
 * Predicts, judges and blends the pixels of one frame's hole.
 *
 * @param doubtful whether a prediction stands in the picture as far as it is believed, or whole
 */
export function composeHole(
  frame: AnalysedFrame,
  hole: Hole,
  candidates: readonly Candidate[],
  doubtful: Doubtful,
  last: Evidence | null = null,
): Filled {
  const { colours, doubts, seen } = predict(frame, hole, candidates)
  const border = smoothFill(frame.picture, hole)
  const { weight, evidence } = trust(frame.picture, hole, colours, seen, doubts, border, last)
  const shown = doubtful === 'found' ? asFound(hole, seen, weight) : weight
  if (shown.some((w) => w < 0.995)) {
    const smooth = smoothFill(frame.picture, hole, colours, shown)
    for (let n = 0; n < shown.length; n++) {
      const w = shown[n]!
      for (let c = 0; c < 3; c++) {
        const at = n * 3 + c
        colours[at] = w === 0 ? smooth[at]! : w * colours[at]! + (1 - w) * smooth[at]!
      }
    }
  }
  return { colours, weight, shown, evidence }
}

/**
 * Depth in pixels from which doubtful content is shown whole: nearer, its outline would be a line. In
 * a small hole at this share of its depth.
 */
const RIM = 10
const RIM_SHARE = 1 / 3

function asFound(hole: Hole, seen: Float32Array, belief: Float32Array): Float32Array {
  const depths = depthsOf(hole)
  const deepest = depths.reduce(
    (most, depth) => (Number.isFinite(depth) ? Math.max(most, depth) : most),
    1,
  )
  const rim = Math.min(RIM, RIM_SHARE * deepest)
  return seen.map((one, n) => (one === 0 ? 0 : Math.max(belief[n]!, Math.min(1, depths[n]! / rim))))
}

/** A prediction of a whole hole with its expected error. */
interface Prediction {
  readonly colours: Float32Array
  /** 1 where there is a prediction. */
  readonly seen: Float32Array
  readonly doubts: Doubts
}

function predict(frame: AnalysedFrame, hole: Hole, candidates: readonly Candidate[]): Prediction {
  const count = hole.pixels.length
  const colours = new Float32Array(count * 3)
  const seen = new Float32Array(count)
  const disagreement = new Float32Array(count).fill(-1)
  const samples = new Float32Array(candidates.length * 3)
  const weights = new Float64Array(candidates.length)
  const support = new Float64Array(candidates.length)
  const lent: Lent = {
    error: new Float32Array(count),
    aligned: new Float32Array(count).fill(1),
    invented: new Uint8Array(count),
  }
  const used = new Array<Lender | undefined>(candidates.length)
  const lenders = lendersOf(frame, hole, candidates)
  judgeLenders(
    frame,
    hole,
    lenders.flatMap((some) => [...some.values()]),
  )
  for (let n = 0; n < count; n++) {
    let found = 0
    for (let k = 0; k < candidates.length; k++) {
      const { sight, weigh } = candidates[k]!
      const from = sight.source[n]!
      const lender = lenders[k]!.get(from)
      if (lender === undefined) continue
      const at = found * 3
      bicubic(lender.picture, sight.x[n]!, sight.y[n]!, samples, at)
      const { gain, offset } = lender.change
      samples[at] = gain[0] * samples[at]! + offset[0]
      samples[at + 1] = gain[1] * samples[at + 1]! + offset[1]
      samples[at + 2] = gain[2] * samples[at + 2]! + offset[2]
      used[found] = lender
      weights[found++] = weigh(n)
    }
    if (found === 0) continue
    seen[n] = 1
    ask(used, weights, found, cellOf(hole, frame.picture.width, n), n, lent)
    disagreement[n] = agree(samples, weights, support, found, colours, n * 3)
  }
  correctSeam(frame.picture, hole, colours, seen)
  const doubts = doubtsOf(frame.picture, hole, colours, seen, disagreement, lent)
  return { colours, seen, doubts }
}

/** The pictures that the candidates borrow from, by candidate and place in the shot. */
function lendersOf(
  frame: AnalysedFrame,
  hole: Hole,
  candidates: readonly Candidate[],
): ReadonlyMap<number, Lender>[] {
  const own = invertColour(frame.colour)
  const all = new Map<Picture, Lender>()
  const found = candidates.map(() => new Map<number, Lender>())
  for (let n = 0; n < hole.pixels.length; n++) {
    let total = 0
    for (const { sight, weigh } of candidates) if (sight.source[n]! >= 0) total += weigh(n)
    for (let k = 0; k < candidates.length; k++) {
      const { sight, source, map, weigh } = candidates[k]!
      const from = sight.source[n]!
      if (from < 0) continue
      let lender = found[k]!.get(from)
      if (lender === undefined) {
        const { picture, colour, hole: hidden, pyramid, invented = false } = source(from)
        const change = chainColour(colour, own)
        lender = all.get(picture) ?? {
          ...{ picture, hole: hidden, map: map(from), change, pyramid, invented },
          ...{ share: 0, verdict: null },
        }
        all.set(picture, lender)
        found[k]!.set(from, lender)
      }
      if (hole.inside[n] === 1) lender.share += weigh(n) / total
    }
  }
  return found
}

/** What a pixel's lenders say, each as a whole; without a word from any, nothing speaks against it. */
function ask(
  lenders: readonly (Lender | undefined)[],
  weights: Float64Array,
  count: number,
  cell: number,
  n: number,
  { error, aligned, invented }: Lent,
): void {
  if (lenders[0]?.invented === true) invented[n] = 1
  let errors = 0
  let judged = 0
  let share = 0
  let total = 0
  for (let i = 0; i < count; i++) {
    const verdict = lenders[i]?.verdict
    if (verdict == null) continue
    const weight = weights[i]!
    share += weight * verdict.aligned
    total += weight
    if (verdict.error === null) continue
    errors += weight * verdict.error[cell]!
    judged += weight
  }
  if (judged > 0) error[n] = errors / judged
  if (total > 0) aligned[n] = share / total
}

/** Levels of difference at which another view counts half in the vote. */
const SAME_POINT = 10

/**
 * Weighted mean of several views of one point in which each view's weight grows with how many
 * others agree with it: one look at a passing object does not survive two at the background.
 *
 * @param support scratch space, one per view
 * @returns the mean disagreement with the result in levels; -1 with a single view
 */
function agree(
  samples: Float32Array,
  weights: Float64Array,
  support: Float64Array,
  count: number,
  out: Float32Array,
  at: number,
): number {
  if (count === 1) {
    for (let c = 0; c < 3; c++) out[at + c] = samples[c]!
    return -1
  }
  let total = 0
  for (let i = 0; i < count; i++) {
    // With two views there is no majority.
    let votes = 1
    for (let j = 0; j < count && count > 2; j++) {
      if (j !== i) votes += 4 / (1 + (gap(samples, i * 3, samples, j * 3) / SAME_POINT) ** 4)
    }
    support[i] = votes * votes
    const weight = weights[i]! * support[i]!
    total += weight
    for (let c = 0; c < 3; c++) out[at + c] = out[at + c]! + weight * samples[i * 3 + c]!
  }
  for (let c = 0; c < 3; c++) out[at + c] = out[at + c]! / total
  // However little a view counts for the picture, as a witness it counts in full.
  let disagreement = 0
  let witnesses = 0
  for (let i = 0; i < count; i++) {
    witnesses += support[i]!
    disagreement += support[i]! * gap(samples, i * 3, out, at)
  }
  return ((disagreement / witnesses) * count) / (count - 1)
}

/** Mean absolute difference of two colours. */
function gap(a: Float32Array, i: number, b: Float32Array, j: number): number {
  return (
    (Math.abs(a[i]! - b[j]!) + Math.abs(a[i + 1]! - b[j + 1]!) + Math.abs(a[i + 2]! - b[j + 2]!)) /
    3
  )
}
