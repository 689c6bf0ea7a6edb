import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Doubtful } from '../../../shared/document/model.js'
import type { AnalysedFrame } from './analyse.js'
import { chainColour, invertColour } from './colour.js'
import type { Candidate, Source } from './compose.js'
import { cutEdges } from './cutEdges.js'
import type { Hole } from './hole.js'
import { IDENTITY, mapX, mapY, type Homography } from './homography.js'
import type { Picture } from './image.js'
import { fillKeyFrame } from './keyFrame.js'
import { reachOf, type Fit } from './reachInTime.js'
import { emptySight, type Sight } from './sources.js'
import { typicalFrame } from './typicalFrame.js'
import { viewOf } from './view.js'

/** A finished picture whose hole other frames may borrow from: content that was never filmed. */
export interface Seed {
  readonly frame: AnalysedFrame
  readonly picture: Picture
  /** How plausible looks what was invented in it, 0..1. */
  readonly plausibility: number
}

/** What is made up for the frames of a window. */
export interface MadeUp {
  /** Where each frame borrows it, by position in the window. */
  readonly candidates: ReadonlyMap<number, readonly Candidate[]>
  /** How plausible looks what each hole pixel is taken from, 0..1; 1 where it was filmed. */
  readonly plausible: readonly Float32Array[]
}

/** At most this many frames of a window get invented content; the others borrow it. */
const MAX_KEY_FRAMES = 3

/** How often, of these, because what was made up does not fit any more: it may turn out no better. */
const MOST_AGAIN = 1

/** Pixels of a hole for which nothing is made up. */
const FEW = 8

/** Share of the cut edges of what was there before with which another fill is worth the change. */
const WORTH_CHANGING = 0.5

/** Levels that no fit reaches. */
const HOPELESS = 1000

interface MakeUpInput {
  readonly frames: readonly AnalysedFrame[]
  /** The frames to make something up for: `[from, to)`. */
  readonly from: number
  readonly to: number
  /** The finished frame before the first one. */
  readonly last: Seed | null
  /** 1 per hole pixel that no other frame shows. */
  readonly unseen: readonly Uint8Array[]
  readonly atRest: boolean
  readonly doubtful: Doubtful
  /** What other frames show of a frame's hole. */
  readonly filmed: (t: number) => readonly Candidate[]
  readonly random: () => number
}

/** A fill as it would be in the frames that lack one. */
interface Offer {
  readonly seed: Seed
  /** By position in the window: how the seed is seen from there, and how it would fit. */
  readonly views: ReadonlyMap<number, { readonly map: Homography; readonly fit: Fit }>
  /** The frames that have taken it. */
  readonly taken: Set<number>
}

/**
 * Makes up what no frame of a window shows: in a frame that is typical of those that lack it, from
 * which it is carried to the others. Under a camera at rest it is carried as far in time as it fits
 * there; beyond, where what is around the hole has changed for good, another frame is typical.
 */
export async function makeUp(
  { frames, from, to, last, unseen, atRest, doubtful, filmed, random }: MakeUpInput,
  signal: AbortSignal,
): Promise<MadeUp> {
  const missing = unseen.map((lacking) => lacking.slice())
  const plausible = missing.map((lacking) => new Float32Array(lacking.length).fill(1))
  const candidates = new Map<number, Candidate[]>()
  const offers: Offer[] = []

  const lacks = (t: number): boolean => frames[t]!.hole !== null && missing[t]!.includes(1)

  async function offerOf(seed: Seed): Promise<Offer> {
    const views = new Map<number, { map: Homography; fit: Fit }>()
    for (let t = from; t < to; t++) {
      const frame = frames[t]!
      if (frame.hole === null || !lacks(t)) continue
      const map = frame === seed.frame ? IDENTITY : viewOf(frame, seed.frame)
      views.set(t, { map, fit: atRest ? fitOf(frame, frame.hole, seed, map, missing[t]!) : 0 })
      await nextTurn()
      signal.throwIfAborted()
    }
    return { seed, views, taken: new Set() }
  }

  function take({ seed, views, taken }: Offer, t: number): void {
    taken.add(t)
    const map = views.get(t)?.map
    const { hole } = frames[t]!
    if (hole === null || map === undefined) return
    const sight = carry(frames[t]!, hole, seed.frame, map, missing[t]!)
    for (let n = 0; n < sight.source.length; n++) {
      if (sight.source[n]! < 0) continue
      plausible[t]![n] = seed.plausibility
      missing[t]![n] = 0
    }
    const { colour, hole: hidden, pyramid } = seed.frame
    const source = (): Source => ({
      ...{ picture: seed.picture, colour, hole: hidden },
      ...{ pyramid: atRest ? pyramid : null, invented: atRest },
    })
    const one: Candidate = { sight, source, map: () => map, weigh: () => 1 }
    candidates.set(t, [...(candidates.get(t) ?? []), one])
  }

  function takeAsFarAsItFits(offer: Offer, start: number): void {
    const fits = (t: number): Fit | null => offer.views.get(t)?.fit ?? null
    const reach = reachOf(fits, start, from, to)
    const within = [...offer.views.keys()].filter((t) => t >= reach.from && t < reach.to)
    // A change is seen, unless it is one for the better.
    const rival = offers.filter((other) =>
      within.every((t) => other.views.has(t) && !other.taken.has(t)),
    )
    const best = rival.reduce(
      (a, b) => (meanFit(b, within) < meanFit(a, within) ? b : a),
      rival[0] ?? offer,
    )
    const isBetter = meanFit(offer, within) < WORTH_CHANGING * meanFit(best, within)
    const taken = best === offer || isBetter ? offer : best
    for (const t of within) take(taken, t)
    offers.push(offer)
  }

  if (last !== null) takeAsFarAsItFits(await offerOf(last), from - 1)
  let again = 0
  for (let round = 0; round < MAX_KEY_FRAMES; round++) {
    const at = typicalFrame(frames, countMissing(frames, missing, from, to), FEW, atRest)
    const frame = at === null ? undefined : frames[at]
    if (at === null || frame?.hole == null) break
    const isAgain = offers.some(({ views, taken }) => views.has(at) && !taken.has(at))
    if (isAgain && again++ === MOST_AGAIN) break
    const all = [...filmed(at), ...(candidates.get(at) ?? [])]
    const made = await fillKeyFrame(frame, all, doubtful, random, signal)
    takeAsFarAsItFits(await offerOf({ frame, ...made }), at)
  }
  // What is still lacking gets what fits it best of all that there is, a stretch at a time.
  for (const run of runsOf(from, to, lacks)) {
    const best = [...offers].sort((a, b) => meanFit(a, run) - meanFit(b, run))
    for (const offer of best)
      for (const t of run) if (lacks(t) && !offer.taken.has(t)) take(offer, t)
  }
  return { candidates, plausible }
}

/** Mean over some frames; hopeless where one of them was not looked at. */
function meanFit({ views }: Offer, frames: readonly number[]): Fit {
  let sum = 0
  for (const t of frames) sum += views.get(t)?.fit ?? HOPELESS
  return sum / frames.length
}

/** The stretches of neighbouring frames for which something holds. */
function runsOf(from: number, to: number, holds: (t: number) => boolean): number[][] {
  const runs: number[][] = []
  for (let t = from; t < to; t++) {
    if (!holds(t)) continue
    const last = runs[runs.length - 1]
    if (last?.[last.length - 1] === t - 1) last.push(t)
    else runs.push([t])
  }
  return runs
}

/** How hard a fill would cut off what is around a frame's hole, in levels. */
function fitOf(
  frame: AnalysedFrame,
  hole: Hole,
  seed: Seed,
  map: Homography,
  lacking: Uint8Array,
): Fit {
  const { width } = frame.picture
  const data = frame.picture.data.slice()
  const chosen = new Uint8Array(lacking.length)
  const { gain, offset } = chainColour(seed.frame.colour, invertColour(frame.colour))
  for (let n = 0; n < lacking.length; n++) {
    if (hole.inside[n] === 0) continue
    const pixel = hole.pixels[n]!
    const px = pixel % width
    const x = Math.round(mapX(map, px, (pixel - px) / width))
    const y = Math.round(mapY(map, px, (pixel - px) / width))
    if (!(x >= 0 && y >= 0 && x < width && y < frame.picture.height)) continue
    chosen[n] = lacking[n]!
    for (const c of [0, 1, 2] as const) {
      const value = gain[c] * seed.picture.data[(y * width + x) * 3 + c]! + offset[c]
      data[pixel * 3 + c] = Math.min(255, Math.max(0, Math.round(value)))
    }
  }
  return cutEdges({ ...frame.picture, data }, hole, chosen)
}

/** Where a finished frame shows what a hole still lacks. */
function carry(
  { picture: { width, height } }: AnalysedFrame,
  hole: Hole,
  seed: AnalysedFrame,
  h: Homography,
  lacking: Uint8Array,
): Sight {
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
