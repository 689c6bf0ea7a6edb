import type { Hole } from './hole.js'
import type { Picture } from './image.js'
import { spread } from './lenders.js'
import { ringError } from './ringMatch.js'

/** Error in levels that is always forgiven by half: compression and grain cost as much. */
const FORGIVEN = 8

/**
 * Wrong content of the same kind differs from a smooth fill by as much as it errs, right content
 * errs far less: up to this share of that difference a prediction is the better picture. On clips
 * with known truth, real and rendered, right predictions lie below 0.5 and wrong ones above 0.9.
 */
const HALF_TRUST = 0.75

/** Share of the whole hole's mean in each pixel's evidence: a single spot proves little. */
const POOLED = 0.8

/** Share of the frames before in the evidence: a picture that comes and goes is worse than either. */
const REMEMBERED = 0.25

/**
 * How much the disagreement of views counts over a whole hole, where they may be a little off
 * everywhere; at one place it counts in full.
 */
const VIEWS = 0.5

/** Expected square errors of a prediction per hole pixel, in levels (0..255). */
export interface Doubts {
  /** What speaks for or against the hole as a whole. */
  readonly whole: Float32Array
  /** What speaks for or against each place. */
  readonly local: Float32Array
}

/**
 * Judges a prediction by three witnesses: the known ring, the disagreement of the views where a
 * point has several, and how the pictures that fill the hole would have filled its ring.
 *
 * @param disagreement mean absolute difference of the views, -1 where there is only one
 * @param lent expected square error of the pictures that fill a pixel
 */
export function doubtsOf(
  picture: Picture,
  hole: Hole,
  colours: Float32Array,
  seen: Float32Array,
  disagreement: Float32Array,
  lent: Float32Array,
): Doubts {
  const count = hole.pixels.length
  const ringWeight = new Float32Array(count)
  const onRing = ringError(picture, hole, colours, seen, ringWeight)
  const among = new Float32Array(count)
  const amongWeight = new Float32Array(count)
  for (let n = 0; n < count; n++) {
    if (seen[n] === 0 || disagreement[n]! < 0) continue
    among[n] = disagreement[n]! ** 2
    amongWeight[n] = 1
  }
  const ring = spread(picture, hole, onRing, ringWeight)
  const views = spread(picture, hole, among, amongWeight)
  // Any witness can speak against a prediction; none can speak for it alone.
  return {
    whole: ring.map((value, n) => Math.max(value, VIEWS ** 2 * views[n]!)),
    local: ring.map((value, n) => Math.max(value, views[n]!, lent[n]!)),
  }
}

/** What a whole hole's prediction is judged by: mean squares in levels. */
export interface Evidence {
  readonly error: number
  readonly difference: number
}

/**
 * How far to believe each pixel of a prediction, 0..1, beside a smooth fill as the alternative.
 *
 * @param smooth the hole continued from its border alone
 * @param last the evidence of the frame before: what was believed there is not doubted at once
 */
export function trust(
  picture: Picture,
  hole: Hole,
  colours: Float32Array,
  seen: Float32Array,
  { whole, local }: Doubts,
  smooth: Float32Array,
  last: Evidence | null,
): { weight: Float32Array; evidence: Evidence } {
  const raw = new Float32Array(whole.length)
  for (let n = 0; n < raw.length; n++) {
    if (seen[n] === 0) continue
    let sum = 0
    for (let c = 0; c < 3; c++) sum += (colours[n * 3 + c]! - smooth[n * 3 + c]!) ** 2
    raw[n] = sum / 3
  }
  const difference = spread(picture, hole, raw, seen)
  const own = { error: meanOf(whole, hole, seen), difference: meanOf(difference, hole, seen) }
  const evidence =
    last === null
      ? own
      : {
          error: REMEMBERED * last.error + (1 - REMEMBERED) * own.error,
          difference: REMEMBERED * last.difference + (1 - REMEMBERED) * own.difference,
        }
  const weight = local.map((value, n) => {
    if (seen[n] === 0) return 0
    const error = POOLED * evidence.error + (1 - POOLED) * value
    const gap = POOLED * evidence.difference + (1 - POOLED) * difference[n]!
    return belief(Math.sqrt(error), Math.sqrt(gap))
  })
  return { weight, evidence }
}

/**
 * Belief 0..1 in a prediction.
 *
 * @param error its expected error in levels
 * @param difference how much it differs from the smooth fill, in levels
 */
export function belief(error: number, difference: number): number {
  return 1 / (1 + (error / Math.max(FORGIVEN, HALF_TRUST * difference)) ** 12)
}

/** Mean over the predicted pixels inside the hole. */
function meanOf(values: Float32Array, hole: Hole, seen: Float32Array): number {
  let sum = 0
  let count = 0
  for (let n = 0; n < values.length; n++) {
    if (hole.inside[n] === 0 || seen[n] === 0) continue
    sum += values[n]!
    count++
  }
  return sum / Math.max(1, count)
}
