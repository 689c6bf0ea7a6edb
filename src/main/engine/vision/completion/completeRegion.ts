import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Size } from '../image.js'
import { copyAndBlend } from './blend.js'
import { halveCanvas, type Canvas } from './canvas.js'
import { dominantOffsets } from './dominantOffsets.js'
import { expectColours } from './expectation.js'
import { plausibilityOf } from './plausibility.js'
import { reachEverywhere } from './reach.js'
import { chooseShifts, refineShifts } from './shiftMap.js'

/** Pixels to invent at the coarsest level, at most: what the choice of shifts costs grows with them. */
const COARSEST_TARGETS = 1200

/** Shortest side at the coarsest level: in less than that nothing can be told apart any more. */
const COARSEST_SIDE = 56

const SHIFTS = 60

/**
 * Invents a region from its surroundings: a few shifts, those by which the surroundings resemble
 * themselves, put together so that the seams show least. Edges run through because the shift along
 * an edge is one of them. Changes `data` in place where `target` is 1.
 *
 * @param data three floats per pixel, 0..255
 * @param target 1 = to invent
 * @param blocked 1 = neither invented nor to be copied from
 * @param random 0..1; the same numbers give the same picture
 * @returns how plausible it looks, 0..1; null where nothing around is whole enough to copy from:
 *   `data` is then unchanged
 */
export async function completeRegion(
  data: Float32Array,
  target: Uint8Array,
  blocked: Uint8Array,
  size: Size,
  random: () => number,
  signal: AbortSignal,
): Promise<number | null> {
  const levels: Canvas[] = [{ ...size, data, target, blocked }]
  while (isLarge(levels[levels.length - 1]!)) levels.push(halveCanvas(levels[levels.length - 1]!))
  const coarsest = levels[levels.length - 1]!
  const frequent = dominantOffsets(coarsest, SHIFTS, random)
  if (frequent.length === 0) return null
  const offsets = reachEverywhere(coarsest, frequent, random)
  const expected = expectColours(coarsest)
  await nextTurn()
  signal.throwIfAborted()
  let map = chooseShifts(coarsest, offsets, expected)
  const plausibility = plausibilityOf(coarsest, map)
  for (let level = levels.length - 2; level >= 0; level--) {
    await nextTurn()
    signal.throwIfAborted()
    map = refineShifts(map, levels[level + 1]!, levels[level]!, expected)
  }
  copyAndBlend(levels[0]!, map)
  return plausibility
}

/** Whether shifts are better chosen at half the size. */
function isLarge({ width, height, target }: Canvas): boolean {
  let wanted = 0
  for (const cell of target) wanted += cell
  const side = Math.min(width, height)
  if (wanted <= COARSEST_TARGETS || side < COARSEST_SIDE) return false
  // Twice as many pixels are taken rather than a picture in which shapes are lost.
  return side >= 2 * COARSEST_SIDE || wanted > 2 * COARSEST_TARGETS
}
