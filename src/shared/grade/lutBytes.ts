import { BELOW, LUT_SIZE } from './lut.js'
import type { Lut } from './lut.js'

/**
 * The table in whole numbers, for colours that are bytes. A byte lies a whole number of 255ths of
 * a cell past the grid point below it: weights are whole numbers that add up to 255, and their sum
 * over table values of 0..1 is the byte that comes out.
 */
export const SHIFT = 22
/** What a table value of 1 is. */
export const ONE = 2 ** SHIFT
const HALF = ONE / 2

const STEP_X = LUT_SIZE * LUT_SIZE * 3
const STEP_Y = LUT_SIZE * 3
const STEP_Z = 3
const ALL = STEP_X + STEP_Y + STEP_Z
/** Room for the longest of the steps below a weight. */
const ROOM = 12
const STEP_BITS = (1 << ROOM) - 1

/**
 * For every byte of a channel: where its grid point lies, and its weight with the channel's step
 * in the lowest {@link ROOM} bits.
 */
export function pastOf(step: number): { readonly low: Int32Array; readonly past: Int32Array } {
  const weight = (n: number): number => n * (LUT_SIZE - 1) - 255 * (BELOW[n] as number)
  return {
    low: Int32Array.from({ length: 256 }, (_, n) => (BELOW[n] as number) * step),
    past: Int32Array.from({ length: 256 }, (_, n) => (weight(n) << ROOM) | step),
  }
}

const X = pastOf(STEP_X)
const Y = pastOf(STEP_Y)
const Z = pastOf(STEP_Z)

/**
 * Takes a table in hand for one frame.
 *
 * @param data sRGB bytes, `channels` a pixel
 * @param out RGBA
 * @returns draws pixels `[from, to)`: their colours, and alpha 255; until the next table is in hand
 */
export type OpenBytes = (
  lut: Lut,
  data: Uint8Array | Uint8ClampedArray,
  channels: 3 | 4,
  out: Uint8Array | Uint8ClampedArray,
) => (from: number, to: number) => void

/** The table in hand: frames are worked on one at a time. */
const whole = new Int32Array(LUT_SIZE ** 3 * 3)

/** What looking up costs decides what an edit costs; the engine has a quicker way to the same bits. */
export const openBytes: OpenBytes = (lut, data, channels, out) => {
  for (let n = 0; n < whole.length; n++) whole[n] = (lut[n] as number) * ONE + 0.5
  return (from, to) => lookUpBytes(whole, data, channels, out, from, to)
}

function lookUpBytes(
  table: Int32Array,
  data: Uint8Array | Uint8ClampedArray,
  channels: number,
  out: Uint8Array | Uint8ClampedArray,
  first: number,
  last: number,
): void {
  for (
    let n = first, from = first * channels, to = first * 4;
    n < last;
    n++, from += channels, to += 4
  ) {
    const red = data[from] as number
    const green = data[from + 1] as number
    const blue = data[from + 2] as number
    const x = X.past[red] as number
    const y = Y.past[green] as number
    const z = Z.past[blue] as number
    // Sorted without branches, which nobody could predict: a difference is kept where it is negative.
    const xy = (x - y) & ((x - y) >> 31)
    const more = x - xy
    const less = y + xy
    const most = more - ((more - z) & ((more - z) >> 31))
    const least = less + ((z - less) & ((z - less) >> 31))
    const a = most >> ROOM
    const c = least >> ROOM
    const b = ((x + y + z) >> ROOM) - a - c
    // From the lowest to the highest corner of the cell, along the largest of the steps first.
    const low = (X.low[red] as number) + (Y.low[green] as number) + (Z.low[blue] as number)
    const high = low + ALL
    const one = low + (most & STEP_BITS)
    const two = high - (least & STEP_BITS)
    const p = 255 - a
    const q = a - b
    const r = b - c
    out[to] =
      (Math.imul(p, table[low] as number) +
        Math.imul(q, table[one] as number) +
        Math.imul(r, table[two] as number) +
        Math.imul(c, table[high] as number) +
        HALF) >>
      SHIFT
    out[to + 1] =
      (Math.imul(p, table[low + 1] as number) +
        Math.imul(q, table[one + 1] as number) +
        Math.imul(r, table[two + 1] as number) +
        Math.imul(c, table[high + 1] as number) +
        HALF) >>
      SHIFT
    out[to + 2] =
      (Math.imul(p, table[low + 2] as number) +
        Math.imul(q, table[one + 2] as number) +
        Math.imul(r, table[two + 2] as number) +
        Math.imul(c, table[high + 2] as number) +
        HALF) >>
      SHIFT
    out[to + 3] = 255
  }
}
