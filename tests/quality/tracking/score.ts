import { signedDistance } from '../../../src/shared/mask/index.js'
import type { Size } from '../../../src/main/engine/vision/image.js'

export interface Score {
  /** Intersection over union; 1 where both are empty. */
  readonly iou: number
  /** F of the outlines at a tolerance of 0.8 % of the diagonal, as in DAVIS (Perazzi et al. 2016). */
  readonly boundary: number
  /** Share of the object that the mask covers once removal has grown it by its default. */
  readonly recall: number
}

/** Compares masks, inside from 128. */
export function scoreMask(found: Uint8Array, truth: Uint8Array, size: Size, growth: number): Score {
  let both = 0
  let either = 0
  let object = 0
  let covered = 0
  const distance = signedDistance(found, size.width, size.height)
  for (let i = 0; i < truth.length; i++) {
    const a = found[i]! >= 128
    const b = truth[i]! >= 128
    if (a && b) both++
    if (a || b) either++
    if (b) {
      object++
      if (distance[i]! <= growth) covered++
    }
  }
  return {
    iou: either === 0 ? 1 : both / either,
    boundary: boundaryScore(found, truth, size),
    recall: object === 0 ? 1 : covered / object,
  }
}

function boundaryScore(found: Uint8Array, truth: Uint8Array, size: Size): number {
  const tolerance = Math.max(1, 0.008 * Math.hypot(size.width, size.height))
  const own = outline(found, size)
  const real = outline(truth, size)
  if (own.length === 0 || real.length === 0) return own.length === real.length ? 1 : 0
  const precision = near(own, truth, size, tolerance)
  const recall = near(real, found, size, tolerance)
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall)
}

/** Inner pixels that touch the outside; the picture's border is not an edge. */
function outline(mask: Uint8Array, { width, height }: Size): number[] {
  const out: number[] = []
  for (let at = 0; at < mask.length; at++) {
    if (mask[at]! < 128) continue
    const x = at % width
    const open =
      (x > 0 && mask[at - 1]! < 128) ||
      (x + 1 < width && mask[at + 1]! < 128) ||
      (at >= width && mask[at - width]! < 128) ||
      (at + width < width * height && mask[at + width]! < 128)
    if (open) out.push(at)
  }
  return out
}

function near(points: readonly number[], other: Uint8Array, size: Size, tolerance: number): number {
  const distance = signedDistance(other, size.width, size.height)
  let count = 0
  for (const at of points) if (Math.abs(distance[at]!) <= tolerance + 0.5) count++
  return count / points.length
}
