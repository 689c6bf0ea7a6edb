import { PAINTED } from '../../../shared/mask/growth.js'
import { signedDistance } from '../../../shared/mask/index.js'
import { boundingBox, type Size } from './image.js'

export interface Rim {
  /** 0..255: how much of the result covers the source. */
  readonly alpha: Uint8Array
  /** 0/1: everything that is replaced at least in part. */
  readonly mask: Uint8Array
}

/**
 * Grows a painted mask by `growth` pixels and lets the outermost `feather` pixels of that rim fade
 * towards the source; what was painted is always covered in full.
 *
 * @returns null when nothing is painted
 */
export function growRim(
  painted: Uint8Array,
  size: Size,
  growth: number,
  feather: number,
): Rim | null {
  const solid = new Uint8Array(painted.length)
  for (let i = 0; i < solid.length; i++) if (painted[i]! >= PAINTED) solid[i] = 255
  // Distances are only needed where the rim can reach, and they are what costs time here.
  const box = boundingBox(solid, size, Math.ceil(growth) + 2)
  if (box === null) return null
  const near = new Uint8Array(box.width * box.height)
  for (let y = 0; y < box.height; y++) {
    const from = (box.y + y) * size.width + box.x
    near.set(solid.subarray(from, from + box.width), y * box.width)
  }
  const distance = signedDistance(near, box.width, box.height)
  const alpha = new Uint8Array(solid.length)
  const mask = new Uint8Array(solid.length)
  const ramp = Math.max(1, Math.min(feather, growth))
  for (let n = 0; n < distance.length; n++) {
    const i = (box.y + Math.floor(n / box.width)) * size.width + box.x + (n % box.width)
    const cover = solid[i] === 0 ? (growth + 0.5 - distance[n]!) / ramp : 1
    const value = Math.round(Math.min(1, cover) * 255)
    if (value <= 0) continue
    alpha[i] = value
    mask[i] = 1
  }
  return { alpha, mask }
}
