import { boxMean } from '../../boxMean.js'
import type { Size } from '../../image.js'

/** Levels by which two paintings of a place differ: what is mixed unseen, and what would ghost. */
const DIFFERENCE = { alike: 12, other: 60 } as const
/** Places beside one whose difference counts: a seam through every stroke would crumble. */
const AROUND = 1
/** Half of the share of time in which a place changes over, where paintings are alike and where not. */
const HALF = { alike: 0.5, other: 0.14 } as const
/** How far from the middle of the time the first and the last place change over. */
const SPREAD = 0.34

/** Where and when each place goes over from one painting of it to another. */
export interface Seam extends Size {
  /** Per cell: share of time at its middle, and half of how long it takes. */
  readonly turn: Float32Array
}

/**
 * Two paintings of one place that differ are not mixed: half of each is neither. Each place takes
 * one of them, changes over within a short time, and not all at the same: a soft seam wanders over
 * the picture between two key frames. Paintings that are alike are mixed as long as there is time.
 *
 * @param difference per cell, in levels
 * @param from per cell, where it lies in the first painting (x, y as parts of the longer side):
 * the seam moves along with what is seen
 */
export function seamOf(size: Size, difference: Float32Array, from: Float32Array): Seam {
  const around = boxMean(difference, size, AROUND)
  const turn = new Float32Array(around.length * 2)
  for (let n = 0; n < around.length; n++) {
    const share = (around[n]! - DIFFERENCE.alike) / (DIFFERENCE.other - DIFFERENCE.alike)
    const apart = Math.min(1, Math.max(0, share))
    const half = HALF.alike + apart * (HALF.other - HALF.alike)
    turn[n * 2] = 0.5
    turn[n * 2 + 1] = half
    // Alike they take all of the time; most are, and the wave is dear.
    if (apart === 0) continue
    const [x, y] = [from[n * 2]!, from[n * 2 + 1]!]
    // A wave that bends, straightened so that every moment has as many places: -1..1.
    const bent = Math.sin(11.3 * x + 5.1 * y + 1 + 1.7 * Math.sin(14.9 * y - 8.7 * x + 4))
    const wave = Math.asin(bent) / (Math.PI / 2)
    // All of a change lies between the two key frames.
    const most = Math.min(SPREAD, 0.5 - half)
    turn[n * 2] = 0.5 + most * wave
  }
  return { width: size.width, height: size.height, turn }
}

/**
 * The second painting's part of a place, 0..1.
 *
 * @param share of it by time and belief: 0 is the first one alone, 1 the second
 */
export function turned(share: number, middle: number, half: number): number {
  const part = (share - middle) / (2 * half) + 0.5
  return part <= 0 ? 0 : part >= 1 ? 1 : part
}
