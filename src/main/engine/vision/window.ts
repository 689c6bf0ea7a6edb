import { setImmediate as nextTurn } from 'node:timers/promises'

import type { Doubtful } from '../../../shared/document/model.js'
import { INVENTED_BELIEF } from '../../../shared/doubt.js'
import type { AnalysedFrame } from './analyse.js'
import { composeHole, type Candidate, type Filled } from './compose.js'
import { cutEdges, uncut } from './cutEdges.js'
import type { Evidence } from './gate.js'
import type { Hole } from './hole.js'
import { between, cornerShift, IDENTITY } from './homography.js'
import { analysisFactor, type Picture, type Size } from './image.js'
import { regrain } from './grain.js'
import { paintHole } from './keyFrame.js'
import { makeUp } from './makeUp.js'
import { createRandom } from './random.js'
import { findSights, VIEWS, type Maps, type Sight } from './sources.js'
import { steadyHole } from './steady.js'
import { stepBetween } from './view.js'

/** A finished frame: what the next one keeps to, and what others borrow where nothing was filmed. */
export interface Finished {
  readonly frame: AnalysedFrame
  /** With the hole filled. */
  readonly picture: Picture
  /** This frame's pixels -> those of its sources. */
  readonly maps: Maps
  /** Null where nothing was hidden. */
  readonly evidence: Evidence | null
  /** How plausible looks what was invented in it, 0..1. */
  readonly plausibility: number
}

export interface WindowFrame {
  readonly frame: AnalysedFrame
  /** Null where the hole is empty. */
  readonly filled: Filled | null
  /** Share 0..1 of the hole that another frame shows. */
  readonly seen: number
  /** Mean belief 0..1 in the pixels filled; 1 where nothing had to be. */
  readonly confidence: number
  /** What those that were invented add to it. */
  readonly invented: number
}

/** A stretch of a shot: some frames are filled, the others lend their pixels. */
export interface Window {
  readonly frames: readonly AnalysedFrame[]
  /** The frames to fill: `[from, to)`. */
  readonly from: number
  readonly to: number
  /** The frame before the first one, if that is finished. */
  readonly last: Finished | null
  /**
   * How many of the frames the caller has already: they are filled again, since each frame builds
   * on the one before, and named empty, except for the last.
   */
  readonly known: number
  readonly doubtful: Doubtful
}

export interface WindowEvents {
  readonly onPrepared: () => void
  /** Called with every finished frame before it is handed out. */
  readonly onFinished: (finished: Finished) => void
}

/**
 * Fills a window's frames in order.
 *
 * @param random for what is invented, and the seed of the grain, which is new in every frame
 */
export async function* fillWindow(
  { frames, from, to, last, known, doubtful }: Window,
  random: { readonly invention: () => number; readonly grain: number },
  signal: AbortSignal,
  { onPrepared, onFinished }: WindowEvents,
): AsyncGenerator<WindowFrame> {
  const maps: Maps[] = []
  const notSeen: Uint8Array[] = []
  if (last !== null) maps[from - 1] = last.maps
  for (let t = from; t < to; t++) {
    maps[t] = new Map()
    notSeen[t] = unseen(frames[t]!, findSights(frames, t, 1, maps[t]!, maps[t - 1]))
    onPrepared()
    await nextTurn()
    signal.throwIfAborted()
  }
  const atRest = isAtRest(frames.slice(from, to))
  const { candidates: invented, plausible } = await makeUp(
    {
      frames,
      from,
      to,
      last,
      unseen: notSeen,
      atRest,
      doubtful,
      random: random.invention,
      filmed: (t) => filmed(frames, t, maps),
    },
    signal,
  )
  let before = last
  for (let t = from; t < to; t++) {
    await nextTurn()
    signal.throwIfAborted()
    const frame = frames[t]!
    const { hole } = frame
    if (hole === null) {
      before = { frame, picture: frame.picture, maps: new Map(), evidence: null, plausibility: 1 }
      onFinished(before)
      yield { frame, ...UNTOUCHED }
      continue
    }
    const candidates = [...filmed(frames, t, maps), ...(invented.get(t) ?? [])]
    const filled = composeHole(frame, hole, candidates, doubtful, before?.evidence)
    if (before !== null) {
      const step = stepBetween(frame, before.frame)
      steadyHole(frame, hole, filled.colours, before.frame, before.picture, step)
    }
    regrain(frame.picture, hole, filled.colours, grainOf(random.grain, frame.index))
    const picture = paintHole(frame, filled.colours)
    const plausibility = meanWhere(plausible[t]!, notSeen[t]!)
    const whole = uncut(cutEdges(picture, hole, notSeen[t]!))
    before = { frame, picture, maps: maps[t]!, evidence: filled.evidence, plausibility }
    onFinished(before)
    if (t < from + known && t < to - 1) yield { frame, ...UNTOUCHED }
    else yield { frame, filled, ...judge(hole, filled, notSeen[t]!, plausible[t]!, whole) }
  }
}

/** What is said of a frame of which nothing is written. */
const UNTOUCHED = { filled: null, seen: 1, confidence: 1, invented: 0 } as const

function grainOf(seed: number, index: number): () => number {
  return createRandom(seed ^ Math.imul(index + 1, 0x9e3779b9))
}

/** Source pixels at the corners by which a picture may wander while the camera rests. */
const REST = 0.5

/** Whether the camera stands still in all these frames: as one, or what is shown would pop. */
function isAtRest(frames: readonly AnalysedFrame[]): boolean {
  return frames.every(({ pose, grey, picture }) => {
    const shift = cornerShift(between(pose, frames[0]!.pose), grey.width, grey.height)
    return shift * analysisFactor(picture) < REST
  })
}

/** 1 per hole pixel that no other frame shows. */
function unseen({ hole }: AnalysedFrame, sights: readonly Sight[]): Uint8Array {
  const out = new Uint8Array(hole?.pixels.length ?? 0).fill(1)
  for (const { source } of sights) {
    for (let n = 0; n < out.length; n++) if (source[n]! >= 0) out[n] = 0
  }
  return out
}

/** What other frames show of a hole; the nearest of them count most. */
function filmed(frames: readonly AnalysedFrame[], t: number, maps: readonly Maps[]): Candidate[] {
  const { picture, index } = frames[t]!
  const first = frames[0]!.index
  return findSights(frames, t, VIEWS, maps[t]!, maps[t - 1]).map((sight) => ({
    sight,
    source: (at) => frames[at - first]!,
    map: (at) => maps[t]!.get(at) ?? IDENTITY,
    weigh: (n) =>
      insetOf(picture, sight.x[n]!, sight.y[n]!) / Math.abs(sight.source[n]! - index) ** POWER,
  }))
}

/**
 * How steeply a source counts less with its distance in time. Steep: a mean of pictures that are
 * half a pixel apart is a blur, while two equally near ones still give way to each other slowly.
 */
const POWER = 4

/** Width in pixels over which one source gives way to the next. */
const FADE = 10

/** How far inside its source's picture a point lies: 0 at the border to 1 at FADE pixels or more. */
function insetOf({ width, height }: Size, x: number, y: number): number {
  const inset = Math.min(x, y, width - 1 - x, height - 1 - y) / FADE
  // A point that only one source shows is shown by that source.
  return inset > 1 ? 1 : Math.max(0.001, inset)
}

function judge(
  { inside }: Hole,
  filled: Filled,
  notSeen: Uint8Array,
  plausible: Float32Array,
  whole: number,
): { seen: number; confidence: number; invented: number } {
  let count = 0
  let seen = 0
  let filmed = 0
  let invented = 0
  for (let n = 0; n < inside.length; n++) {
    if (inside[n] === 0) continue
    count++
    if (notSeen[n] === 0) {
      seen++
      filmed += filled.weight[n]!
    } else invented += filled.weight[n]! * INVENTED_BELIEF * plausible[n]!
  }
  const all = Math.max(1, count)
  invented *= whole
  return { seen: seen / all, confidence: (filmed + invented) / all, invented: invented / all }
}

/** Mean of the values where `chosen` is 1; 1 where it is nowhere. */
function meanWhere(values: Float32Array, chosen: Uint8Array): number {
  let sum = 0
  let count = 0
  for (let n = 0; n < values.length; n++) {
    if (chosen[n] === 0) continue
    sum += values[n]!
    count++
  }
  return count === 0 ? 1 : sum / count
}
