import type { AnalysedFrame } from './analyse.js'
import { chainColour, invertColour, type ColourMap } from './colour.js'
import { expectedError, trust } from './gate.js'
import type { Hole } from './hole.js'
import { analysisFactor, type Picture } from './image.js'
import type { Chain } from './propagate.js'
import { bicubic } from './sample.js'
import { smoothFill } from './smoothFill.js'
import { correctSeam } from './seam.js'

/** One way to predict hole pixels: coordinates into the pictures of other frames. */
export interface Candidate {
  readonly chain: Chain
  /** Picture and colour of a source frame. */
  readonly source: (frame: number) => { readonly picture: Picture; readonly colour: ColourMap }
  /** Weight factor beside error and distance: 1 for what was filmed. */
  readonly weight: number
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
  time: number,
  hypotheses: readonly (readonly Candidate[])[],
): Filled {
  const predictions = hypotheses.map((candidates) => predict(frame, hole, time, candidates))
  const { colours, error, seen } = choose(predictions, hole.pixels.length)
  const weight = error.map((value, n) => (seen[n] === 0 ? 0 : trust(value)))
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

function predict(
  frame: AnalysedFrame,
  hole: Hole,
  time: number,
  candidates: readonly Candidate[],
): Prediction {
  const factor = analysisFactor(frame.picture)
  const count = hole.pixels.length
  const colours = new Float32Array(count * 3)
  const total = new Float32Array(count)
  const disagreement = new Float32Array(count).fill(-1)
  const sample = new Float32Array(3)
  const first = new Float32Array(count * 3)
  for (const { chain, source, weight: own } of candidates) {
    const cache = new Map<number, { picture: Picture; change: ColourMap }>()
    for (let n = 0; n < count; n++) {
      const from = chain.frame[n]!
      if (from < 0) continue
      let entry = cache.get(from)
      if (entry === undefined) {
        const { picture, colour } = source(from)
        entry = { picture, change: chainColour(colour, invertColour(frame.colour)) }
        cache.set(from, entry)
      }
      bicubic(entry.picture, chain.x[n]!, chain.y[n]!, sample, 0)
      const distance = 1 + Math.abs(from - time)
      const weight = (own * Math.exp(-chain.error[n]! / factor / 2)) / (distance * distance)
      let difference = 0
      for (let c = 0; c < 3; c++) {
        const value = entry.change.gain[c]! * sample[c]! + entry.change.offset[c]!
        const at = n * 3 + c
        if (total[n] === 0) first[at] = value
        else difference += Math.abs(value - first[at]!)
        colours[at] = colours[at]! + weight * value
      }
      if (total[n]! > 0) disagreement[n] = difference / 3
      total[n] = total[n]! + weight
    }
  }
  for (let n = 0; n < count; n++) {
    const sum = total[n]!
    if (sum === 0) continue
    for (let c = 0; c < 3; c++) colours[n * 3 + c] = colours[n * 3 + c]! / sum
  }
  correctSeam(frame.picture, hole, colours, total)
  const error = expectedError(frame.picture, hole, colours, total, disagreement)
  return { colours, seen: total, error }
}
