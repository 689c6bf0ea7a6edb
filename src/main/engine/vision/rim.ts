import { signedDistance } from '../../../shared/mask/index.js'
import type { Size } from './image.js'

/** Coverage from which a painted pixel belongs to the object. */
const PAINTED = 24

export interface Rim {
  /** 0..255: how much of the result covers the source. */
  readonly alpha: Uint8Array
  /** 0/1: everything that is replaced at least in part. */
  readonly mask: Uint8Array
}

/** The default growth of a mask: 12 px at 480 lines. A rim that is missed ruins the whole fill. */
export function defaultGrowth(size: Size): number {
  return Math.max(2, Math.round((12 * Math.min(size.width, size.height)) / 480))
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
  let any = false
  for (let i = 0; i < solid.length; i++) {
    if (painted[i]! < PAINTED) continue
    solid[i] = 255
    any = true
  }
  if (!any) return null
  const distance = signedDistance(solid, size.width, size.height)
  const alpha = new Uint8Array(solid.length)
  const mask = new Uint8Array(solid.length)
  const ramp = Math.max(1, Math.min(feather, growth))
  for (let i = 0; i < alpha.length; i++) {
    const cover = (growth + 0.5 - distance[i]!) / ramp
    if (solid[i] === 0 && cover <= 0) continue
    const value = solid[i] !== 0 || cover >= 1 ? 255 : Math.round(cover * 255)
    if (value === 0) continue
    alpha[i] = value
    mask[i] = 1
  }
  return { alpha, mask }
}
