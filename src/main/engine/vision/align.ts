import type { AnalysedFrame } from './analyse.js'
import { emptyChain, type Chain } from './chain.js'
import { denseFlow } from './flow.js'
import { holeIndex, type Hole } from './hole.js'
import { enlarge, mapX, mapY, type Homography } from './homography.js'
import { analysisFactor, type Box, type Plane } from './image.js'
import { between, follow, type Deviation, type Motion } from './motion.js'
import type { OpenCvBox } from './opencv.js'
import { pullPush } from './pullPush.js'
import { bilinear } from './sample.js'
import { fitAround, type Surroundings } from './surroundings.js'

/** Another frame that shows a hole's content, and how to get there in one step. */
export interface View {
  /** Position in the window. */
  readonly source: number
  readonly motion: Motion
}

/**
 * Aligns another frame with the surroundings of a frame's hole.
 *
 * @param guess frame `t` -> frame `s`, in cells; by default what the shot's course says
 * @returns null when the frame has no hole
 */
export function viewOf(
  opencv: OpenCvBox,
  frames: readonly AnalysedFrame[],
  t: number,
  s: number,
  guess: Homography = between(frames[t]!.near, frames[s]!.near),
): View | null {
  const { around } = frames[t]!
  return around === null ? null : align(opencv, frames, t, s, guess, around)
}

function align(
  opencv: OpenCvBox,
  frames: readonly AnalysedFrame[],
  t: number,
  s: number,
  guess: Homography,
  around: Surroundings,
): View {
  const frame = frames[t]!
  const other = frames[s]!
  const factor = analysisFactor(frame.picture)
  const h = fitAround(around, other.pyramid, between(frame.pose, other.pose), guess)
  const deviation = measureLocal(opencv, frame, other, h, around.box, factor)
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
