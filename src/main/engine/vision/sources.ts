import { viewOf, type View } from './align.js'
import type { AnalysedFrame } from './analyse.js'
import { holeIndex, type Hole } from './hole.js'
import { compose, enlarge, mapX, mapY, type Homography } from './homography.js'
import { analysisFactor } from './image.js'
import { between } from './motion.js'
import type { OpenCvBox } from './opencv.js'

/** Distances in time that are tried as sources: near ones densely, far ones sparsely. */
const STEPS = [1, 2, 3, 4, 6, 8, 11, 14, 18, 23, 29, 36, 44, 54, 66, 80, 100, 125, 150]

/** At most this many frames lend to one hole. */
const MOST = 4

/** Hole pixels whose visibility is checked when sources are chosen. */
const PROBES = 400

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
  return cover(frames, t, hole, guesses, used).flatMap(
    (s) => viewOf(opencv, frames, t, s, guesses.get(s)) ?? [],
  )
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
