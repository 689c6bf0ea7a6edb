import type { Canvas } from './canvas.js'

/** How unlikely colours are behind each place of a region. */
export interface Expectation {
  /** The canvas it was made from, whose pixels are asked for. */
  readonly canvas: Canvas
  /**
   * 0 where the surroundings lead to expect a colour, up to 3.9 where nothing near shows the like.
   *
   * @param place pixel to invent
   * @param source known pixel that would be copied there
   */
  unlikely(place: number, source: number): number
}

/** Colours of the border that are told apart, at most. */
const COLOURS = 12

/** Levels from which two colours of the border are two. */
const APART = 12

/** Light and shade, in levels, that a colour may differ by from one that is expected. */
const TOLERANCE = 10

/** Levels beyond that at which a colour counts 0.6 of it. */
const SPREAD = 20

/** Radius of the means in pixels: what is expected at a place is a colour, not the grain of a texture. */
const AROUND = 2

/** Chance that is granted to every colour: the border does not show everything. */
const GRANTED = 0.02

/** How much more an edge of the border is followed than crossed: 0 = not at all. */
const ALONG_EDGES = 0.7

const SWEEPS = 250

/**
 * What colours to expect where in a region. What hides behind a thing goes on around it: a colour
 * is as likely at a place as a random walk from there is to end where the border shows it. The walk
 * follows the edges that meet the border: where they are level, what lies left and right of a place
 * says more of it than what lies above and below.
 *
 * @returns null where no border is known
 */
export function expectColours(canvas: Canvas): Expectation | null {
  const { target } = canvas
  const data = withoutTexture(canvas)
  const region = regionOf(canvas)
  const border = [...new Set(region.beside)].filter((i) => i >= 0 && target[i] === 0)
  if (border.length === 0) return null
  const palette = coloursOf(data, border)
  const shown = new Map(border.map((i) => [i, nearest(data, i, palette)] as const))
  const chances = walk(region, shown, palette.length, sidewaysShare(canvas, border))
  const likeness = new Float32Array(target.length * palette.length)
  for (let i = 0; i < target.length; i++) {
    palette.forEach((colour, k) => {
      const beyond = Math.max(0, distance(data, i, colour) - TOLERANCE) / SPREAD
      likeness[i * palette.length + k] = Math.exp(-(beyond * beyond) / 2)
    })
  }
  return {
    canvas,
    unlikely(at, source) {
      const n = region.place[at]!
      if (n < 0 || target[source] === 1) return 0
      let chance = GRANTED
      for (let k = 0; k < palette.length; k++) {
        chance += chances[n * palette.length + k]! * likeness[source * palette.length + k]!
      }
      return -Math.log(Math.min(1, chance))
    },
  }
}

/** Means of the known pixels around each one. */
function withoutTexture({ width, height, data, target, blocked }: Canvas): Float32Array {
  const out = new Float32Array(data.length)
  for (let i = 0; i < target.length; i++) {
    const x = i % width
    const y = Math.floor(i / width)
    let count = 0
    for (let py = Math.max(0, y - AROUND); py <= Math.min(height - 1, y + AROUND); py++) {
      for (let px = Math.max(0, x - AROUND); px <= Math.min(width - 1, x + AROUND); px++) {
        const other = py * width + px
        if (target[other] === 1 || blocked[other] === 1) continue
        count++
        for (let c = 0; c < 3; c++) out[i * 3 + c] = out[i * 3 + c]! + data[other * 3 + c]!
      }
    }
    for (let c = 0; c < 3; c++) out[i * 3 + c] = out[i * 3 + c]! / Math.max(1, count)
  }
  return out
}

interface Region {
  /** Position of each canvas pixel among those to invent, -1 for the others. */
  readonly place: Int32Array
  /** Left, right, upper and lower neighbour of each pixel to invent; -1 where none is to be had. */
  readonly beside: Int32Array
}

function regionOf({ width, height, target, blocked }: Canvas): Region {
  const place = new Int32Array(target.length).fill(-1)
  const beside: number[] = []
  for (let i = 0; i < target.length; i++) {
    if (target[i] === 0) continue
    place[i] = beside.length / 4
    const x = i % width
    const y = Math.floor(i / width)
    const usable = (other: number, inside: boolean): number =>
      inside && blocked[other] === 0 ? other : -1
    beside.push(
      usable(i - 1, x > 0),
      usable(i + 1, x < width - 1),
      usable(i - width, y > 0),
      usable(i + width, y < height - 1),
    )
  }
  return { place, beside: Int32Array.from(beside) }
}

/** Share 0..1 of the steps that go sideways, by the edges that run up to the border. */
function sidewaysShare({ width, data, target }: Canvas, border: readonly number[]): number {
  /** Mean slope along a step, of the pixels on whose both sides the picture is known. */
  const slope = (step: number): number => {
    let sum = 1
    let count = 1
    for (const i of border) {
      const [before, after] = [i - step, i + step]
      if (target[before] !== 0 || target[after] !== 0) continue
      for (let c = 0; c < 3; c++) sum += Math.abs(data[after * 3 + c]! - data[before * 3 + c]!)
      count++
    }
    return sum / count
  }
  const ratio = (slope(width) / slope(1)) ** (2 * ALONG_EDGES)
  return ratio / (1 + ratio)
}

/** Chance per pixel to invent and colour that a walk from there ends at the colour. */
function walk(
  { place, beside }: Region,
  shown: ReadonlyMap<number, number>,
  colours: number,
  sideways: number,
): Float32Array {
  const count = beside.length / 4
  const chances = new Float32Array(count * colours).fill(1 / colours)
  const sums = new Float64Array(colours)
  const ends = beside.map((i) => shown.get(i) ?? -1)
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (let m = 0; m < count; m++) {
      const n = sweep % 2 === 0 ? m : count - 1 - m
      sums.fill(0)
      let total = 0
      for (let side = 0; side < 4; side++) {
        const other = beside[n * 4 + side]!
        if (other < 0) continue
        const weight = side < 2 ? sideways : 1 - sideways
        total += weight
        const end = ends[n * 4 + side]!
        if (end >= 0) sums[end] = sums[end]! + weight
        else {
          const from = place[other]! * colours
          for (let k = 0; k < colours; k++) sums[k] = sums[k]! + weight * chances[from + k]!
        }
      }
      if (total === 0) continue
      for (let at = n * colours, k = 0; k < colours; k++, at++) {
        chances[at] = chances[at]! + 1.8 * (sums[k]! / total - chances[at]!)
      }
    }
  }
  return chances.map((chance) => Math.max(0, chance))
}

type Colour = readonly [number, number, number]

/** A few colours that stand for those of some pixels: the farthest from all others, then their means. */
function coloursOf(data: Float32Array, pixels: readonly number[]): Colour[] {
  let palette = [colourAt(data, pixels[0]!)]
  while (palette.length < COLOURS) {
    let farthest = -1
    let most = APART
    for (const i of pixels) {
      const apart = distance(data, i, palette[nearest(data, i, palette)]!)
      if (apart <= most) continue
      most = apart
      farthest = i
    }
    if (farthest < 0) break
    palette.push(colourAt(data, farthest))
  }
  for (let round = 0; round < 6; round++) {
    const sums = palette.map((): [number, number, number, number] => [0, 0, 0, 0])
    for (const i of pixels) {
      const sum = sums[nearest(data, i, palette)]!
      for (let c = 0; c < 3; c++) sum[c as 0] += data[i * 3 + c]!
      sum[3]++
    }
    palette = sums.map(([r, g, b, n], k) => (n === 0 ? palette[k]! : [r / n, g / n, b / n]))
  }
  return palette
}

function colourAt(data: Float32Array, i: number): Colour {
  return [data[i * 3]!, data[i * 3 + 1]!, data[i * 3 + 2]!]
}

function nearest(data: Float32Array, i: number, palette: readonly Colour[]): number {
  let best = 0
  let least = Number.POSITIVE_INFINITY
  palette.forEach((colour, k) => {
    const apart = distance(data, i, colour)
    if (apart >= least) return
    least = apart
    best = k
  })
  return best
}

/** Levels between a pixel's colour and another. */
function distance(data: Float32Array, i: number, [r, g, b]: Colour): number {
  return Math.hypot(data[i * 3]! - r, data[i * 3 + 1]! - g, data[i * 3 + 2]! - b)
}
