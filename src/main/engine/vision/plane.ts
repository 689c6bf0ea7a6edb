import type { AnalysedFrame } from './analyse.js'
import { holeIndex } from './hole.js'
import { cornerShift, enlarge } from './homography.js'
import { analysisFactor, type Size } from './image.js'
import { between, type Deviation } from './motion.js'
import { emptyChain, type Chain } from './propagate.js'

/** Deviation from the plane, in cells, from which a cell counts as moving on its own. */
const MOVING = 0.5

/**
 * Cells of a frame that move otherwise than the background plane: passing objects, other depths.
 * They must not be borrowed as background.
 *
 * @returns one per analysis cell, or null when everything near the hole follows the plane
 */
export function movingCells(frames: readonly AnalysedFrame[], t: number): Uint8Array | null {
  const frame = frames[t]!
  const deviations = [
    frame.fromPrevious?.backward.deviation,
    frames[t + 1]?.fromPrevious?.forward.deviation,
  ].filter((one): one is Deviation => one != null)
  if (deviations.length === 0) return null
  const { width, height } = frame.grey
  const out = new Uint8Array(width * height)
  for (const { box, data, factor } of deviations) {
    for (let y = 0; y < box.height; y++) {
      for (let x = 0; x < box.width; x++) {
        const i = (y * box.width + x) * 2
        if (Math.hypot(data[i]!, data[i + 1]!) < MOVING * factor) continue
        const cell = (box.y + y) * width + box.x + x
        if (frame.known[cell] === 1) mark(out, frame.grey, box.x + x, box.y + y)
      }
    }
  }
  return out
}

/** Sets a cell and those beside it: an object's soft edge is wider than its motion. */
function mark(cells: Uint8Array, { width, height }: Size, x: number, y: number): void {
  for (let cy = Math.max(0, y - 2); cy <= Math.min(height - 1, y + 2); cy++) {
    for (let cx = Math.max(0, x - 2); cx <= Math.min(width - 1, x + 2); cx++) {
      cells[cy * width + cx] = 1
    }
  }
}

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
  moving: readonly (Uint8Array | null)[],
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
    const cells = moving[s] ?? null
    const columns = other.grey.width
    const rows = other.grey.height
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
      if (found && cells !== null) {
        const cx = Math.min(columns - 1, Math.floor(ix / factor))
        const cy = Math.min(rows - 1, Math.floor(iy / factor))
        found = cells[cy * columns + cx] === 0
      }
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
