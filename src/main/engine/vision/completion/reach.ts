import type { Canvas } from './canvas.js'
import type { Offset } from './dominantOffsets.js'

/** Shifts that every pixel should have to choose from. */
const ENOUGH = 16

/** Shifts added for that, at most. */
const MORE = 40

/** Shifts that are drawn for each one added. */
const DRAWN = 24

/**
 * Adds shifts until every pixel to invent has enough that lead to something known. The frequent
 * ones are mostly short, and those of a large region are not: deep in it nearly all of them end in
 * the region itself, and the one or two that do not would win unopposed.
 */
export function reachEverywhere(
  canvas: Canvas,
  offsets: readonly Offset[],
  random: () => number,
): readonly Offset[] {
  const { width, height, target, blocked } = canvas
  const nodes: number[] = []
  const sources: number[] = []
  for (let i = 0; i < target.length; i++) {
    if (target[i] === 1) nodes.push(i)
    else if (blocked[i] === 0) sources.push(i)
  }
  if (sources.length === 0) return offsets
  const isKnown = (i: number, { x, y }: Offset): boolean => {
    const px = (i % width) + x
    const py = Math.floor(i / width) + y
    if (px < 0 || py < 0 || px >= width || py >= height) return false
    return target[py * width + px] === 0 && blocked[py * width + px] === 0
  }
  const choices = nodes.map((i) => offsets.filter((offset) => isKnown(i, offset)).length)
  const all = [...offsets]
  for (let added = 0; added < MORE; added++) {
    const lacking = nodes.filter((_, n) => choices[n]! < ENOUGH)
    if (lacking.length === 0) break
    let best: Offset | null = null
    let most = 0
    for (let k = 0; k < DRAWN; k++) {
      const to = lacking[Math.floor(random() * lacking.length)]!
      const from = sources[Math.floor(random() * sources.length)]!
      const offset = {
        x: (from % width) - (to % width),
        y: Math.floor(from / width) - Math.floor(to / width),
      }
      let served = 0
      for (const i of lacking) if (isKnown(i, offset)) served++
      if (served <= most) continue
      most = served
      best = offset
    }
    if (best === null) break
    all.push(best)
    for (let n = 0; n < nodes.length; n++) if (isKnown(nodes[n]!, best)) choices[n]!++
  }
  return all
}
