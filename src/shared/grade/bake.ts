import { compress, reachOf } from './gamut.js'
import { LUT_SIZE } from './lut.js'
import type { Lut, LutPoints } from './lut.js'
import { cube, fromOklab, gammaOf, toLinear, toOklab } from './oklab.js'
import type { Triple } from './oklab.js'
import { applyStep } from './steps.js'
import type { ColourStep } from './steps.js'

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

/** A table that is worked out as far as it is asked for. */
export interface OpenLut {
  /** Holds nothing yet at points that were never asked for. */
  readonly lut: Lut
  /** Works out those that are not there yet; all of them for null. */
  fill(points: LutPoints | null): void
}

export function openLut(steps: readonly ColourStep[]): OpenLut {
  const lut = new Float32Array(LUT_SIZE ** 3 * 3)
  const known = new Uint8Array(LUT_SIZE ** 3)
  return {
    lut,
    fill(points) {
      grid ??= measureGrid()
      sample(steps, grid, points, known, lut)
    },
  }
}

/** Samples the steps on a regular grid. */
export function bakeLut(steps: readonly ColourStep[]): Lut {
  const table = openLut(steps)
  table.fill(null)
  return table.lut
}

function sample(
  steps: readonly ColourStep[],
  colours: Float64Array,
  points: LutPoints | null,
  known: Uint8Array,
  lut: Lut,
): void {
  const colour: Triple = [0, 0, 0]
  for (let n = 0, at = 0, from = 0; n < known.length; n++, at += 3, from += 4) {
    if (known[n] === 1 || (points !== null && points[n] === 0)) continue
    known[n] = 1
    colour[0] = colours[from] as number
    colour[1] = colours[from + 1] as number
    colour[2] = colours[from + 2] as number
    finish(colour, steps, colours[from + 3] as number)
    lut[at] = colour[0]
    lut[at + 1] = colour[1]
    lut[at + 2] = colour[2]
  }
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
