import { toLinear, toOklab } from './oklab.js'
import type { Triple } from './oklab.js'

/** How the colours of pictures are spread in OKLab. */
export interface ColourStats {
  /** Pixels that were counted; a pixel half under a mask counts half. */
  readonly weight: number
  readonly mean: Readonly<Triple>
  /** Symmetric 3x3, row by row. */
  readonly covariance: readonly number[]
}

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
      }
    },
    stats() {
      const total = Math.max(weight, Number.MIN_VALUE)
      const [L, a, b] = sums.map((sum) => sum / total) as Triple
      const [LL, La, Lb, aa, ab, bb] = products.map((sum) => sum / total) as typeof products
      const first = [LL - L * L, La - L * a, Lb - L * b]
      const second = [La - L * a, aa - a * a, ab - a * b]
      const third = [Lb - L * b, ab - a * b, bb - b * b]
      return { weight, mean: [L, a, b], covariance: [...first, ...second, ...third] }
    },
  }
}
