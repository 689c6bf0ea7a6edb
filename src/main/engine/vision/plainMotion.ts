import type { Homography } from './homography.js'
import { lightBetween } from './registration/alignment.js'
import { type RegistrationLevel } from './registration/level.js'
import { landing, pickPoints, type Points } from './registration/points.js'

/** Slope in levels per cell from which a point says where it is: a plain wall agrees with anything. */
const TELLING = 3

/** Fields across and down that count alike: a thing that moves on its own has many points in few of them. */
const FIELDS = 8

/** Telling points that make a field, and fields that make a judgement. */
const ENOUGH_POINTS = 6
const ENOUGH_FIELDS = 4

/** A map that is at most this much further off in a field, in cells, explains it as well. */
const AS_WELL = 0.06

/** Share of the fields that a simpler map has to explain as well. */
const MOST = 0.6

/**
 * The simplest motion that explains most of the picture as well as the best one does. Eight
 * parameters can follow a thing that is lifted out of a still picture, and bend everything to it.
 *
 * @param maps from the simplest to the one with most freedom, which is kept where too little tells
 */
export function simplest(
  a: RegistrationLevel,
  b: RegistrationLevel,
  maps: readonly Homography[],
): Homography {
  const last = maps[maps.length - 1]!
  return maps.slice(0, -1).find((h) => explainsAsWell(a, b, h, last) === true) ?? last
}

/**
 * Whether a map lines up most of the picture as well as another one does.
 *
 * @returns null where too little tells
 */
export function explainsAsWell(
  a: RegistrationLevel,
  b: RegistrationLevel,
  h: Homography,
  other: Homography,
): boolean | null {
  const points = pickPoints(a)
  const errors = fieldErrors(a, b, points, h)
  const others = fieldErrors(a, b, points, other)
  let judged = 0
  let good = 0
  for (let field = 0; field < errors.length; field++) {
    if (Number.isNaN(errors[field]!) || Number.isNaN(others[field]!)) continue
    judged++
    if (errors[field]! <= others[field]! + AS_WELL) good++
  }
  return judged < ENOUGH_FIELDS ? null : good >= MOST * judged
}

/** How far off a map is in each field of a picture, in cells: the median of its telling points. */
function fieldErrors(
  a: RegistrationLevel,
  b: RegistrationLevel,
  points: Points,
  h: Homography,
): Float64Array {
  const kept: number[] = []
  const other: number[] = []
  for (let n = 0; n < points.count; n++) {
    if (Math.hypot(points.gx[n]!, points.gy[n]!) < TELLING) continue
    const value = landing(b, h, points.x[n]!, points.y[n]!)
    if (Number.isNaN(value)) continue
    kept.push(n)
    other.push(value)
  }
  const [gain, offset] = lightBetween(
    kept.map((n) => points.value[n]!),
    other,
  )
  const fields = Array.from({ length: FIELDS * FIELDS }, (): number[] => [])
  kept.forEach((n, k) => {
    const column = Math.floor((points.x[n]! * FIELDS) / a.image.width)
    const row = Math.floor((points.y[n]! * FIELDS) / a.image.height)
    const gap = Math.abs(gain * other[k]! + offset - points.value[n]!)
    fields[row * FIELDS + column]!.push(gap / Math.hypot(points.gx[n]!, points.gy[n]!))
  })
  return Float64Array.from(fields, (errors) =>
    errors.length < ENOUGH_POINTS ? Number.NaN : errors.sort((x, y) => x - y)[errors.length >> 1]!,
  )
}
