import type { ToneZone } from '../edit/operations.js'
import type { Triple } from './oklab.js'
import { smoothstep } from './oklab.js'
import { transport } from './transport.js'

/** Shadows, midtones, highlights: the middle of the darkest third of the colours, and so on. */
const RANKS = [1 / 6, 1 / 2, 5 / 6]
/** Zones nearer to each other in lightness are one: a colour would change within a few levels. */
const LEAST_APART = 0.08
/** Zones stay clear of black and white, which have no room for colour. */
const ENDS = 0.03
/** A zone with this share of the colours believes its own by half. */
const FEW = 0.01
/** What a zone adds to the growth and shrinking of differences, as a factor. */
const MOST_MORE = 2
/** Chroma that colours may gain per lightness from one zone to the next: more shows as bands. */
const STEEPEST = 1

/** Colours as {@link ColourStats.cells} lists them. */
type Cells = Float64Array

/**
 * What shadows, midtones and highlights of colours that went through a map lack to those of the
 * reference. About chroma alone, so lightness rises as it did under the map. Each zone's colours get
 * the mean and, within bounds, the covariance that the reference has there; where there are few, they
 * stay with the map.
 *
 * @param chroma of the map, its part from a and b to a and b (2x2)
 * @param most that differences in chroma may grow at all, map and zone together
 * @returns no zones where light and dark cannot be told apart
 */
export function zonesOf(
  moved: Cells,
  reference: Cells,
  { chroma, most }: { readonly chroma: readonly number[]; readonly most: number },
): readonly ToneZone[] {
  const lights = lightsOf(reference)
  if (lights.length < 2) return []
  const [present, wanted] = [poolZones(moved, lights), poolZones(reference, lights)]
  const made = present.map((own, n) => {
    const to = wanted[n] as Pool
    const few = Math.min(own.share, to.share)
    const belief = few / (few + FEW)
    const towards = (gain: number): number =>
      1 + belief * (Math.min(MOST_MORE, Math.max(1 / MOST_MORE, gain)) - 1)
    const full = transport(inChroma(own.covariance), inChroma(to.covariance), towards)
    const matrix = tamed(
      [4, 5, 7, 8].map((at) => full[at] as number),
      chroma,
      most,
    )
    const shift = [0, 1].map((c) => belief * ((to.mean[c] as number) - (own.mean[c] as number)))
    return { lightness: lights[n] as number, mean: own.mean, matrix, shift }
  })
  const steepest = made.slice(1).reduce((worst, one, n) => {
    const before = made[n] as typeof one
    const gained = Math.hypot(...one.shift.map((value, c) => value - (before.shift[c] as number)))
    return Math.max(worst, gained / (one.lightness - before.lightness))
  }, 0)
  const share = Math.min(1, STEEPEST / Math.max(steepest, Number.MIN_VALUE))
  return made.map(({ lightness, mean, matrix, shift }) => {
    const kept = nearIdentity(matrix, share)
    const [a, b] = times(kept, mean)
    const offset = [a, b].map(
      (value, c) => (mean[c] as number) + share * (shift[c] as number) - value,
    )
    return { lightness, matrix: kept, offset }
  })
}

/** The lightness of each zone: where the reference's colours have it, well apart. */
function lightsOf(cells: Cells): number[] {
  const order = Array.from({ length: cells.length / 4 }, (_, n) => n * 4).sort(
    (one, other) => (cells[one + 1] as number) - (cells[other + 1] as number),
  )
  const total = order.reduce((sum, at) => sum + (cells[at] as number), 0)
  const lights: number[] = []
  let below = 0
  let next = 0
  for (const at of order) {
    below += cells[at] as number
    while (next < RANKS.length && below >= (RANKS[next] as number) * total) {
      const light = Math.min(1 - ENDS, Math.max(ENDS, cells[at + 1] as number))
      if (lights.every((other) => light - other >= LEAST_APART)) lights.push(light)
      next++
    }
  }
  return lights
}

/** The zone at or below a lightness, and how far it is to the next, 0..1. */
function placeOf(
  lightness: number,
  lights: readonly number[],
  out: { low: number; past: number },
): void {
  const last = lights.length - 1
  let low = 0
  while (low < last - 1 && lightness >= (lights[low + 1] as number)) low++
  out.low = low
  out.past = smoothstep(lights[low] as number, lights[low + 1] as number, lightness)
}

interface Pool {
  /** Of all colours. */
  readonly share: number
  readonly mean: readonly number[]
  /** aa, ab, bb */
  readonly covariance: readonly number[]
}

function poolZones(cells: Cells, lights: readonly number[]): Pool[] {
  const sums = lights.map(() => ({ weight: 0, a: 0, b: 0, aa: 0, ab: 0, bb: 0 }))
  const place = { low: 0, past: 0 }
  let total = 0
  for (let at = 0; at < cells.length; at += 4) {
    const [weight, light, a, b] = [0, 1, 2, 3].map((n) => cells[at + n]) as [...Triple, number]
    total += weight
    placeOf(light, lights, place)
    for (const [zone, share] of [
      [place.low, 1 - place.past],
      [place.low + 1, place.past],
    ] as const) {
      const sum = sums[zone]
      if (sum === undefined || share === 0) continue
      const by = weight * share
      sum.weight += by
      sum.a += by * a
      sum.b += by * b
      sum.aa += by * a * a
      sum.ab += by * a * b
      sum.bb += by * b * b
    }
  }
  return sums.map((sum) => {
    const weight = Math.max(sum.weight, Number.MIN_VALUE)
    const [a, b] = [sum.a / weight, sum.b / weight]
    const covariance = [sum.aa / weight - a * a, sum.ab / weight - a * b, sum.bb / weight - b * b]
    return { share: sum.weight / Math.max(total, Number.MIN_VALUE), mean: [a, b], covariance }
  })
}

/** As a covariance of three, with lightness by itself. */
function inChroma(covariance: readonly number[]): number[] {
  const [aa = 0, ab = 0, bb = 0] = covariance
  return [1, 0, 0, 0, aa, ab, 0, ab, bb]
}

/** As much of the zone's matrix as differences may grow, after the map has had its share. */
function tamed(matrix: readonly number[], chroma: readonly number[], most: number): number[] {
  const limit = Math.max(most, largestGain(chroma))
  let [low, high] = [0, 1]
  if (largestGain(product(matrix, chroma)) <= limit) return [...matrix]
  for (let n = 0; n < 20; n++) {
    const middle = (low + high) / 2
    if (largestGain(product(nearIdentity(matrix, middle), chroma)) <= limit) low = middle
    else high = middle
  }
  return nearIdentity(matrix, low)
}

/** The way from the identity to a 2x2 matrix, a share of it. */
function nearIdentity(matrix: readonly number[], share: number): number[] {
  return matrix.map((value, n) => {
    const own = n % 3 === 0 ? 1 : 0
    return own + share * (value - own)
  })
}

function product(one: readonly number[], other: readonly number[]): number[] {
  const column = (n: number): [number, number] =>
    times(one, [other[n] as number, other[n + 2] as number])
  const [first, second] = [column(0), column(1)]
  return [first[0], second[0], first[1], second[1]]
}

function times(
  [m00 = 1, m01 = 0, m10 = 0, m11 = 1]: readonly number[],
  of: readonly number[],
): [number, number] {
  const [a = 0, b = 0] = of
  return [m00 * a + m01 * b, m10 * a + m11 * b]
}

/** The largest singular value of a 2x2 matrix. */
function largestGain(matrix: readonly number[]): number {
  const [a = 0, b = 0, c = 0, d = 0] = matrix
  const squares = a * a + b * b + c * c + d * d
  const determinant = a * d - b * c
  return Math.sqrt((squares + Math.sqrt(Math.max(0, squares ** 2 - 4 * determinant ** 2))) / 2)
}

const place = { low: 0, past: 0 }
const lightsFor = new WeakMap<readonly ToneZone[], readonly number[]>()

/** Puts an OKLab colour that has been through the map through the zones of its light, in place. */
export function applyZones(lab: Triple, zones: readonly ToneZone[]): void {
  let lights = lightsFor.get(zones)
  if (lights === undefined) {
    lights = zones.map(({ lightness }) => lightness)
    lightsFor.set(zones, lights)
  }
  placeOf(lab[0], lights, place)
  const [below, above] = [zones[place.low], zones[place.low + 1]]
  if (below === undefined || above === undefined) return
  const [a, b] = [through(below, lab), through(above, lab)].reduce((low, high) => [
    low[0] + (high[0] - low[0]) * place.past,
    low[1] + (high[1] - low[1]) * place.past,
  ])
  lab[1] = a
  lab[2] = b
}

function through({ matrix, offset }: ToneZone, [, a, b]: Readonly<Triple>): [number, number] {
  const [toA, toB] = times(matrix, [a, b])
  return [toA + (offset[0] as number), toB + (offset[1] as number)]
}
