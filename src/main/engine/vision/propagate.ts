import { holeIndex, type Hole } from './hole.js'
import type { Size } from './image.js'
import { follow, type Motion } from './motion.js'

/** Per hole pixel, where in another frame its content is seen. */
export interface Chain {
  /** Source frame, -1 where none was found. */
  readonly frame: Int32Array
  /** Sub-pixel position in that frame. */
  readonly x: Float32Array
  readonly y: Float32Array
  /** Forward-backward error collected on the way, in source pixels. */
  readonly error: Float32Array
}

/** A neighbour in time: how to get there and back, and what its own hole pixels have found. */
export interface Neighbour {
  readonly frame: number
  readonly there: Motion
  readonly back: Motion
  readonly hole: Hole | null
  readonly chain: Chain | null
}

/** Longest forward-backward error that still counts as the same point, in analysis cells. */
const MAX_ROUND_TRIP = 1.5

export function emptyChain(length: number): Chain {
  return {
    frame: new Int32Array(length).fill(-1),
    x: new Float32Array(length),
    y: new Float32Array(length),
    error: new Float32Array(length),
  }
}

/**
 * Carries coordinates one frame further: a hole pixel that lands on a known pixel of the
 * neighbour has found its source, one that lands in the neighbour's hole takes over what that
 * pixel found, with the sub-pixel rest. Colours are not touched, so that each pixel is sampled
 * once, however long its way was.
 *
 * @param wanted positions in `hole.pixels` to look for; all of them when absent
 */
export function extendChain(
  hole: Hole,
  size: Size,
  factor: number,
  to: Neighbour,
  wanted?: Uint8Array,
): Chain {
  const chain = emptyChain(hole.pixels.length)
  const limit = MAX_ROUND_TRIP * factor
  const { width, height } = size
  for (let n = 0; n < hole.pixels.length; n++) {
    if (wanted !== undefined && wanted[n] === 0) continue
    const pixel = hole.pixels[n]!
    const px = pixel % width
    const py = (pixel - px) / width
    const q = follow(to.there, px, py)
    const qx = q[0]!
    const qy = q[1]!
    // Half a pixel outside is still the border pixel; farther out nothing was filmed.
    if (!(qx >= -0.5 && qy >= -0.5 && qx <= width - 0.5 && qy <= height - 0.5)) continue
    const home = follow(to.back, qx, qy)
    const trip = Math.hypot(home[0]! - px, home[1]! - py)
    if (!(trip <= limit)) continue
    const ix = Math.min(width - 1, Math.max(0, Math.round(qx)))
    const iy = Math.min(height - 1, Math.max(0, Math.round(qy)))
    const there = to.hole === null ? -1 : holeIndex(to.hole, ix, iy)
    if (there < 0) {
      chain.frame[n] = to.frame
      chain.x[n] = qx
      chain.y[n] = qy
      chain.error[n] = trip
    } else if (to.chain !== null && to.hole !== null) {
      carry(to.hole, to.chain, there, qx, qy, ix, iy, chain, n)
      chain.error[n] = chain.error[n]! + trip
    }
  }
  return chain
}

/** Takes over a neighbour's finding at a sub-pixel position. */
function carry(
  hole: Hole,
  from: Chain,
  nearest: number,
  qx: number,
  qy: number,
  ix: number,
  iy: number,
  to: Chain,
  n: number,
): void {
  const frame = from.frame[nearest]!
  if (frame < 0) return
  const dx = qx - ix
  const dy = qy - iy
  to.frame[n] = frame
  to.error[n] = from.error[nearest]!
  // The local stretch of the coordinates, from the neighbours that have the same source.
  const sx = dx < 0 ? -1 : 1
  const sy = dy < 0 ? -1 : 1
  const beside = holeIndex(hole, ix + sx, iy)
  const below = holeIndex(hole, ix, iy + sy)
  const x = from.x[nearest]!
  const y = from.y[nearest]!
  let stepXx = sx
  let stepXy = 0
  let stepYx = 0
  let stepYy = sy
  if (beside >= 0 && from.frame[beside] === frame) {
    const ux = from.x[beside]! - x
    const uy = from.y[beside]! - y
    if (Math.hypot(ux - sx, uy) < 0.5) {
      stepXx = ux
      stepXy = uy
    }
  }
  if (below >= 0 && from.frame[below] === frame) {
    const vx = from.x[below]! - x
    const vy = from.y[below]! - y
    if (Math.hypot(vx, vy - sy) < 0.5) {
      stepYx = vx
      stepYy = vy
    }
  }
  const ax = Math.abs(dx)
  const ay = Math.abs(dy)
  to.x[n] = x + ax * stepXx + ay * stepYx
  to.y[n] = y + ax * stepXy + ay * stepYy
}
