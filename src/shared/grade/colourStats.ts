import { toLinear, toOklab } from './oklab.js'
import type { Triple } from './oklab.js'

/** How the colours of pictures are spread in OKLab. */
export interface ColourStats {
  /** Pixels that were counted; a pixel half under a mask counts half. */
  readonly weight: number
  readonly mean: Readonly<Triple>
  /** Symmetric 3x3, row by row. */
  readonly covariance: readonly number[]
  /** The colours themselves, near ones together: weight, lightness, a and b of each. */
  readonly cells: Float64Array
}

/** Cells of OKLab along lightness, and along a and b from -REACH to REACH. */
const LIGHTS = 64
const CHROMAS = 40
const REACH = 0.4

const LINEAR = Float64Array.from({ length: 256 }, (_, n) => toLinear(n / 255))

/** Pools the colours of any number of pictures, as if they were one. */
export function createColourPool(): {
  /**
   * @param rgba sRGB bytes; transparent pixels do not count
   * @param mask how much each pixel counts, 0..255; null counts all
   */
  add(rgba: Uint8Array, mask: Uint8Array | null): void
  stats(): ColourStats
} {
  let weight = 0
  const sums: Triple = [0, 0, 0]
  // Upper triangle, row by row.
  const products = [0, 0, 0, 0, 0, 0] as [number, number, number, number, number, number]
  const colour: Triple = [0, 0, 0]
  const cells = new Float64Array(LIGHTS * CHROMAS * CHROMAS * 4)
  return {
    add(rgba, mask) {
      for (let from = 0, pixel = 0; from < rgba.length; from += 4, pixel++) {
        const coverage = mask === null ? 255 : (mask[pixel] as number)
        const share = ((rgba[from + 3] as number) * coverage) / (255 * 255)
        if (share === 0) continue
        for (let c = 0; c < 3; c++) colour[c] = LINEAR[rgba[from + c] as number] as number
        toOklab(colour)
        const [L, a, b] = colour
        weight += share
        sums[0] += share * L
        sums[1] += share * a
        sums[2] += share * b
        products[0] += share * L * L
        products[1] += share * L * a
        products[2] += share * L * b
        products[3] += share * a * a
        products[4] += share * a * b
        products[5] += share * b * b
        const cell = (slot(L, LIGHTS) * CHROMAS + along(a)) * CHROMAS + along(b)
        const at = cell * 4
        cells[at] = (cells[at] as number) + share
        for (let c = 0; c < 3; c++) {
          cells[at + 1 + c] = (cells[at + 1 + c] as number) + share * (colour[c] as number)
        }
      }
    },
    stats() {
      const total = Math.max(weight, Number.MIN_VALUE)
      const [L, a, b] = sums.map((sum) => sum / total) as Triple
      const [LL, La, Lb, aa, ab, bb] = products.map((sum) => sum / total) as typeof products
      const first = [LL - L * L, La - L * a, Lb - L * b]
      const second = [La - L * a, aa - a * a, ab - a * b]
      const third = [Lb - L * b, ab - a * b, bb - b * b]
      const covariance = [...first, ...second, ...third]
      return { weight, mean: [L, a, b], covariance, cells: filled(cells) }
    },
  }
}

/** Which of `count` equal parts of 0..1 a value lies in; what lies outside is in the nearest. */
function slot(value: number, count: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor(value * count)))
}

const along = (chroma: number): number => slot((chroma + REACH) / (2 * REACH), CHROMAS)

/** The cells that hold something, their sums made means. */
function filled(sums: Float64Array): Float64Array {
  const found: number[] = []
  for (let at = 0; at < sums.length; at += 4) {
    const weight = sums[at] as number
    if (weight === 0) continue
    found.push(weight)
    for (let c = 1; c < 4; c++) found.push((sums[at + c] as number) / weight)
  }
  return Float64Array.from(found)
}
