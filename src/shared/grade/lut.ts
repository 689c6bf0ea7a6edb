import { compress, reachOf } from './gamut.js'
import { cube, fromOklab, gammaOf, toLinear, toOklab } from './oklab.js'
import type { Triple } from './oklab.js'
import { applyStep } from './steps.js'
import type { ColourStep } from './steps.js'

/** Points along each side of the table. */
export const LUT_SIZE = 33

/**
 * A table of colours: red changes slowest, three sRGB values 0..1 an entry. The order of
 * ffmpeg's lut3d in memory; a .cube file runs the other way round.
 */
export type Lut = Float32Array

/**
 * What the steps make of a colour, exactly: what the table is sampled from.
 *
 * @param colour linear light 0..1 goes in, sRGB 0..1 comes out
 */
export function gradeColour(colour: Triple, steps: readonly ColourStep[]): void {
  finish(colour, steps, enterOklab(colour))
}

/** Linear light to OKLab, in place; answers how far out of grey it lies. */
function enterOklab(colour: Triple): number {
  const [red, green, blue] = colour
  toOklab(colour)
  return reachOf(red, green, blue, Math.min(1, Math.max(0, cube(colour[0]))))
}

/** From OKLab through the steps to sRGB, in place. */
function finish(colour: Triple, steps: readonly ColourStep[], reach: number): void {
  for (const step of steps) applyStep(colour, step)
  const L = Math.min(1, Math.max(0, colour[0]))
  const grey = cube(L)
  if (Math.hypot(colour[1], colour[2]) < 1e-6) colour.fill(grey)
  else {
    fromOklab(colour)
    compress(colour, grey, reach)
  }
  for (let c = 0; c < 3; c++) colour[c] = gammaOf(colour[c] as number)
}

/** Samples the steps on a regular grid. */
export function bakeLut(steps: readonly ColourStep[]): Lut {
  grid ??= measureGrid()
  const lut = new Float32Array(LUT_SIZE ** 3 * 3)
  const colour: Triple = [0, 0, 0]
  for (let at = 0, from = 0; at < lut.length; at += 3, from += 4) {
    colour[0] = grid[from] as number
    colour[1] = grid[from + 1] as number
    colour[2] = grid[from + 2] as number
    finish(colour, steps, grid[from + 3] as number)
    lut[at] = colour[0]
    lut[at + 1] = colour[1]
    lut[at + 2] = colour[2]
  }
  return lut
}

/** The grid's colours in OKLab, each with its reach: the same for every table, so made once. */
let grid: Float64Array | null = null

function measureGrid(): Float64Array {
  const made = new Float64Array(LUT_SIZE ** 3 * 4)
  const colour: Triple = [0, 0, 0]
  const linear = Array.from({ length: LUT_SIZE }, (_, n) => toLinear(n / (LUT_SIZE - 1)))
  let at = 0
  for (const red of linear) {
    for (const green of linear) {
      for (const blue of linear) {
        colour[0] = red
        colour[1] = green
        colour[2] = blue
        made[at + 3] = enterOklab(colour)
        made.set(colour, at)
        at += 4
      }
    }
  }
  return made
}

/** The table a share of the way from one to the other. */
export function mixLuts(from: Lut, to: Lut, share: number): Lut {
  const mixed = new Float32Array(from.length)
  for (let n = 0; n < mixed.length; n++) {
    const a = from[n] as number
    mixed[n] = a + ((to[n] as number) - a) * share
  }
  return mixed
}

/** For every byte: the grid point below it, and how far it lies from there to the next, 0..1. */
const BELOW = Uint8Array.from({ length: 256 }, (_, n) =>
  Math.min(LUT_SIZE - 2, Math.floor((n / 255) * (LUT_SIZE - 1))),
)
const PAST = Float64Array.from({ length: 256 }, (_, n) =>
  n === 255 ? 1 : (n / 255) * (LUT_SIZE - 1) - (BELOW[n] as number),
)

/**
 * {@link lookUp} from bytes to bytes, rounded: what it costs decides what an edit costs.
 *
 * @param data sRGB bytes, `channels` a pixel
 * @param first pixel that the row begins with
 * @param row gets three bytes a pixel; those that the mask leaves out hold nothing
 */
export function colourBytes(
  lut: Lut,
  data: Uint8Array | Uint8ClampedArray,
  channels: 3 | 4,
  first: number,
  row: Uint8Array,
  mask: Uint8Array | null,
): void {
  const stepX = LUT_SIZE * LUT_SIZE * 3
  const stepY = LUT_SIZE * 3
  let from = first * channels
  // The colour before, and what became of it: neighbours are often the same.
  let known = -1
  let red = 0
  let green = 0
  let blue = 0
  for (let at = 0, n = first; at < row.length; at += 3, n++, from += channels) {
    if (mask !== null && mask[n] === 0) continue
    const x = data[from] as number
    const y = data[from + 1] as number
    const z = data[from + 2] as number
    const colour = (x << 16) | (y << 8) | z
    if (colour !== known) {
      known = colour
      const dx = PAST[x] as number
      const dy = PAST[y] as number
      const dz = PAST[z] as number
      const low =
        (BELOW[x] as number) * stepX + (BELOW[y] as number) * stepY + (BELOW[z] as number) * 3
      const high = low + stepX + stepY + 3
      // From the lowest to the highest corner of the cell, along the largest of the steps first.
      let one: number
      let two: number
      let a: number
      let b: number
      let c: number
      if (dx > dy) {
        if (dy > dz) {
          one = low + stepX
          two = one + stepY
          a = dx
          b = dy
          c = dz
        } else if (dx > dz) {
          one = low + stepX
          two = one + 3
          a = dx
          b = dz
          c = dy
        } else {
          one = low + 3
          two = one + stepX
          a = dz
          b = dx
          c = dy
        }
      } else if (dz > dy) {
        one = low + 3
        two = one + stepY
        a = dz
        b = dy
        c = dx
      } else if (dz > dx) {
        one = low + stepY
        two = one + 3
        a = dy
        b = dz
        c = dx
      } else {
        one = low + stepY
        two = one + stepX
        a = dy
        b = dx
        c = dz
      }
      const p = (1 - a) * 255
      const q = (a - b) * 255
      const r = (b - c) * 255
      const s = c * 255
      red =
        p * (lut[low] as number) +
        q * (lut[one] as number) +
        r * (lut[two] as number) +
        s * (lut[high] as number)
      green =
        p * (lut[low + 1] as number) +
        q * (lut[one + 1] as number) +
        r * (lut[two + 1] as number) +
        s * (lut[high + 1] as number)
      blue =
        p * (lut[low + 2] as number) +
        q * (lut[one + 2] as number) +
        r * (lut[two + 2] as number) +
        s * (lut[high + 2] as number)
      // The table holds 0..1 only, so nothing leaves the bytes.
      red = (red + 0.5) | 0
      green = (green + 0.5) | 0
      blue = (blue + 0.5) | 0
    }
    row[at] = red
    row[at + 1] = green
    row[at + 2] = blue
  }
}

/**
 * Looks colours up, in place, by the tetrahedron of the grid that each lies in: as ffmpeg's lut3d
 * does by default.
 *
 * @param colours sRGB 0..1, three values a colour
 */
export function lookUp(lut: Lut, colours: Float32Array): void {
  const last = LUT_SIZE - 1
  const stepX = LUT_SIZE * LUT_SIZE * 3
  const stepY = LUT_SIZE * 3
  for (let at = 0; at < colours.length; at += 3) {
    const x = (colours[at] as number) * last
    const y = (colours[at + 1] as number) * last
    const z = (colours[at + 2] as number) * last
    const x0 = x >= last ? last - 1 : x | 0
    const y0 = y >= last ? last - 1 : y | 0
    const z0 = z >= last ? last - 1 : z | 0
    const dx = x - x0
    const dy = y - y0
    const dz = z - z0
    const low = x0 * stepX + y0 * stepY + z0 * 3
    const high = low + stepX + stepY + 3
    // From the lowest to the highest corner of the cell, along the largest of the steps first.
    let first: number
    let second: number
    let a: number
    let b: number
    let c: number
    if (dx > dy) {
      if (dy > dz) {
        first = low + stepX
        second = first + stepY
        a = dx
        b = dy
        c = dz
      } else if (dx > dz) {
        first = low + stepX
        second = first + 3
        a = dx
        b = dz
        c = dy
      } else {
        first = low + 3
        second = first + stepX
        a = dz
        b = dx
        c = dy
      }
    } else if (dz > dy) {
      first = low + 3
      second = first + stepY
      a = dz
      b = dy
      c = dx
    } else if (dz > dx) {
      first = low + stepY
      second = first + 3
      a = dy
      b = dz
      c = dx
    } else {
      first = low + stepY
      second = first + stepX
      a = dy
      b = dx
      c = dz
    }
    const p = 1 - a
    const q = a - b
    const r = b - c
    for (let n = 0; n < 3; n++) {
      colours[at + n] =
        p * (lut[low + n] as number) +
        q * (lut[first + n] as number) +
        r * (lut[second + n] as number) +
        c * (lut[high + n] as number)
    }
  }
}
