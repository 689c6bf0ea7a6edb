import type { AnalysedFrame } from './analyse.js'
import { emptyChain, type Chain } from './chain.js'
import { holeIndex } from './hole.js'
import { cornerShift, enlarge } from './homography.js'
import { analysisFactor } from './image.js'
import { between } from './motion.js'

/** Views of a point worth collecting per direction of time; one that is wrong is then outvoted. */
export const VIEWS = 3

/** Frames between two views of the same point: neighbours share their mistakes. */
const APART = 3

/**
 * Finds the content of a hole on the background plane by the frames' poses alone: the nearest
 * frames in one direction of time that show a point, uncovered by a hole or a moving object.
 *
 * @param wanted views per point, at most
 * @returns as many chains, the nearest views first
 */
export function findOnPlane(
  frames: readonly AnalysedFrame[],
  t: number,
  direction: 1 | -1,
  wanted: number,
): Chain[] {
  const frame = frames[t]!
  const hole = frame.hole
  if (hole === null) return [emptyChain(0)]
  const { width, height } = frame.picture
  const factor = analysisFactor(frame.picture)
  const length = hole.pixels.length
  const chains = Array.from({ length: wanted }, () => emptyChain(length))
  const views = new Uint8Array(length)
  const nextAway = new Uint16Array(length)
  const open = new Int32Array(length)
  let left = length
  for (let n = 0; n < left; n++) open[n] = n
  for (let away = 1; left > 0; away += Math.max(1, away >> 3)) {
    // Farther frames are looked at more sparsely: what one of them hides, its neighbour does too.
    const s = t + direction * away
    if (s < 0 || s >= frames.length) break
    const other = frames[s]!
    const h = enlarge(between(frame.pose, other.pose), factor)
    // A camera at rest and a mask at rest: the very same pixels are hidden there.
    if (other.mask === frame.mask && cornerShift(h, width, height) < 1e-6) continue
    let kept = 0
    for (let k = 0; k < left; k++) {
      const n = open[k]!
      if (nextAway[n]! > away) {
        open[kept++] = n
        continue
      }
      const pixel = hole.pixels[n]!
      const px = pixel % width
      const py = (pixel - px) / width
      const scale = 1 / (h[6]! * px + h[7]! * py + h[8]!)
      const qx = (h[0]! * px + h[1]! * py + h[2]!) * scale
      const qy = (h[3]! * px + h[4]! * py + h[5]!) * scale
      const ix = Math.round(qx)
      const iy = Math.round(qy)
      let found = ix >= 0 && iy >= 0 && ix < width && iy < height
      if (found && other.hole !== null) found = holeIndex(other.hole, ix, iy) < 0
      if (found) {
        const chain = chains[views[n]!]!
        chain.frame[n] = s
        chain.x[n] = qx
        chain.y[n] = qy
        views[n] = views[n]! + 1
        nextAway[n] = away + APART
      }
      if (views[n]! < wanted) open[kept++] = n
    }
    left = kept
  }
  return chains
}
