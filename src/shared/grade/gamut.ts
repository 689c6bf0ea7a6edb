import type { Triple } from './oklab.js'

/** Colours closer to grey than this share of what the gamut allows are never compressed. */
const KNEE = 0.8

/**
 * How far a linear colour lies from grey of its lightness, as a share of the way to the edge of
 * sRGB: 1 is on the edge, more is outside.
 *
 * @param grey linear value of the neutral of the same lightness, 0..1
 */
export function reachOf(red: number, green: number, blue: number, grey: number): number {
  const up = Math.max(red, green, blue) - grey
  const down = grey - Math.min(red, green, blue)
  return Math.max(up / Math.max(1e-6, 1 - grey), down / Math.max(1e-6, grey), 0)
}

/**
 * Brings a linear colour into sRGB by pulling it towards grey of its lightness, softly: nothing
 * below the knee moves, and different colours outside stay different. A colour that was beyond
 * the knee already before the edit may stay as far out as it was.
 *
 * @param before {@link reachOf} of the colour before the edit
 */
export function compress(colour: Triple, grey: number, before: number): void {
  const reach = reachOf(colour[0], colour[1], colour[2], grey)
  const knee = Math.min(1, Math.max(KNEE, before))
  if (reach <= knee) return
  const room = 1 - knee
  const over = reach - knee
  const kept = room === 0 ? 1 : knee + (room * over) / (over + room)
  const scale = kept / reach
  for (let c = 0; c < 3; c++) {
    const value = grey + ((colour[c] as number) - grey) * scale
    colour[c] = Math.min(1, Math.max(0, value))
  }
}
