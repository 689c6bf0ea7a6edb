import type { Hole } from './hole.js'
import type { Picture } from './image.js'
import { pullPush } from './pullPush.js'

/** Belief from which a predicted pixel supports the smooth fill of its neighbours: a doubt would spread. */
const SUPPORT = 0.98

/**
 * Sweeps on the picture and on each smaller size of it. Without those on the smaller sizes a wide
 * hole is far from a membrane after any number that is affordable, and how far depends on where its
 * box lies: half a decibel.
 */
const FINE = 8
const COARSE = 24

/**
 * The hole continued smoothly from its border and from the pixels believed inside it.
 *
 * @param colours predicted, three floats per hole pixel
 * @param belief 0..1 per hole pixel; with none, only the border counts
 * @returns three floats per hole pixel
 */
export function smoothFill(
  picture: Picture,
  hole: Hole,
  colours?: Float32Array,
  belief?: Float32Array,
): Float32Array {
  const { box } = hole
  const margin = 4
  const left = Math.max(0, box.x - margin)
  const top = Math.max(0, box.y - margin)
  const width = Math.min(picture.width, box.x + box.width + margin) - left
  const height = Math.min(picture.height, box.y + box.height + margin) - top
  const data = new Float32Array(width * height * 3)
  const weight = new Float32Array(width * height).fill(1)
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * picture.width + left) * 3
    for (let i = 0; i < width * 3; i++) data[y * width * 3 + i] = picture.data[from + i]!
  }
  const place = (n: number): number => {
    const x = hole.pixels[n]! % picture.width
    return ((hole.pixels[n]! - x) / picture.width - top) * width + x - left
  }
  for (let n = 0; n < hole.pixels.length; n++) {
    if (hole.inside[n] === 0) continue
    const to = place(n)
    const believed = colours !== undefined && belief !== undefined && belief[n]! >= SUPPORT
    weight[to] = believed ? 1 : 0
    for (let c = 0; c < 3; c++) data[to * 3 + c] = believed ? colours[n * 3 + c]! : 0
  }
  pullPush(data, weight, { width, height }, 3, FINE, COARSE)
  const out = new Float32Array(hole.pixels.length * 3)
  for (let n = 0; n < hole.pixels.length; n++) {
    const at = place(n) * 3
    for (let c = 0; c < 3; c++) out[n * 3 + c] = data[at + c]!
  }
  return out
}
