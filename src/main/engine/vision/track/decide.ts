import type { Box, Picture } from '../image.js'
import { createEvidence } from './evidence.js'
import { mapX, mapY } from './motion.js'
import type { Affine } from './motion.js'
import { relaxLabels } from './relax.js'

/** A frame with its labels. */
export interface Seen {
  readonly picture: Picture
  readonly grey: Uint8Array
  /** Just around the region, and with room for what lies beside it. */
  readonly inner: Box
  readonly box: Box
  readonly area: number
  /** Signed distance over the box, negative inside. */
  readonly distance: Float32Array
}

/** Chances between which a pixel counts as hard to tell. */
const HARD = [0.2, 0.8] as const

/** Weight of the painted outline beside the last one. */
const RECALL = 0.3

/**
 * Tips the balance towards inside: removal forgives what is too much and shows what is missing.
 * Chosen on the two clips marked as tuned on in tests/quality/masks.
 */
const GENEROUS = 0.6

export interface Memory {
  readonly seen: Seen
  readonly to: Affine
  readonly weight: number
}

/** Chance per pixel of the box of being inside. */
export function decide(
  picture: Picture,
  box: Box,
  moved: Float32Array,
  painted: Float32Array,
  band: number,
  memories: readonly Memory[],
): Float32Array {
  const evidence = createEvidence(box)
  const loose = 2 + 0.3 * band
  for (const { seen, to, weight } of memories) {
    const from = seen.box
    for (let y = 0; y < from.height; y++) {
      // Every other pixel says enough.
      for (let x = y & 1; x < from.width; x += 2) {
        const distance = seen.distance[y * from.width + x]!
        const sx = from.x + x
        const sy = from.y + y
        const tx = mapX(to, sx, sy)
        const ty = mapY(to, sx, sy)
        if (tx < box.x || ty < box.y || tx >= box.x + box.width || ty >= box.y + box.height)
          continue
        const i = (sy * picture.width + sx) * 3
        const { data } = seen.picture
        // Right on the edge a pixel is made of both sides.
        const edge = Math.min(1, Math.abs(distance) / 1.5)
        const there = (Math.floor(ty) - box.y) * box.width + Math.floor(tx) - box.x
        // What leaked in must not vouch for itself.
        const leak = distance < 0 && painted[there]! > loose ? 0.2 : 1
        const w = weight * edge * leak
        evidence.vote(tx, ty, data[i]!, data[i + 1]!, data[i + 2]!, distance < 0 ? 1 : 0, w)
      }
    }
  }
  const separation = evidence.separation()
  const count = box.width * box.height
  const chance = new Float32Array(count)
  const belief = new Float32Array(count)
  const sure = new Uint8Array(count)
  const colour = { chance: 0, known: 0 }
  for (let y = 0; y < box.height; y++) {
    for (let x = 0; x < box.width; x++) {
      const at = y * box.width + x
      // The painted outline, carried rigidly, pulls back what leaked out and what was hidden.
      const pull = Math.max(-band, Math.min(band, painted[at]! - moved[at]!))
      const distance = moved[at]! + RECALL * pull
      const mayReturn = painted[at]! < -1 && moved[at]! > 0
      if (Math.abs(moved[at]!) > band && !mayReturn) {
        chance[at] = moved[at]! < 0 ? 1 : 0
        sure[at] = 1
        continue
      }
      const i = ((box.y + y) * picture.width + box.x + x) * 3
      const { data } = picture
      evidence.read(box.x + x, box.y + y, data[i]!, data[i + 1]!, data[i + 2]!, colour)
      const clear = separation(box.x + x, box.y + y)
      // Where colours tell, the outline may move; where they don't, it goes where it was carried.
      const spread = 0.8 + 0.45 * band * clear * clear * colour.known ** 2
      const odds = Math.log(colour.chance / (1 - colour.chance))
      const score = 2.2 * clear * odds - distance / spread + GENEROUS
      const value = 1 / (1 + Math.exp(-score))
      chance[at] = value
      belief[at] = 0.15 + Math.abs(2 * value - 1)
    }
  }
  relaxLabels(picture, box, chance, belief, sure, 0.4)
  return chance
}

/** Share of the band around the moved outline in which it is hard to tell inside from outside. */
export function hardToTell(chance: Float32Array, moved: Float32Array, band: number): number {
  let hard = 0
  let all = 0
  for (let i = 0; i < chance.length; i++) {
    if (chance[i]! > HARD[0] && chance[i]! < HARD[1]) hard++
    if (Math.abs(moved[i]!) <= band) all++
  }
  return hard / Math.max(1, all)
}

/** Intersection over union of the decided region and of where it was expected. */
export function overlap(chance: Float32Array, moved: Float32Array): number {
  let both = 0
  let either = 0
  for (let i = 0; i < chance.length; i++) {
    const a = chance[i]! >= 0.5
    const b = moved[i]! < 0
    if (a && b) both++
    if (a || b) either++
  }
  return either === 0 ? 0 : both / either
}
