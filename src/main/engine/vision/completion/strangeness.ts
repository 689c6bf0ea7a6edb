import type { Canvas } from './canvas.js'

/** Side of a colour cell, in levels. */
const CELL = 8

const CELLS = 256 / CELL

/** Share of the region's extent that its surroundings are taken from. */
const REACH = 0.15

/** Steps of light and shade between the surroundings and what belongs to them, in levels. */
const USUAL = 12

/** What a strange colour costs at most: a thing is strange or it is not. */
const MOST = 40

/**
 * How little each known pixel belongs behind a region, by its colour: 0 where the region's
 * surroundings show the like, up to 40 for what they show nowhere. What hides behind a thing goes
 * on around it far more often than not; without this a second thing of the same kind, which brings
 * its own faultless surroundings along, is the cheapest of all fills.
 *
 * @returns one value per pixel, in levels; 0 for pixels to invent
 */
export function strangeColours(canvas: Canvas): Float32Array {
  const { data, target } = canvas
  const around = coloursAround(canvas)
  const cost = new Map<number, number>()
  const out = new Float32Array(target.length)
  if (around.length === 0) return out
  for (let i = 0; i < out.length; i++) {
    if (target[i] === 1) continue
    const cell = cellOf(data, i)
    let found = cost.get(cell)
    if (found === undefined) {
      found = Math.min(MOST, Math.max(0, distance(cell, around) - USUAL))
      cost.set(cell, found)
    }
    out[i] = found
  }
  return out
}

/** Colour cells of the known pixels within reach of the region. */
function coloursAround(canvas: Canvas): number[] {
  const { width, height, data, target, blocked } = canvas
  const steps = distanceTo(canvas)
  let size = 0
  for (const inside of target) size += inside
  const reach = Math.max(3, Math.round(REACH * Math.sqrt(size)))
  const found = new Set<number>()
  for (let i = 0; i < width * height; i++) {
    if (target[i] === 0 && blocked[i] === 0 && steps[i]! <= reach) found.add(cellOf(data, i))
  }
  return [...found]
}

/** Steps from each pixel to the region, sideways or up and down. */
function distanceTo({ width, height, target }: Canvas): Float32Array {
  const steps = Float32Array.from(target, (inside) => (inside === 1 ? 0 : Number.POSITIVE_INFINITY))
  const nearer = (i: number, other: number): void => {
    if (steps[other]! + 1 < steps[i]!) steps[i] = steps[other]! + 1
  }
  for (let i = 0; i < steps.length; i++) {
    if (i % width > 0) nearer(i, i - 1)
    if (i >= width) nearer(i, i - width)
  }
  for (let i = steps.length - 1; i >= 0; i--) {
    if (i % width < width - 1) nearer(i, i + 1)
    if (i < width * (height - 1)) nearer(i, i + width)
  }
  return steps
}

function cellOf(data: Float32Array, i: number): number {
  const cell = (c: number): number =>
    Math.min(CELLS - 1, Math.max(0, Math.floor(data[i * 3 + c]! / CELL)))
  return (cell(0) * CELLS + cell(1)) * CELLS + cell(2)
}

/** Levels from a cell to the nearest of the others. */
function distance(cell: number, others: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY
  const [r, g, b] = split(cell)
  for (const other of others) {
    const [x, y, z] = split(other)
    least = Math.min(least, (r - x) ** 2 + (g - y) ** 2 + (b - z) ** 2)
  }
  return CELL * Math.sqrt(least)
}

function split(cell: number): [number, number, number] {
  return [Math.floor(cell / CELLS ** 2), Math.floor(cell / CELLS) % CELLS, cell % CELLS]
}
