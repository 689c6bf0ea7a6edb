import type { Hole } from './hole.js'
import type { Picture } from './image.js'
import { spread, type Lent } from './lenders.js'
import { ringError } from './ringMatch.js'

/** Error in levels that is always forgiven by half: compression and grain cost as much. */
const FORGIVEN = 8

/**
 * Wrong content of the same kind differs from a smooth fill by as much as it errs, right content
 * errs far less: up to this share of that difference a prediction is the better picture. On clips
 * with known truth, real and rendered, right predictions lie below 0.5 and wrong ones above 0.9.
 */
const HALF_TRUST = 0.75

/**
 * Share of that difference by which witnesses contradict a prediction that the ring confirms. One of
 * them is wrong: half of it is left. Independent textures contradict each other like this.
 */
const HALF_CONTRADICTED = 0.85

/** Share of the difference nearby by which they contradict it beyond that: strange content. */
const HALF_STRANGE = 1.6

/** Share of the texture around a hole that its lenders must line up to be believed half. */
const HALF_ALIGNED = 0.4

/** Share of the whole hole's mean in what the ring says: a single spot proves little. */
const POOLED = 0.9

/** The same for contradictions, which belong to their places. */
const CONTRADICTIONS_POOLED = 0.2

/** The same for how far the lenders line up. */
const ALIGNED_POOLED = 0.5

/** The same for the difference by which content is called strange. */
const STRANGENESS_POOLED = 0.5

/** Share of the frames before in the evidence: a picture that comes and goes is worse than either. */
const REMEMBERED = 0.25

/** What speaks for or against a prediction, per hole pixel. */
export interface Doubts {
  /** Expected square error in levels (0..255) by the known ring. */
  readonly ring: Float32Array
  /** The same by the views of a point and by the pictures that fill it. */
  readonly contradiction: Float32Array
  /** Share 0..1 of the texture around the hole that those pictures line up. */
  readonly aligned: Float32Array
  /** 1 where what is predicted was made up under a camera at rest. */
  readonly invented: Uint8Array
}

/**
 * Asks the witnesses of a prediction: the known ring, the disagreement of the views where a point
 * has several, and how the pictures that fill the hole fit what is around it.
 *
 * @param disagreement mean absolute difference of the views, -1 where there is only one
 */
export function doubtsOf(
  picture: Picture,
  hole: Hole,
  colours: Float32Array,
  seen: Float32Array,
  disagreement: Float32Array,
  lent: Lent,
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
  const views = spread(picture, hole, among, amongWeight)
  return {
    ring: spread(picture, hole, onRing, ringWeight),
    contradiction: views.map((value, n) => Math.max(value, lent.error[n]!)),
    aligned: lent.aligned,
    invented: lent.invented,
  }
}

/** What a whole hole's prediction is judged by; the first three are mean squares in levels. */
export interface Evidence {
  readonly error: number
  readonly difference: number
  readonly contradiction: number
  readonly aligned: number
}

/**
 * How far to believe each pixel of a prediction, 0..1, beside a smooth fill as the alternative. Any
 * witness can speak against a prediction; none can speak for it alone. What was made up under a
 * camera at rest has no witnesses but the surroundings that stand still with it: what other frames
 * show of the rest of the hole, right or wrong, says nothing of it (ADR 0018).
 *
 * @param smooth the hole continued from its border alone
 * @param last the evidence of the frame before: what was believed there is not doubted at once
 */
export function trust(
  picture: Picture,
  hole: Hole,
  colours: Float32Array,
  seen: Float32Array,
  { ring, contradiction, aligned, invented }: Doubts,
  smooth: Float32Array,
  last: Evidence | null,
): { weight: Float32Array; evidence: Evidence } {
  const raw = new Float32Array(seen.length)
  for (let n = 0; n < raw.length; n++) {
    if (seen[n] === 0) continue
    let sum = 0
    for (let c = 0; c < 3; c++) sum += (colours[n * 3 + c]! - smooth[n * 3 + c]!) ** 2
    raw[n] = sum / 3
  }
  const filmed = seen.map((one, n) => (invented[n] === 1 ? 0 : one))
  const difference = spread(picture, hole, raw, seen)
  const remember = (values: Float32Array, before: number | undefined): number => {
    const own = meanOf(values, hole, filmed)
    return before === undefined ? own : REMEMBERED * before + (1 - REMEMBERED) * own
  }
  const evidence: Evidence = {
    error: remember(ring, last?.error),
    difference: remember(difference, last?.difference),
    contradiction: remember(contradiction, last?.contradiction),
    aligned: remember(aligned, last?.aligned),
  }
  const pool = (whole: number, local: number, share: number): number =>
    share * whole + (1 - share) * local
  const carried = meanOf(aligned, hole, Float32Array.from(invented))
  const weight = ring.map((value, n) => {
    if (seen[n] === 0) return 0
    if (invented[n] === 1) return held(pool(carried, aligned[n]!, ALIGNED_POOLED))
    const error = pool(evidence.error, value, POOLED)
    const gap = pool(evidence.difference, difference[n]!, POOLED)
    const nearby = pool(evidence.difference, difference[n]!, STRANGENESS_POOLED)
    const against = pool(evidence.contradiction, contradiction[n]!, CONTRADICTIONS_POOLED)
    const fits = pool(evidence.aligned, aligned[n]!, ALIGNED_POOLED)
    return (
      belief(Math.sqrt(error), Math.sqrt(gap)) *
      uncontradicted(Math.sqrt(against), Math.sqrt(gap), Math.sqrt(nearby)) *
      held(fits)
    )
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

/**
 * How much of that is left when other witnesses expect such an error.
 *
 * @param nearby how much the prediction differs from the smooth fill around that place
 */
function uncontradicted(error: number, difference: number, nearby: number): number {
  const limit = Math.max(FORGIVEN, HALF_CONTRADICTED * difference)
  const far = Math.max(FORGIVEN, HALF_STRANGE * nearby)
  return 0.5 / (1 + (error / limit) ** 12) + 0.5 / (1 + (error / far) ** 8)
}

/** The same when the lenders line up this share of the texture around the hole. */
function held(aligned: number): number {
  return 1 / (1 + (HALF_ALIGNED / Math.max(1e-3, aligned)) ** 8)
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
