import { LUT_SIZE } from '../../../src/shared/grade/lut.js'
import type { Lut } from '../../../src/shared/grade/lut.js'
import { toLinear, toOklab } from '../../../src/shared/grade/oklab.js'
import type { Triple } from '../../../src/shared/grade/oklab.js'

/** Directions of OKLab that colours are looked at along, even over the half sphere and more. */
const DIRECTIONS = Array.from({ length: 48 }, (_, n) => {
  const z = 1 - (2 * (n + 0.5)) / 48
  const [round, turn] = [Math.sqrt(1 - z * z), n * Math.PI * (3 - Math.sqrt(5))]
  return [round * Math.cos(turn), round * Math.sin(turn), z] as const
})
const QUANTILES = 256

/** Every so many pixels one is looked at: no multiple of a usual width. */
const EVERY = 7

/** Colours of pictures in OKLab, three numbers each. */
export function labOf(pictures: readonly Uint8Array[]): Float32Array {
  const counts = pictures.map(({ length }) => Math.ceil(length / (3 * EVERY)))
  const out = new Float32Array(3 * counts.reduce((sum, count) => sum + count, 0))
  const colour: Triple = [0, 0, 0]
  let at = 0
  for (const data of pictures) {
    for (let from = 0; from < data.length; from += 3 * EVERY, at += 3) {
      for (let c = 0; c < 3; c++) colour[c] = toLinear(data[from + c]! / 255)
      toOklab(colour)
      out.set(colour, at)
    }
  }
  return out
}

/**
 * How far colours have to travel to be spread like others, in hundredths of OKLab: the sliced
 * Wasserstein distance (Bonneel et al. 2015), over 48 directions.
 */
export function spreadDistance(one: Float32Array, other: Float32Array): number {
  const [mine, theirs] = [quantiles(one), quantiles(other)]
  const sum = mine.reduce((total, value, n) => total + Math.abs(value - theirs[n]!), 0)
  return (sum / mine.length) * 100
}

function quantiles(colours: Float32Array): Float32Array {
  const count = colours.length / 3
  const out = new Float32Array(DIRECTIONS.length * QUANTILES)
  DIRECTIONS.forEach(([x, y, z], d) => {
    const along = Float32Array.from(
      { length: count },
      (_, n) => x * colours[n * 3]! + y * colours[n * 3 + 1]! + z * colours[n * 3 + 2]!,
    ).sort()
    for (let q = 0; q < QUANTILES; q++) {
      out[d * QUANTILES + q] = along[Math.floor(((q + 0.5) / QUANTILES) * count)]!
    }
  })
  return out
}

/** Between the means of the darkest, the middle and the lightest third, in hundredths of OKLab. */
export function thirdsApart(one: Float32Array, other: Float32Array): number {
  const [mine, theirs] = [thirds(one), thirds(other)]
  const apart = mine.map((mean, n) => Math.hypot(...mean.map((value, c) => value - theirs[n]![c]!)))
  return (apart.reduce((sum, value) => sum + value, 0) / 3) * 100
}

function thirds(colours: Float32Array): number[][] {
  const count = colours.length / 3
  const lights = Float32Array.from({ length: count }, (_, n) => colours[n * 3]!).sort()
  const [low, high] = [lights[Math.floor(count / 3)]!, lights[Math.floor((2 * count) / 3)]!]
  const sums = [0, 1, 2].map(() => [0, 0, 0, 0])
  for (let n = 0; n < colours.length; n += 3) {
    const light = colours[n]!
    const sum = sums[light < low ? 0 : light < high ? 1 : 2]!
    for (let c = 0; c < 3; c++) sum[c]! += colours[n + c]!
    sum[3]!++
  }
  return sums.map(([L = 0, a = 0, b = 0, weight = 1]) => [L / weight, a / weight, b / weight])
}

/** How even a table is. */
export interface Evenness {
  /** The most that colours of the grey axis are pulled apart, from one grid point to the next. */
  readonly greys: number
  /** The same of all neighbours, but for the hundredth that is worst; the blacks left out. */
  readonly all: number
  /** Lighter greys come out lighter. */
  readonly rising: boolean
}

/** Points next to black are a large part of all lightness apart: nothing is seen of them. */
const BLACKS = 3

export function evenness(table: Lut): Evenness {
  const step = 1 / (LUT_SIZE - 1)
  const colours = (of: (n: number) => Triple): Float32Array => {
    const out = new Float32Array(LUT_SIZE ** 3 * 3)
    for (let n = 0; n < LUT_SIZE ** 3; n++) {
      const colour = of(n).map(toLinear) as Triple
      toOklab(colour)
      out.set(colour, n * 3)
    }
    return out
  }
  const sides = [LUT_SIZE ** 2, LUT_SIZE, 1] as const
  const at = (n: number, k: number): number => Math.floor(n / sides[k]!) % LUT_SIZE
  const before = colours((n) => [at(n, 0) * step, at(n, 1) * step, at(n, 2) * step])
  const after = colours((n) => [table[n * 3]!, table[n * 3 + 1]!, table[n * 3 + 2]!])
  const apart = (of: Float32Array, n: number, m: number): number =>
    Math.hypot(...[0, 1, 2].map((c) => of[n * 3 + c]! - of[m * 3 + c]!))
  const gain = (n: number, m: number): number => apart(after, n, m) / apart(before, n, m)
  const all: number[] = []
  for (let n = 0; n < LUT_SIZE ** 3; n++) {
    if (Math.max(at(n, 0), at(n, 1), at(n, 2)) < BLACKS) continue
    sides.forEach((side, k) => {
      if (at(n, k) < LUT_SIZE - 1) all.push(gain(n, n + side))
    })
  }
  all.sort((a, b) => a - b)
  const diagonal = sides[0] + sides[1] + sides[2]
  const greys = Array.from({ length: LUT_SIZE - 1 }, (_, n) => n * diagonal)
  return {
    greys: Math.max(...greys.slice(BLACKS).map((n) => gain(n, n + diagonal))),
    all: all[Math.floor(all.length * 0.99)]!,
    rising: greys.every((n) => after[(n + diagonal) * 3]! >= after[n * 3]! - 1e-4),
  }
}
