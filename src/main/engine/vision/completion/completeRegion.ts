import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Size } from '../image.js'
import { copyAndBlend } from './blend.js'
import { halveCanvas, type Canvas } from './canvas.js'
import { dominantOffsets } from './dominantOffsets.js'
import { chooseShifts, refineShifts } from './shiftMap.js'

/** Pixels to invent at the coarsest level, at most: what the choice of shifts costs grows with them. */
const COARSEST_TARGETS = 1200

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
 * @returns false where nothing around is whole enough to copy from: `data` is then unchanged
 */
export async function completeRegion(
  data: Float32Array,
  target: Uint8Array,
  blocked: Uint8Array,
  size: Size,
  random: () => number,
  signal: AbortSignal,
): Promise<boolean> {
  const levels: Canvas[] = [{ ...size, data, target, blocked }]
  for (;;) {
    const last = levels[levels.length - 1]!
    if (count(last.target) <= COARSEST_TARGETS || Math.min(last.width, last.height) < 56) break
    levels.push(halveCanvas(last))
  }
  const coarsest = levels[levels.length - 1]!
  const offsets = dominantOffsets(coarsest, SHIFTS, random)
  if (offsets.length === 0) return false
  await nextTurn()
  signal.throwIfAborted()
  let map = chooseShifts(coarsest, offsets)
  for (let level = levels.length - 2; level >= 0; level--) {
    await nextTurn()
    signal.throwIfAborted()
    map = refineShifts(map, levels[level + 1]!, levels[level]!)
  }
  copyAndBlend(levels[0]!, map)
  return true
}

function count(cells: Uint8Array): number {
  let sum = 0
  for (const cell of cells) sum += cell
  return sum
}
