import { CHANNELS, describeCanvas, type Canvas } from './canvas.js'
import type { Offset } from './dominantOffsets.js'
import type { Expectation } from './expectation.js'
import { FORBIDDEN } from './expansion.js'
import { strangeColours } from './strangeness.js'

/** Cost where only one side of a seam can be compared with anything. */
export const UNKNOWN = 40

/** Cost of copying from as far away as the picture is wide: near by, light and texture fit best. */
const FAR = 6

/** Cost per level of a colour that the surroundings do not show. */
const STRANGE = 2

/** Cost of a colour per e-fold by which the surroundings of a place speak against it. */
const UNLIKELY = 16

/** Steps from the region's edge over which a copied neighbourhood has to go on with the known one. */
const BAND = 2

export interface Costs {
  /** Cost of a shift at each of some pixels; `FORBIDDEN` or more where it looks at nothing known. */
  unary(pixels: Int32Array, offset: Offset): Float32Array
  /** How much a change of shift between two neighbouring pixels shows. */
  seam(a: number, b: number, one: Offset, other: Offset): number
}

/**
 * What it costs to copy, and to change from one shift to another.
 *
 * @param expected what is expected where, made from this canvas or from one of the coarser ones
 */
export function createCosts(canvas: Canvas, expected: Expectation | null): Costs {
  const { width, height, target, blocked } = canvas
  const features = describeCanvas(canvas)
  const strange = strangeColours(canvas)
  const far = FAR / Math.hypot(width, height)
  const cellOf = expected === null ? null : cellsOf(canvas, expected.canvas)
  const known = (i: number): boolean => target[i] === 0 && blocked[i] === 0
  const look = (pixel: number, { x, y }: Offset): number => {
    const px = (pixel % width) + x
    const py = Math.floor(pixel / width) + y
    if (px < 0 || py < 0 || px >= width || py >= height) return -1
    const i = py * width + px
    return known(i) ? i : -1
  }
  const gap = (a: number, b: number): number => {
    let sum = 0
    for (let c = 0; c < CHANNELS; c++) {
      sum += (features[a * CHANNELS + c]! - features[b * CHANNELS + c]!) ** 2
    }
    return Math.sqrt(sum)
  }
  const unlikely = (pixel: number, source: number): number =>
    expected === null || cellOf === null
      ? 0
      : UNLIKELY * expected.unlikely(cellOf(pixel), cellOf(source))
  return {
    unary(pixels, offset) {
      return Float32Array.from(pixels, (pixel) => {
        const source = look(pixel, offset)
        if (source < 0) return 2 * FORBIDDEN
        let sum = far * Math.hypot(offset.x, offset.y) + STRANGE * strange[source]!
        sum += unlikely(pixel, source)
        const x = pixel % width
        const y = Math.floor(pixel / width)
        for (let dy = -BAND; dy <= BAND; dy++) {
          for (let dx = -BAND; dx <= BAND; dx++) {
            const px = x + dx
            const py = y + dy
            if (px < 0 || py < 0 || px >= width || py >= height) continue
            const i = py * width + px
            if (!known(i)) continue
            const from = look(i, offset)
            const weight = 1 / (dx * dx + dy * dy)
            sum += weight * (from < 0 ? UNKNOWN : gap(i, from))
          }
        }
        return sum
      })
    },
    seam(a, b, one, other) {
      let sum = 0
      let sides = 0
      for (const pixel of [a, b]) {
        const first = look(pixel, one)
        const second = look(pixel, other)
        if (first < 0 || second < 0) continue
        sum += gap(first, second)
        sides++
      }
      return sides === 0 ? 2 * UNKNOWN : (2 * sum) / sides
    },
  }
}

/** From the pixels of a canvas to the cells of a coarser one, which was halved as often as it took. */
function cellsOf(fine: Canvas, coarse: Canvas): (pixel: number) => number {
  const halvings = Math.round(Math.log2(fine.width / coarse.width))
  return (pixel) => {
    const x = (pixel % fine.width) >> halvings
    const y = Math.floor(pixel / fine.width) >> halvings
    return Math.min(coarse.height - 1, y) * coarse.width + Math.min(coarse.width - 1, x)
  }
}
