import { setImmediate as nextTurn } from 'node:timers/promises'

import type { Doubtful } from '../../../shared/document/model.js'
import { INVENTED_BELIEF } from '../../../shared/doubt.js'
import type { AnalysedFrame } from './analyse.js'
import { composeHole, type Candidate, type Filled, type Source } from './compose.js'
import { cutEdges, uncut } from './cutEdges.js'
import type { Evidence } from './gate.js'
import type { Hole } from './hole.js'
import { between, cornerShift, IDENTITY, mapX, mapY, type Homography } from './homography.js'
import { analysisFactor, type Picture, type Size } from './image.js'
import { regrain } from './grain.js'
import { fillKeyFrame, paintHole } from './keyFrame.js'
import { createRandom } from './random.js'
import { emptySight, findSights, VIEWS, type Maps, type Sight } from './sources.js'
import { steadyHole } from './steady.js'
import { typicalFrame } from './typicalFrame.js'
import { stepBetween, viewOf } from './view.js'

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

/** A finished picture whose hole other frames may borrow from: content that was never filmed. */
interface Seed {
  readonly frame: AnalysedFrame
  readonly picture: Picture
  readonly plausibility: number
}

/** At most this many frames of a window get invented content; the others borrow it. */
const MAX_KEY_FRAMES = 3

/** Pixels of a hole for which nothing is made up. */
const FEW = 8

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
  const missing: Uint8Array[] = []
  if (last !== null) maps[from - 1] = last.maps
  for (let t = from; t < to; t++) {
    maps[t] = new Map()
    missing[t] = unseen(frames[t]!, findSights(frames, t, 1, maps[t]!, maps[t - 1]))
    onPrepared()
    await nextTurn()
    signal.throwIfAborted()
  }
  const notSeen = missing.map((lacking) => lacking.slice())
  /** How plausible looks what each pixel that nobody filmed is taken from. */
  const plausible = missing.map((lacking) => new Float32Array(lacking.length).fill(1))
  const invented = new Map<number, Candidate[]>()
  const atRest = isAtRest(frames.slice(from, to))

  /** Carries a finished frame's hole to the frames around it, for what is still missing there. */
  async function spread(seed: Seed): Promise<void> {
    for (let t = from; t < to; t++) {
      const hole = frames[t]!.hole
      if (hole === null || !missing[t]!.includes(1)) continue
      const h = frames[t] === seed.frame ? IDENTITY : viewOf(frames[t]!, seed.frame)
      const sight = carry(frames[t]!, hole, seed.frame, h, missing[t]!)
      for (let n = 0; n < sight.source.length; n++) {
        if (sight.source[n]! >= 0) plausible[t]![n] = seed.plausibility
      }
      const { colour, hole: hidden, pyramid } = seed.frame
      const { picture } = seed
      const source = (): Source => ({
        ...{ picture, colour, hole: hidden },
        ...{ pyramid: atRest ? pyramid : null, invented: atRest },
      })
      invented.set(t, [...(invented.get(t) ?? []), { sight, source, map: () => h, weigh: () => 1 }])
      await nextTurn()
      signal.throwIfAborted()
    }
  }

  if (last !== null) await spread(last)
  for (let round = 0; round < MAX_KEY_FRAMES; round++) {
    const at = typicalFrame(frames, countMissing(frames, missing, from, to), FEW, atRest)
    const frame = at === null ? undefined : frames[at]
    if (at === null || frame?.hole == null) break
    const all = [...filmed(frames, at, maps), ...(invented.get(at) ?? [])]
    const made = await fillKeyFrame(frame, all, doubtful, random.invention, signal)
    await spread({ frame, ...made })
  }
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

/** Where a finished frame shows what a hole still lacks, which then is no longer missing. */
function carry(
  frame: AnalysedFrame,
  hole: Hole,
  seed: AnalysedFrame,
  h: Homography,
  lacking: Uint8Array,
): Sight {
  const { width, height } = frame.picture
  const sight = emptySight(lacking.length)
  for (let n = 0; n < lacking.length; n++) {
    if (lacking[n] === 0) continue
    const pixel = hole.pixels[n]!
    const px = pixel % width
    const x = mapX(h, px, (pixel - px) / width)
    const y = mapY(h, px, (pixel - px) / width)
    if (!(x >= -0.5 && y >= -0.5 && x <= width - 0.5 && y <= height - 0.5)) continue
    sight.source[n] = seed.index
    sight.x[n] = x
    sight.y[n] = y
    lacking[n] = 0
  }
  return sight
}

/** How many pixels inside its hole each frame lacks. */
function countMissing(
  frames: readonly AnalysedFrame[],
  missing: readonly Uint8Array[],
  from: number,
  to: number,
): Map<number, number> {
  const out = new Map<number, number>()
  for (let t = from; t < to; t++) {
    const inside = frames[t]!.hole?.inside
    if (inside === undefined) continue
    let count = 0
    for (let n = 0; n < inside.length; n++) if (inside[n] === 1 && missing[t]![n] === 1) count++
    if (count > 0) out.set(t, count)
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
