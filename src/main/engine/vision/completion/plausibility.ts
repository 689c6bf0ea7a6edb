import { CHANNELS, describeCanvas, type Canvas } from './canvas.js'
import { createCosts } from './shiftCosts.js'
import { pairsOf, type ShiftMap } from './shiftMap.js'

/**
 * Seams at which half is left of what an invented region is worth: their cost per length that the
 * region is wide, in steps between neighbours in the picture around it. What looks right has 6 to
 * 18 of them, a region in pieces 25 to 70.
 */
const HALF_PLAUSIBLE = 30

/** Levels between neighbours, below which a picture is plain and every seam shows as much. */
const PLAIN = 3

/**
 * How plausible an invented region looks, 0..1: how little its seams, among its pieces and towards
 * what is known, stand out against the texture around it. Nobody knows the truth there; what does
 * not fit together is wrong in any case, and what fits may be wrong all the same.
 */
export function plausibilityOf(canvas: Canvas, { nodes, chosen, offsets }: ShiftMap): number {
  if (nodes.length === 0) return 1
  const { width, target, blocked } = canvas
  const costs = createCosts(canvas, null)
  const stay = { x: 0, y: 0 }
  let sum = 0
  const pairs = pairsOf(canvas, nodes)
  for (let p = 0; p < pairs.length; p += 2) {
    const [a, b] = [pairs[p]!, pairs[p + 1]!]
    if (chosen[a] === chosen[b]) continue
    sum += costs.seam(
      nodes[a]!,
      nodes[b]!,
      offsets[chosen[a]!] ?? stay,
      offsets[chosen[b]!] ?? stay,
    )
  }
  nodes.forEach((pixel, n) => {
    const x = pixel % width
    for (const [beside, inside] of [
      [pixel - 1, x > 0],
      [pixel + 1, x < width - 1],
      [pixel - width, true],
      [pixel + width, true],
    ] as const) {
      if (!inside || target[beside] !== 0 || blocked[beside] !== 0) continue
      sum += costs.seam(pixel, beside, offsets[chosen[n]!] ?? stay, stay)
    }
  })
  const seams = sum / Math.sqrt(nodes.length) / Math.max(PLAIN, stepAround(canvas))
  return 1 / (1 + (seams / HALF_PLAUSIBLE) ** 2)
}

/** Mean difference in levels between known neighbours. */
function stepAround(canvas: Canvas): number {
  const { width, target, blocked } = canvas
  const features = describeCanvas(canvas)
  const known = (i: number): boolean => target[i] === 0 && blocked[i] === 0
  let sum = 0
  let count = 0
  for (let i = 0; i < target.length; i++) {
    if (!known(i)) continue
    for (const other of [i % width < width - 1 ? i + 1 : -1, i + width]) {
      if (other < 0 || other >= target.length || !known(other)) continue
      let square = 0
      for (let c = 0; c < CHANNELS; c++) {
        square += (features[i * CHANNELS + c]! - features[other * CHANNELS + c]!) ** 2
      }
      sum += Math.sqrt(square)
      count++
    }
  }
  return sum / Math.max(1, count)
}
