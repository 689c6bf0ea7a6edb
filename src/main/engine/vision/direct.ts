import type { AnalysedFrame } from './analyse.js'
import { emptyChain, type Chain } from './chain.js'
import { denseFlow } from './flow.js'
import { holeIndex, type Hole } from './hole.js'
import { compose, enlarge, mapX, mapY, type Homography } from './homography.js'
import { analysisFactor, boundingBox, type Box, type Plane } from './image.js'
import { between, follow, type Deviation, type Motion } from './motion.js'
import type { OpenCvBox } from './opencv.js'
import { pullPush } from './pullPush.js'
import { register, registrationPyramid, type RegistrationLevel } from './register.js'
import { bilinear } from './sample.js'

/** Another frame that shows a hole's content, and how to get there in one step. */
export interface View {
  /** Position in the window. */
  readonly source: number
  readonly motion: Motion
}

/** Distances in time that are tried as sources: near ones densely, far ones sparsely. */
const STEPS = [1, 2, 3, 4, 6, 8, 11, 14, 18, 23, 29, 36, 44, 54, 66, 80, 100, 125, 150]

/** At most this many frames lend to one hole. */
const MOST = 4

/** Hole pixels whose visibility is checked when sources are chosen. */
const PROBES = 400

/** Share of aligned texture from which a guess needs no second opinion. */
const GOOD = 0.85

/** How much further a source may be for each time it was already used by the frame before. */
const LOYALTY = 1.3

/**
 * Chooses the frames that together show a hole's content, twice where possible, and aligns each of
 * them with the surroundings of the hole directly: an error is then made once, not once a frame.
 *
 * @param before views of frame `t - 1`, whose sources this one rather keeps: less flicker
 */
export function findViews(
  opencv: OpenCvBox,
  frames: readonly AnalysedFrame[],
  t: number,
  before: readonly View[],
): View[] {
  const frame = frames[t]!
  const hole = frame.hole
  if (hole === null) return []
  const factor = analysisFactor(frame.picture)
  const guesses = new Map<number, Homography>()
  for (const step of STEPS) {
    for (const s of [t - step, t + step]) {
      const other = frames[s]
      if (other !== undefined) guesses.set(s, between(frame.near, other.near))
    }
  }
  const used = new Set<number>()
  for (const { source, motion } of before) {
    if (source === t) continue
    used.add(source)
    const step = between(frame.near, frames[t - 1]!.near)
    guesses.set(source, compose(enlarge(motion.h, 1 / factor), step))
  }
  const sources = cover(frames, t, hole, guesses, used)
  const surroundings = focus(frame)
  if (surroundings === null) return []
  return sources.map((s) => align(opencv, frames, t, s, guesses.get(s)!, surroundings))
}

/** Greedy set cover: the frames that show most of what is not yet seen, and then a second time. */
function cover(
  frames: readonly AnalysedFrame[],
  t: number,
  hole: Hole,
  guesses: ReadonlyMap<number, Homography>,
  used: ReadonlySet<number>,
): number[] {
  const { width, height } = frames[t]!.picture
  const factor = analysisFactor(frames[t]!.picture)
  const stride = Math.max(1, Math.floor(hole.pixels.length / PROBES))
  const probes: number[] = []
  for (let n = 0; n < hole.pixels.length; n += stride) probes.push(hole.pixels[n]!)
  const shown = new Map<number, Uint8Array>()
  for (const [s, guess] of guesses) {
    const other = frames[s]!
    const h = enlarge(guess, factor)
    const visible = new Uint8Array(probes.length)
    probes.forEach((pixel, k) => {
      const x = Math.round(mapX(h, pixel % width, Math.floor(pixel / width)))
      const y = Math.round(mapY(h, pixel % width, Math.floor(pixel / width)))
      if (!(x >= 0 && y >= 0 && x < width && y < height)) return
      visible[k] = other.hole === null || holeIndex(other.hole, x, y) < 0 ? 1 : 0
    })
    shown.set(s, visible)
  }
  const count = new Uint8Array(probes.length)
  const chosen: number[] = []
  while (chosen.length < MOST) {
    let best: number | null = null
    let most = 0
    for (const [s, visible] of shown) {
      if (chosen.includes(s)) continue
      let gain = 0
      for (let k = 0; k < visible.length; k++) {
        if (visible[k] === 1) gain += count[k] === 0 ? 1 : count[k] === 1 ? 0.3 : 0
      }
      if (gain < 0.015 * probes.length) continue
      const score = (gain * (used.has(s) ? LOYALTY : 1)) / (1 + Math.abs(s - t) / 30)
      if (score > most) {
        most = score
        best = s
      }
    }
    if (best === null) break
    chosen.push(best)
    shown.get(best)!.forEach((visible, k) => (count[k] = count[k]! + visible))
  }
  return chosen
}

/** One given frame as a source; null when the frame has no hole. */
export function viewOf(
  opencv: OpenCvBox,
  frames: readonly AnalysedFrame[],
  t: number,
  s: number,
): View | null {
  const surroundings = focus(frames[t]!)
  if (surroundings === null) return null
  return align(opencv, frames, t, s, between(frames[t]!.near, frames[s]!.near), surroundings)
}

interface Surroundings {
  readonly box: Box
  /** The frame's pyramid with everything far from the hole left out. */
  readonly pyramid: readonly RegistrationLevel[]
}

/** The surroundings of a frame's hole: that is where a view has to fit. */
export function focus(frame: Pick<AnalysedFrame, 'known' | 'grey'>): Surroundings | null {
  const covered = frame.known.map((value) => 1 - value)
  const inner = boundingBox(covered, frame.grey)
  if (inner === null) return null
  const reach = Math.round(Math.max(20, 0.3 * Math.max(inner.width, inner.height)))
  const box = boundingBox(covered, frame.grey, reach)!
  const near = new Uint8Array(frame.known.length)
  for (let y = box.y; y < box.y + box.height; y++) {
    const row = y * frame.grey.width
    near.set(frame.known.subarray(row + box.x, row + box.x + box.width), row + box.x)
  }
  return { box, pyramid: registrationPyramid(frame.grey, near) }
}

function align(
  opencv: OpenCvBox,
  frames: readonly AnalysedFrame[],
  t: number,
  s: number,
  guess: Homography,
  { box, pyramid }: Surroundings,
): View {
  const frame = frames[t]!
  const other = frames[s]!
  const factor = analysisFactor(frame.picture)
  let found = register(pyramid, other.pyramid, guess, false)
  if (found.aligned < GOOD) {
    // The guess may have been led astray by something that passed; the whole picture is steadier.
    const steady = register(pyramid, other.pyramid, between(frame.pose, other.pose), false)
    if (steady.aligned > found.aligned) found = steady
  }
  const { h } = found
  const deviation = measureLocal(opencv, frame, other, h, box, factor)
  return { source: s, motion: { h: enlarge(h, factor), deviation } }
}

/**
 * Local motion beyond the homography around the hole, where both frames are known and agree once
 * it is applied; continued smoothly over everything else.
 */
function measureLocal(
  opencv: OpenCvBox,
  frame: AnalysedFrame,
  other: AnalysedFrame,
  h: Homography,
  box: Box,
  factor: number,
): Deviation {
  const { width } = frame.grey
  const own = new Float32Array(box.width * box.height)
  const warped = new Float32Array(own.length)
  const weight = new Float32Array(own.length)
  for (let y = 0; y < box.height; y++) {
    for (let x = 0; x < box.width; x++) {
      const i = y * box.width + x
      const cell = (box.y + y) * width + box.x + x
      const qx = mapX(h, box.x + x, box.y + y)
      const qy = mapY(h, box.x + x, box.y + y)
      own[i] = frame.grey.data[cell]!
      warped[i] = bilinear(other.grey, qx, qy)
      const ix = Math.round(qx)
      const iy = Math.round(qy)
      const inside = ix >= 0 && iy >= 0 && ix < width && iy < other.grey.height
      weight[i] = frame.known[cell] === 1 && inside && other.known[iy * width + ix] === 1 ? 1 : 0
    }
  }
  matchLight(own, warped, weight)
  const first: Plane = { ...box, data: own }
  const second: Plane = { ...box, data: warped }
  // Under the hole both pictures are guesses: made alike, they do not pull at the flow around it.
  for (let i = 0; i < weight.length; i++) {
    if (weight[i] === 0) own[i] = warped[i]!
  }
  const flow = denseFlow(opencv, first, second).data
  for (let i = 0; i < weight.length; i++) {
    if (weight[i] === 0) {
      flow[i * 2] = flow[i * 2 + 1] = 0
      continue
    }
    const x = i % box.width
    const y = (i - x) / box.width
    const gap = Math.abs(bilinear(second, x + flow[i * 2]!, y + flow[i * 2 + 1]!) - own[i]!)
    const fit = 1 / (1 + (gap / 8) ** 2)
    weight[i] = fit > 0.5 ? 1 : fit < 0.15 ? 0 : fit
    // Less than a quarter cell is noise.
    const keep = factor * smoothstep(0.2, 0.6, Math.hypot(flow[i * 2]!, flow[i * 2 + 1]!))
    flow[i * 2] = weight[i] === 0 ? 0 : flow[i * 2]! * keep
    flow[i * 2 + 1] = weight[i] === 0 ? 0 : flow[i * 2 + 1]! * keep
  }
  pullPush(flow, weight, box, 2, 16)
  return { box, factor, data: flow }
}

/** Gain and offset that make the second picture as bright as the first, applied in place. */
function matchLight(own: Float32Array, other: Float32Array, weight: Float32Array): void {
  let n = 0
  let sa = 0
  let sb = 0
  let sab = 0
  let sbb = 0
  for (let i = 0; i < own.length; i++) {
    if (weight[i] === 0) continue
    n++
    sa += own[i]!
    sb += other[i]!
    sab += own[i]! * other[i]!
    sbb += other[i]! ** 2
  }
  const spread = n * sbb - sb * sb
  if (n < 16 || spread <= n * n) return
  const gain = Math.min(1.6, Math.max(0.6, (n * sab - sa * sb) / spread))
  const offset = (sa - gain * sb) / n
  for (let i = 0; i < other.length; i++) other[i] = gain * other[i]! + offset
}

/** Where a view shows every pixel of a hole; nothing where the view's own hole is in the way. */
export function lookAt(frame: AnalysedFrame, view: View, blocked: Hole | null): Chain {
  const { hole, picture } = frame
  const chain = emptyChain(hole?.pixels.length ?? 0)
  if (hole === null) return chain
  const { width, height } = picture
  for (let n = 0; n < hole.pixels.length; n++) {
    const pixel = hole.pixels[n]!
    const x = pixel % width
    const q = follow(view.motion, x, (pixel - x) / width)
    const qx = q[0]!
    const qy = q[1]!
    if (!(qx >= -0.5 && qy >= -0.5 && qx <= width - 0.5 && qy <= height - 0.5)) continue
    const ix = Math.min(width - 1, Math.max(0, Math.round(qx)))
    const iy = Math.min(height - 1, Math.max(0, Math.round(qy)))
    if (blocked !== null && holeIndex(blocked, ix, iy) >= 0) continue
    chain.frame[n] = view.source
    chain.x[n] = qx
    chain.y[n] = qy
  }
  return chain
}

function smoothstep(low: number, high: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)))
  return t * t * (3 - 2 * t)
}
