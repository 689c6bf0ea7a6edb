import { setImmediate as nextTurn } from 'node:timers/promises'

import type { AnalysedFrame } from './analyse.js'
import { emptyChain, type Chain } from './chain.js'
import { composeHole, type Candidate, type Filled } from './compose.js'
import { lookAt, viewOf, type View } from './align.js'
import { findViews } from './sources.js'
import { IDENTITY } from './homography.js'
import { fillKeyFrame } from './keyFrame.js'
import type { Picture, Size } from './image.js'
import type { OpenCvBox } from './opencv.js'
import { findOnPlane, VIEWS } from './plane.js'

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
 * @param known how many of the frames are finished already: they are only named again, empty,
 * except for the last of the window, which the next one needs
 */
export async function* fillWindow(
  opencv: OpenCvBox,
  frames: readonly AnalysedFrame[],
  from: number,
  to: number,
  carried: Seed | null,
  known: number,
  random: () => number,
  signal: AbortSignal,
  onPrepared: () => void,
): AsyncGenerator<WindowFrame> {
  const views: View[][] = []
  const missing: Uint8Array[] = []
  for (let t = from; t < to; t++) {
    const before = views[t - 1]
    views[t] = findViews(opencv, frames, t, before ?? [])
    missing[t] = unseen(frames, t, views[t]!)
    onPrepared()
    await nextTurn()
    signal.throwIfAborted()
  }
  const notSeen = missing.map((lacking) => lacking.slice())
  const invented = new Map<number, Invented>()
  const seeds: Seed[] = []

  /** Carries a finished frame's hole to the frames around it, for what is still missing there. */
  async function spread(seed: Seed): Promise<void> {
    seeds.push(seed)
    for (let t = from; t < to; t++) {
      if (!missing[t]!.includes(1)) continue
      const chain = carry(opencv, frames, t, seed.at)
      const into = invented.get(t) ?? emptyInvention(missing[t]!.length)
      invented.set(t, into)
      settle(missing[t]!, chain, seeds.length - 1, into)
      await nextTurn()
      signal.throwIfAborted()
    }
  }

  if (carried !== null) await spread(carried)
  for (let round = 0; round < MAX_KEY_FRAMES; round++) {
    const at = mostMissing(frames, missing, from, to)
    if (at === null) break
    const picture = await fillKeyFrame(
      frames[at]!,
      hypotheses(frames, at, views[at]!, invented.get(at), seeds),
      random,
      signal,
    )
    await spread({ at, picture })
  }
  for (let t = from; t < to; t++) {
    await nextTurn()
    signal.throwIfAborted()
    const frame = frames[t]!
    if (frame.hole === null || (t < from + known && t < to - 1)) {
      yield { frame, filled: null, seen: 1, confidence: 1 }
      continue
    }
    const tried = hypotheses(frames, t, views[t]!, invented.get(t), seeds)
    const filled = composeHole(frame, frame.hole, tried)
    yield { frame, filled, ...judge(frame, filled, notSeen[t]!) }
  }
}

/** Where a frame's hole borrows invented content: coordinates into one of the seeds. */
interface Invented {
  /** Position in the list of seeds, -1 where nothing was invented. */
  readonly seed: Int32Array
  readonly chain: Chain
}

function emptyInvention(length: number): Invented {
  return { seed: new Int32Array(length).fill(-1), chain: emptyChain(length) }
}

/** 1 per hole pixel that no other frame shows. */
function unseen(frames: readonly AnalysedFrame[], t: number, views: readonly View[]): Uint8Array {
  const frame = frames[t]!
  const out = new Uint8Array(frame.hole?.pixels.length ?? 0).fill(1)
  const found = [
    ...findOnPlane(frames, t, -1, 1),
    ...findOnPlane(frames, t, 1, 1),
    ...views.map((view) => lookAt(frame, view, frames[view.source]!.hole)),
  ]
  for (const chain of found) {
    for (let n = 0; n < out.length; n++) if (chain.frame[n]! >= 0) out[n] = 0
  }
  return out
}

/** Where a finished frame shows the content of another frame's hole. */
function carry(
  opencv: OpenCvBox,
  frames: readonly AnalysedFrame[],
  t: number,
  seed: number,
): Chain {
  const frame = frames[t]!
  const own = { h: IDENTITY, deviation: null }
  const view = t === seed ? { source: t, motion: own } : viewOf(opencv, frames, t, seed)
  return view === null ? emptyChain(frame.hole?.pixels.length ?? 0) : lookAt(frame, view, null)
}

/** Notes what a seed gives to a frame's missing pixels, which then are no longer missing. */
function settle(lacking: Uint8Array, chain: Chain, seed: number, into: Invented): void {
  for (let n = 0; n < lacking.length; n++) {
    if (lacking[n] === 0 || chain.frame[n]! < 0) continue
    into.seed[n] = seed
    into.chain.frame[n] = chain.frame[n]!
    into.chain.x[n] = chain.x[n]!
    into.chain.y[n] = chain.y[n]!
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

/** The two assumptions on motion: one plane for the whole picture, or one fit per source. */
function hypotheses(
  frames: readonly AnalysedFrame[],
  t: number,
  views: readonly View[],
  invented: Invented | undefined,
  seeds: readonly Seed[],
): Candidate[][] {
  const nearest = (_n: number, from: number): number => 1 / (1 + Math.abs(from - t)) ** 2
  const filmed = (n: number): ReturnType<Candidate['source']> => frames[n]!
  const borrowed: Candidate[] = seeds.flatMap(({ at, picture }, k) => {
    if (invented === undefined) return []
    const chain = {
      ...invented.chain,
      frame: invented.chain.frame.map((frame, n) => (invented.seed[n] === k ? frame : -1)),
    }
    return [{ chain, source: () => ({ picture, colour: frames[at]!.colour }), weigh: nearest }]
  })
  const plane = [...findOnPlane(frames, t, -1, VIEWS), ...findOnPlane(frames, t, 1, VIEWS)]
  return [
    [
      ...plane.map((chain) => ({
        chain,
        source: filmed,
        weigh: (n: number, from: number) =>
          nearest(n, from) * insetOf(frames[t]!.picture, chain.x[n]!, chain.y[n]!),
      })),
      ...borrowed,
    ],
    [
      ...views.map((view, rank) => {
        const chain = lookAt(frames[t]!, view, frames[view.source]!.hole)
        const depth = depthOf(frames[t]!, chain)
        // One source for one region: a mean of two that are a pixel apart is a blur.
        return { chain, source: filmed, weigh: (n: number) => depth[n]! * 0.1 ** rank }
      }),
      ...borrowed,
    ],
  ]
}

/** Width in pixels over which one source gives way to the next. */
const FADE = 10

/** How far inside its source's picture a point lies: 0 at the border to 1 at FADE pixels or more. */
function insetOf({ width, height }: Size, x: number, y: number): number {
  const inset = Math.min(x, y, width - 1 - x, height - 1 - y) / FADE
  // A point that only one source shows is shown by that source.
  return inset > 1 ? 1 : Math.max(0.001, inset)
}

/** How far inside a chain's own region a hole pixel lies: 0 outside to 1 at FADE pixels or more. */
function depthOf(frame: AnalysedFrame, chain: Chain): Float32Array {
  const out = new Float32Array(chain.frame.length)
  const hole = frame.hole
  if (hole === null) return out
  const { box, index } = hole
  const distance = new Uint8Array(index.length)
  // Outside the hole nothing ends: the region goes on there as far as anyone can tell.
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= box.width || y >= box.height ? FADE : distance[y * box.width + x]!
  for (let i = 0; i < index.length; i++) {
    distance[i] = index[i]! >= 0 && chain.frame[index[i]!]! < 0 ? 0 : FADE
  }
  for (let y = 0; y < box.height; y++) {
    for (let x = 0; x < box.width; x++) {
      const i = y * box.width + x
      distance[i] = Math.min(distance[i]!, at(x - 1, y) + 1, at(x, y - 1) + 1)
    }
  }
  for (let y = box.height - 1; y >= 0; y--) {
    for (let x = box.width - 1; x >= 0; x--) {
      const i = y * box.width + x
      distance[i] = Math.min(distance[i]!, at(x + 1, y) + 1, at(x, y + 1) + 1)
      const n = index[i]!
      if (n >= 0) out[n] = distance[i] / FADE
    }
  }
  return out
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
