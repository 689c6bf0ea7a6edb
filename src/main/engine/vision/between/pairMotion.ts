import type { FlowField } from '../flow.js'
import type { Plane } from '../image.js'
import { patchFlow } from './patchFlow.js'
import { pyramidOf } from './patchPlane.js'
import type { Pyramid } from './patchPlane.js'

/** Motion between two frames, both ways, with how far each can be believed. */
export interface PairMotion {
  readonly a: Plane
  readonly b: Plane
  readonly forward: FlowField
  readonly backward: FlowField
  /** 0..1 per cell of a: 1 where there and back ends where it began. */
  readonly forwardTrust: Float32Array
  /** The same for the cells of b. */
  readonly backwardTrust: Float32Array
  /** Mean of both, 0..1: hardly anything where the frames are of different scenes. */
  readonly trust: number
}

/** A frame's brightness with its pyramid: made once, used towards both neighbours. */
export interface Frame {
  readonly plane: Plane
  readonly pyramid: Pyramid
}

export function frameOf(plane: Plane): Frame {
  return { plane, pyramid: pyramidOf(plane) }
}

/**
 * Share of two frames that must find its way there and back for them to be of one scene. Measured:
 * 0.68 and more on real motion (the bee's wings the least), 0.05 and less across cuts.
 */
const RELATED = 0.3
/** False across a cut or a flash: nothing can be carried from the one frame to the other. */
export function ofOneScene({ trust }: Pick<PairMotion, 'trust'>): boolean {
  return trust >= RELATED
}

/** Cells that there and back may miss by before it is believed only half. */
const TOLERANCE = 1

export function pairMotion(a: Frame, b: Frame): PairMotion {
  const forward = patchFlow(a.pyramid, b.pyramid)
  const backward = patchFlow(b.pyramid, a.pyramid)
  const forwardTrust = trust(forward, backward)
  const backwardTrust = trust(backward, forward)
  return {
    ...{ a: a.plane, b: b.plane, forward, backward, forwardTrust, backwardTrust },
    trust: (mean(forwardTrust) + mean(backwardTrust)) / 2,
  }
}

/**
 * The same for cells of twice the size, and in those: for who finds the fraction of a cell in another
 * way. Where frames are too small for it they are as they are.
 */
export function coarseMotion(a: Frame, b: Frame): Omit<PairMotion, 'a' | 'b'> {
  if (a.pyramid.levels.length < 2) return pairMotion(a, b)
  const forward = patchFlow(a.pyramid, b.pyramid, 1)
  const backward = patchFlow(b.pyramid, a.pyramid, 1)
  const forwardTrust = trust(forward, backward)
  const backwardTrust = trust(backward, forward)
  return {
    ...{ forward, backward, forwardTrust, backwardTrust },
    trust: (mean(forwardTrust) + mean(backwardTrust)) / 2,
  }
}

function mean(values: Float32Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return sum / values.length
}

/** Forward-backward check (Sundaram et al. 2010): occluded content does not find its way back. */
function trust(way: FlowField, back: FlowField): Float32Array {
  const { width, height, data } = way
  const out = new Float32Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      const dx = data[i * 2]!
      const dy = data[i * 2 + 1]!
      const tx = x + dx
      const ty = y + dy
      if (tx < -0.5 || ty < -0.5 || tx > width - 0.5 || ty > height - 0.5) continue
      const px = tx < 0 ? 0 : tx > width - 1 ? width - 1 : tx
      const py = ty < 0 ? 0 : ty > height - 1 ? height - 1 : ty
      const ix = Math.min(width - 2, Math.floor(px))
      const iy = Math.min(height - 2, Math.floor(py))
      const fx = px - ix
      const fy = py - iy
      const at = (iy * width + ix) * 2
      const below = at + width * 2
      const bx =
        (back.data[at]! * (1 - fx) + back.data[at + 2]! * fx) * (1 - fy) +
        (back.data[below]! * (1 - fx) + back.data[below + 2]! * fx) * fy
      const by =
        (back.data[at + 1]! * (1 - fx) + back.data[at + 3]! * fx) * (1 - fy) +
        (back.data[below + 1]! * (1 - fx) + back.data[below + 3]! * fx) * fy
      const miss = (dx + bx) ** 2 + (dy + by) ** 2
      const bearable = TOLERANCE ** 2 + 0.01 * (dx * dx + dy * dy + bx * bx + by * by)
      out[i] = 1 / (1 + (miss / bearable) ** 2)
    }
  }
  return out
}
