import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Size } from './image.js'
import {
  levelBorder,
  matchPatches,
  upscaleMatches,
  vote,
  type Canvas,
  type Matches,
} from './patchMatch.js'
import { pullPush } from './pullPush.js'

/** Rounds of matching and voting per level, coarsest first; the last entry serves all finer levels. */
const ROUNDS = [14, 8, 5, 3, 2]

/** Edge in pixels of the thickest part of the region at which the coarsest level starts. */
const COARSEST_THICKNESS = 10

/**
 * Invents a region from patches of its surroundings, coarse to fine, so that edges run through and
 * texture goes on (Wexler et al. 2007, "Space-Time Completion of Video", with PatchMatch, Barnes
 * et al. 2009). Changes `data` in place where `target` is 1.
 *
 * @param data three floats per pixel
 * @param target 1 = to invent
 * @param blocked 1 = neither invented nor to be copied from
 */
export async function inventRegion(
  data: Float32Array,
  target: Uint8Array,
  blocked: Uint8Array,
  size: Size,
  random: () => number,
  signal: AbortSignal,
): Promise<void> {
  const levels: Canvas[] = [{ ...size, data, target, blocked }]
  let thickness = 2 * thickest(target, size)
  while (thickness > COARSEST_THICKNESS) {
    const last = levels[levels.length - 1]!
    if (Math.min(last.width, last.height) < 28) break
    levels.push(halveCanvas(last))
    thickness /= 2
  }
  let matches: Matches | null = null
  for (let level = levels.length - 1; level >= 0; level--) {
    const canvas = levels[level]!
    if (matches === null) fillSmoothly(canvas)
    else {
      matches = upscaleMatches(matches, canvas)
      if (matches !== null) vote(canvas, matches)
    }
    const rounds = ROUNDS[Math.min(levels.length - 1 - level, ROUNDS.length - 1)]!
    for (let round = 0; round < rounds; round++) {
      matches = matchPatches(canvas, matches, random)
      // Nothing around is whole enough to copy from: the smooth fill stays.
      if (matches === null) break
      vote(canvas, matches)
      await nextTurn()
      signal.throwIfAborted()
    }
  }
  if (matches !== null) levelBorder(levels[0]!, matches)
}

function fillSmoothly({ data, target, width, height }: Canvas): void {
  const weight = new Float32Array(target.length)
  for (let i = 0; i < weight.length; i++) weight[i] = target[i] === 1 ? 0 : 1
  pullPush(data, weight, { width, height }, 3)
}

/** Largest distance (city block, halved) from a target pixel to the edge of the target. */
function thickest(target: Uint8Array, { width, height }: Size): number {
  const distance = new Int32Array(target.length)
  let most = 0
  for (let i = 0; i < target.length; i++) {
    if (target[i] === 0) continue
    const left = i % width > 0 ? distance[i - 1]! : width + height
    const up = i >= width ? distance[i - width]! : width + height
    distance[i] = Math.min(left, up) + 1
  }
  for (let i = target.length - 1; i >= 0; i--) {
    if (target[i] === 0) continue
    const right = i % width < width - 1 ? distance[i + 1]! : width + height
    const down = i + width < target.length ? distance[i + width]! : width + height
    distance[i] = Math.min(distance[i]!, right + 1, down + 1)
    if (distance[i]! < width + height) most = Math.max(most, distance[i]!)
  }
  return most
}

/** Half the size; known pixels count alone, a cell is a target when most of it is. */
function halveCanvas(canvas: Canvas): Canvas {
  const width = canvas.width >> 1
  const height = canvas.height >> 1
  const data = new Float32Array(width * height * 3)
  const target = new Uint8Array(width * height)
  const blocked = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const to = y * width + x
      let known = 0
      for (let k = 0; k < 4; k++) {
        const from = (y * 2 + (k >> 1)) * canvas.width + x * 2 + (k & 1)
        if (canvas.blocked[from] === 1) blocked[to] = 1
        if (canvas.target[from] === 1) continue
        known++
        for (let c = 0; c < 3; c++)
          data[to * 3 + c] = data[to * 3 + c]! + canvas.data[from * 3 + c]!
      }
      if (known < 2) {
        target[to] = 1
        data.fill(0, to * 3, to * 3 + 3)
      } else for (let c = 0; c < 3; c++) data[to * 3 + c] = data[to * 3 + c]! / known
    }
  }
  return { width, height, data, target, blocked }
}
