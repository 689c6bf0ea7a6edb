import type { AnalysedFrame } from './analyse.js'
import { holeIndex, type Hole } from './hole.js'
import { between, compose, cornerShift, type Homography } from './homography.js'
import { hold, stepBetween, viewOf } from './view.js'

/** Views of a point worth collecting per direction of time: with three, one that is wrong is outvoted. */
export const VIEWS = 2

/** Frames between two views of the same point: neighbours share their mistakes. */
const APART = 3

/** Frames of distance from which only every second is looked at, then every fourth and so on. */
const DENSE = 16

/** Where a hole's content is seen in other frames, at most once a pixel. */
export interface Sight {
  /** Place in the shot of the frame that shows it, -1 where none does. */
  readonly source: Int32Array
  /** Sub-pixel position in the source's picture. */
  readonly x: Float32Array
  readonly y: Float32Array
}

/** Maps from one frame's pixels to those of others, by the others' place in the shot. */
export type Maps = Map<number, Homography>

/**
 * Finds the content of a hole in the nearest frames that show it, each aligned directly with the
 * surroundings of the hole: an error is then made once, not once a frame. A point that is covered
 * for a while keeps its source all that time, which is why nothing flickers.
 *
 * @param wanted views per point and direction of time, at most; the nearest come first
 * @param maps of this frame: what is there is used, what is missing is added
 * @param before maps of frame `t - 1`, to which new ones are held
 */
export function findSights(
  frames: readonly AnalysedFrame[],
  t: number,
  wanted: number,
  maps: Maps,
  before: Maps | undefined,
): Sight[] {
  const frame = frames[t]!
  const { hole } = frame
  if (hole === null) return []
  const previous = frames[t - 1]
  const step = previous === undefined ? null : stepBetween(frame, previous)
  const mapTo = (other: AnalysedFrame): Homography => {
    const known = maps.get(other.index)
    if (known !== undefined) return known
    const last = step === null ? undefined : before?.get(other.index)
    const carried = last === undefined || step === null ? null : compose(last, step)
    const fresh = viewOf(frame, other, carried ?? undefined)
    const h = carried === null ? fresh : hold(fresh, carried, hole)
    maps.set(other.index, h)
    return h
  }
  return ([-1, 1] as const).flatMap((way) => look(frames, t, hole, way, wanted, mapTo))
}

function look(
  frames: readonly AnalysedFrame[],
  t: number,
  hole: Hole,
  direction: 1 | -1,
  wanted: number,
  mapTo: (other: AnalysedFrame) => Homography,
): Sight[] {
  const frame = frames[t]!
  const { width, height } = frame.picture
  const length = hole.pixels.length
  const sights = Array.from({ length: wanted }, () => emptySight(length))
  const views = new Uint8Array(length)
  const nextAway = new Uint16Array(length)
  const open = new Int32Array(length)
  let left = length
  for (let n = 0; n < left; n++) open[n] = n
  for (let away = 1; left > 0; away++) {
    const s = t + direction * away
    const other = frames[s]
    if (other === undefined) break
    if (!isLookedAt(other.index, away)) continue
    // A camera at rest and a mask at rest: the very same pixels are hidden there.
    const steady = between(frame.pose, other.pose)
    if (other.mask === frame.mask && cornerShift(steady, width, height) < 1e-6) continue
    const h = mapTo(other)
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
      const x = (h[0]! * px + h[1]! * py + h[2]!) * scale
      const y = (h[3]! * px + h[4]! * py + h[5]!) * scale
      const ix = Math.round(x)
      const iy = Math.round(y)
      let found = ix >= 0 && iy >= 0 && ix < width && iy < height
      if (found && other.hole !== null) found = holeIndex(other.hole, ix, iy) < 0
      if (found) {
        const sight = sights[views[n]!]!
        sight.source[n] = other.index
        sight.x[n] = x
        sight.y[n] = y
        views[n] = views[n]! + 1
        nextAway[n] = away + APART
      }
      if (views[n]! < wanted) open[kept++] = n
    }
    left = kept
  }
  return sights
}

/**
 * Far frames are looked at sparsely: what one of them hides, its neighbour does too. By its place
 * in the shot, so that a source does not change while the frame does.
 */
function isLookedAt(index: number, away: number): boolean {
  let stride = 1
  for (let reach = DENSE; away > reach && stride < 16; reach *= 2) stride *= 2
  return index % stride === 0
}

export function emptySight(length: number): Sight {
  return {
    source: new Int32Array(length).fill(-1),
    x: new Float32Array(length),
    y: new Float32Array(length),
  }
}
