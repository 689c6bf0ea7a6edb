import type { AnalysedFrame } from './analyse.js'
import type { Chain } from './chain.js'
import { chainColour, invertColour, type ColourMap } from './colour.js'
import { expectedError, trust } from './gate.js'
import type { Hole } from './hole.js'
import type { Picture } from './image.js'
import { bicubic } from './sample.js'
import { smoothFill } from './smoothFill.js'
import { correctSeam } from './seam.js'

/** One way to predict hole pixels: coordinates into the pictures of other frames. */
export interface Candidate {
  readonly chain: Chain
  /** Picture and colour of a source frame. */
  readonly source: (frame: number) => { readonly picture: Picture; readonly colour: ColourMap }
  /** How much it counts at a hole pixel, among the candidates that show that pixel. */
  readonly weigh: (n: number, sourceFrame: number) => number
}

export interface Filled {
  /** Three floats per hole pixel. */
  readonly colours: Float32Array
  /** 0..1 per hole pixel: how far the prediction was believed. */
  readonly weight: Float32Array
}

/** A prediction of a whole hole with its expected error. */
interface Prediction {
  readonly colours: Float32Array
  /** > 0 where there is a prediction. */
  readonly seen: Float32Array
  /** Expected error in levels. */
  readonly error: Float32Array
}

/**
 * Predicts, judges and blends the pixels of one frame's hole.
 *
 * @param hypotheses sets of candidates that belong together, one per assumption on the motion
 */
export function composeHole(
  frame: AnalysedFrame,
  hole: Hole,
  hypotheses: readonly (readonly Candidate[])[],
): Filled {
  const predictions = hypotheses.map((candidates) => predict(frame, hole, candidates))
  const { colours, error, seen } = choose(predictions, hole.pixels.length)
  const border = smoothFill(frame.picture, hole)
  const weight = trust(frame.picture, hole, colours, seen, error, border)
  if (weight.some((w) => w < 0.995)) {
    const smooth = smoothFill(frame.picture, hole, colours, weight)
    for (let n = 0; n < weight.length; n++) {
      const w = weight[n]!
      for (let c = 0; c < 3; c++) {
        const at = n * 3 + c
        colours[at] = w === 0 ? smooth[at]! : w * colours[at]! + (1 - w) * smooth[at]!
      }
    }
  }
  return { colours, weight }
}

/** Blends predictions of the same pixels, each by the inverse of its expected error. */
function choose(predictions: readonly Prediction[], count: number): Prediction {
  const [only] = predictions
  if (predictions.length === 1 && only !== undefined) return only
  const colours = new Float32Array(count * 3)
  const error = new Float32Array(count)
  const seen = new Float32Array(count)
  for (let n = 0; n < count; n++) {
    let total = 0
    for (const one of predictions) {
      if (one.seen[n] === 0) continue
      const w = 1 / (1 + one.error[n]! ** 4)
      total += w
      error[n] = error[n]! + w * one.error[n]!
      for (let c = 0; c < 3; c++) {
        colours[n * 3 + c] = colours[n * 3 + c]! + w * one.colours[n * 3 + c]!
      }
    }
    if (total === 0) continue
    seen[n] = 1
    error[n] = error[n]! / total
    for (let c = 0; c < 3; c++) colours[n * 3 + c] = colours[n * 3 + c]! / total
  }
  return { colours, error, seen }
}

function predict(frame: AnalysedFrame, hole: Hole, candidates: readonly Candidate[]): Prediction {
  const count = hole.pixels.length
  const colours = new Float32Array(count * 3)
  const seen = new Float32Array(count)
  const disagreement = new Float32Array(count).fill(-1)
  const samples = new Float32Array(candidates.length * 3)
  const weights = new Float64Array(candidates.length)
  const changes = candidates.map(() => new Map<number, Adapted>())
  for (let n = 0; n < count; n++) {
    let found = 0
    for (let k = 0; k < candidates.length; k++) {
      const { chain, source, weigh } = candidates[k]!
      const from = chain.frame[n]!
      if (from < 0) continue
      let adapted = changes[k]!.get(from)
      if (adapted === undefined) {
        const { picture, colour } = source(from)
        adapted = { picture, change: chainColour(colour, invertColour(frame.colour)) }
        changes[k]!.set(from, adapted)
      }
      const at = found * 3
      bicubic(adapted.picture, chain.x[n]!, chain.y[n]!, samples, at)
      const { gain, offset } = adapted.change
      samples[at] = gain[0] * samples[at]! + offset[0]
      samples[at + 1] = gain[1] * samples[at + 1]! + offset[1]
      samples[at + 2] = gain[2] * samples[at + 2]! + offset[2]
      weights[found++] = weigh(n, from)
    }
    if (found === 0) continue
    seen[n] = 1
    disagreement[n] = agree(samples, weights, found, colours, n * 3)
  }
  correctSeam(frame.picture, hole, colours, seen)
  const error = expectedError(frame.picture, hole, colours, seen, disagreement)
  return { colours, seen, error }
}

interface Adapted {
  readonly picture: Picture
  readonly change: ColourMap
}

/** Levels of difference at which another view counts half in the vote. */
const SAME_POINT = 10

/**
 * Weighted mean of several views of one point in which each view's weight grows with how many
 * others agree with it: one look at a passing object does not survive two at the background.
 *
 * @returns the mean disagreement with the result in levels; -1 with a single view
 */
function agree(
  samples: Float32Array,
  weights: Float64Array,
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
    let support = 1
    for (let j = 0; j < count && count > 2; j++) {
      if (j !== i) support += 4 / (1 + (gap(samples, i * 3, samples, j * 3) / SAME_POINT) ** 4)
    }
    const weight = weights[i]! * support * support
    weights[i] = weight
    total += weight
    for (let c = 0; c < 3; c++) out[at + c] = out[at + c]! + weight * samples[i * 3 + c]!
  }
  for (let c = 0; c < 3; c++) out[at + c] = out[at + c]! / total
  let disagreement = 0
  for (let i = 0; i < count; i++) {
    disagreement += (weights[i]! / total) * gap(samples, i * 3, out, at)
  }
  // The nearest view pulls the mean to itself: what is left understates the spread.
  return 2 * disagreement
}

/** Mean absolute difference of two colours. */
function gap(a: Float32Array, i: number, b: Float32Array, j: number): number {
  return (
    (Math.abs(a[i]! - b[j]!) + Math.abs(a[i + 1]! - b[j + 1]!) + Math.abs(a[i + 2]! - b[j + 2]!)) /
    3
  )
}
