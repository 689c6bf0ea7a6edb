import { setImmediate as nextTurn } from 'node:timers/promises'

import type { AnalysedFrame } from './analyse.js'
import { composeHole, type Candidate, type Filled } from './compose.js'
import { fillKeyFrame } from './keyFrame.js'
import { analysisFactor, type Picture } from './image.js'
import { findOnPlane, movingCells, VIEWS } from './plane.js'
import { remeasure } from './secondPass.js'
import { emptyChain, extendChain, type Chain } from './propagate.js'
import type { OpenCvBox } from './opencv.js'

/** A finished picture whose hole other frames may borrow from: content that was never filmed. */
export interface Seed {
  /** Position in the window. */
  readonly at: number
  readonly picture: Picture
}

export interface WindowFrame {
  readonly frame: AnalysedFrame
  /** Null where the hole is empty. */
  readonly filled: Filled | null
  /** Share 0..1 of the hole that another frame shows. */
  readonly seen: number
  /** Mean belief 0..1 in the pixels filled; 1 where nothing had to be. */
  readonly confidence: number
}

/** At most this many frames of a window get invented content; the others borrow it. */
const MAX_KEY_FRAMES = 3

/** Belief in invented content, beside which a gate of 1 would be a lie. */
const INVENTED = 0.55

/**
 * Fills frames `[from, to)` of a window; the others lend their pixels.
 *
 * @param carried the last frame of the window before, so that invented content stays the same
 */
export async function* fillWindow(
  opencv: OpenCvBox,
  measured: readonly AnalysedFrame[],
  from: number,
  to: number,
  carried: Seed | null,
  random: () => number,
  signal: AbortSignal,
  onPrepared: () => void,
): AsyncGenerator<WindowFrame> {
  let frames = measured
  let local: Sources | null = null
  if (measured.some((frame) => hasDeviation(frame))) {
    frames = await remeasure(opencv, measured, await findSources(measured, signal), signal)
    local = await findSources(frames, signal)
  }
  const chains = local
  const moving = frames.map((_frame, t) => movingCells(measured, t))
  const found: Views[] = [
    (t, wanted) =>
      ([-1, 1] as const).flatMap((way) => findOnPlane(measured, t, way, moving, wanted)),
    ...(chains === null ? [] : [(t: number) => [chains.past[t]!, chains.future[t]!]]),
  ]
  const invented = frames.map((frame) => emptyChain(frame.hole?.pixels.length ?? 0))
  const seeds = new Map<number, Picture>()
  const missing: Uint8Array[] = []
  for (let t = 0; t < frames.length; t++) {
    // Only what is finished now has to know what it lacks.
    const inTurn = t >= from && t < to
    missing[t] = inTurn ? unseen(frames[t]!, t, found) : new Uint8Array(0)
    if (inTurn) onPrepared()
    await nextTurn()
    signal.throwIfAborted()
  }
  const notSeen = missing.map((lacking) => lacking.slice())
  if (carried !== null) {
    seeds.set(carried.at, carried.picture)
    await spread(frames, carried.at, missing, invented, from, to, signal)
  }
  for (let round = 0; round < MAX_KEY_FRAMES; round++) {
    const key = mostMissing(frames, missing, from, to)
    if (key === null) break
    seeds.set(
      key,
      await fillKeyFrame(
        frames[key]!,
        key,
        candidates(frames, key, found, invented, seeds),
        random,
        signal,
      ),
    )
    await spread(frames, key, missing, invented, from, to, signal)
  }
  for (let t = from; t < to; t++) {
    await nextTurn()
    signal.throwIfAborted()
    const frame = frames[t]!
    if (frame.hole === null) {
      yield { frame, filled: null, seen: 1, confidence: 1 }
      continue
    }
    const filled = composeHole(frame, frame.hole, t, candidates(frames, t, found, invented, seeds))
    yield { frame, filled, ...judge(frame, filled, notSeen[t]!) }
  }
}

/**
 * Several views of a frame's hole, in both directions of time, found anew each time: kept for all
 * frames of a window they would be the largest thing in memory.
 */
type Views = (t: number, wanted: number) => readonly Chain[]

/** Chains of every frame of a window in both directions of time. */
export interface Sources {
  /** What earlier frames show, per frame. */
  readonly past: readonly Chain[]
  readonly future: readonly Chain[]
}

async function findSources(
  frames: readonly AnalysedFrame[],
  signal: AbortSignal,
): Promise<Sources> {
  const past: Chain[] = []
  const future: Chain[] = []
  for (let t = 0; t < frames.length; t++) {
    past[t] = step(frames, t, t - 1, past[t - 1] ?? null)
    await nextTurn()
    signal.throwIfAborted()
  }
  for (let t = frames.length - 1; t >= 0; t--) {
    future[t] = step(frames, t, t + 1, future[t + 1] ?? null)
    await nextTurn()
    signal.throwIfAborted()
  }
  return { past, future }
}

/** One link of a chain: from frame `t` to its neighbour `to` (t - 1 or t + 1). */
function step(
  frames: readonly AnalysedFrame[],
  t: number,
  to: number,
  chain: Chain | null,
  wanted?: Uint8Array,
  everythingKnown = false,
): Chain {
  const frame = frames[t]!
  const neighbour = frames[to]
  const link = frames[Math.max(t, to)]?.fromPrevious ?? null
  if (frame.hole === null || neighbour === undefined || link === null) {
    return emptyChain(frame.hole?.pixels.length ?? 0)
  }
  const forward = to > t
  return extendChain(
    frame.hole,
    frame.picture,
    analysisFactor(frame.picture),
    {
      frame: to,
      there: forward ? link.forward : link.backward,
      back: forward ? link.backward : link.forward,
      hole: everythingKnown ? null : neighbour.hole,
      chain,
    },
    wanted,
  )
}

function hasDeviation({ fromPrevious }: AnalysedFrame): boolean {
  return fromPrevious?.forward.deviation != null || fromPrevious?.backward.deviation != null
}

/** 1 per hole pixel that neither direction found. */
function unseen(frame: AnalysedFrame, t: number, found: readonly Views[]): Uint8Array {
  const out = new Uint8Array(frame.hole?.pixels.length ?? 0).fill(1)
  for (const chain of found.flatMap((views) => views(t, 1))) {
    for (let n = 0; n < out.length; n++) if (chain.frame[n]! >= 0) out[n] = 0
  }
  return out
}

/** Carries a finished frame's hole to the frames around it, for the pixels still missing there. */
async function spread(
  frames: readonly AnalysedFrame[],
  key: number,
  missing: readonly Uint8Array[],
  invented: Chain[],
  from: number,
  to: number,
  signal: AbortSignal,
): Promise<void> {
  settle(frames, key, key, missing, invented, null)
  for (const direction of [1, -1]) {
    let last: Chain | null = null
    for (let t = key + direction; t >= from && t < to; t += direction) {
      // The whole hole is followed, not only what is missing here: later frames may need it.
      last = step(frames, t, t - direction, last, undefined, t - direction === key)
      settle(frames, t, key, missing, invented, last)
      await nextTurn()
      signal.throwIfAborted()
    }
  }
}

/** Notes what a seed gave to a frame; `chain` null is the seed's own frame. */
function settle(
  frames: readonly AnalysedFrame[],
  t: number,
  key: number,
  missing: readonly Uint8Array[],
  invented: Chain[],
  chain: Chain | null,
): void {
  const hole = frames[t]!.hole
  if (hole === null) return
  const width = frames[t]!.picture.width
  const into = invented[t]!
  const lacking = missing[t]!
  for (let n = 0; n < lacking.length; n++) {
    if (lacking[n] === 0 || (chain !== null && chain.frame[n] !== key)) continue
    const pixel = hole.pixels[n]!
    into.frame[n] = key
    into.x[n] = chain === null ? pixel % width : chain.x[n]!
    into.y[n] = chain === null ? Math.floor(pixel / width) : chain.y[n]!
    into.error[n] = chain === null ? 0 : chain.error[n]!
    lacking[n] = 0
  }
}

/** The frame that lacks most pixels inside its hole, if any lacks enough to matter. */
function mostMissing(
  frames: readonly AnalysedFrame[],
  missing: readonly Uint8Array[],
  from: number,
  to: number,
): number | null {
  let best: number | null = null
  let most = 8
  for (let t = from; t < to; t++) {
    const inside = frames[t]!.hole?.inside
    if (inside === undefined) continue
    let count = 0
    for (let n = 0; n < inside.length; n++) if (inside[n] === 1 && missing[t]![n] === 1) count++
    if (count > most) {
      most = count
      best = t
    }
  }
  return best
}

function candidates(
  frames: readonly AnalysedFrame[],
  t: number,
  found: readonly Views[],
  invented: readonly Chain[],
  seeds: ReadonlyMap<number, Picture>,
): Candidate[][] {
  const filmed = (frame: number): ReturnType<Candidate['source']> => frames[frame]!
  const borrowed: Candidate = {
    chain: invented[t]!,
    source: (frame) => ({ picture: seeds.get(frame)!, colour: frames[frame]!.colour }),
    weight: 1,
  }
  return found.map((views) => [
    ...views(t, VIEWS).map((chain) => ({ chain, source: filmed, weight: 1 })),
    borrowed,
  ])
}

function judge(
  frame: AnalysedFrame,
  filled: Filled,
  notSeen: Uint8Array,
): { seen: number; confidence: number } {
  const inside = frame.hole!.inside
  let count = 0
  let seen = 0
  let belief = 0
  for (let n = 0; n < inside.length; n++) {
    if (inside[n] === 0) continue
    count++
    const filmed = notSeen[n] === 0
    if (filmed) seen++
    belief += filled.weight[n]! * (filmed ? 1 : INVENTED)
  }
  return { seen: seen / Math.max(1, count), confidence: belief / Math.max(1, count) }
}
