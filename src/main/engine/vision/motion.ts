import { compose, invert, mapX, mapY, type Homography } from './homography.js'
import type { Box } from './image.js'

/**
 * Where source pixels of one frame are in its neighbour: a homography, applied after a local
 * deviation where the scene is not one plane: `q = h(p + deviation(p))`.
 */
export interface Motion {
  readonly h: Homography
  readonly deviation: Deviation | null
}

/** Local motion beyond the homography on the analysis grid, in source pixels (x, y interleaved). */
export interface Deviation {
  readonly box: Box
  readonly factor: number
  readonly data: Float32Array
}

const FOUND = new Float64Array(2)

/** Maps a point; answers a shared two-element array, valid until the next call. */
export function follow(motion: Motion, x: number, y: number): Float64Array {
  let px = x
  let py = y
  if (motion.deviation !== null) {
    const { box, factor, data } = motion.deviation
    const cx = (x + 0.5) / factor - 0.5 - box.x
    const cy = (y + 0.5) / factor - 0.5 - box.y
    const gx = cx < 0 ? 0 : cx > box.width - 1 ? box.width - 1 : cx
    const gy = cy < 0 ? 0 : cy > box.height - 1 ? box.height - 1 : cy
    const ix = gx | 0
    const iy = gy | 0
    const fx = gx - ix
    const fy = gy - iy
    const right = ix < box.width - 1 ? 2 : 0
    const below = iy < box.height - 1 ? box.width * 2 : 0
    const at = (iy * box.width + ix) * 2
    for (let c = 0; c < 2; c++) {
      const i = at + c
      const upper = data[i]! + fx * (data[i + right]! - data[i]!)
      const lower = data[i + below]! + fx * (data[i + below + right]! - data[i + below]!)
      const value = upper + fy * (lower - upper)
      if (c === 0) px += value
      else py += value
    }
  }
  FOUND[0] = mapX(motion.h, px, py)
  FOUND[1] = mapY(motion.h, px, py)
  return FOUND
}

/** The map from frame to frame that two poses (frame -> common reference) imply. */
export function between(poseFrom: Homography, poseTo: Homography): Homography {
  return compose(invert(poseTo), poseFrom)
}
