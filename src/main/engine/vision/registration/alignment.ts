import type { Homography } from '../homography.js'
import type { RegistrationLevel } from './level.js'
import { landing, pickPoints, type Points } from './points.js'

/** Gain and offset that make the second of two lists of levels as bright as the first. */
export function lightBetween(own: readonly number[], other: readonly number[]): [number, number] {
  if (own.length === 0) return [1, 0]
  // The median of ratios: what moved on its own must not look like a change of light.
  const ratios = own.map((value, k) => (value + 8) / (other[k]! + 8)).sort((x, y) => x - y)
  const gain = ratios[ratios.length >> 1]!
  return [gain, 8 * gain - 8]
}

/** How well a known map lines two pictures up, whatever the light. */
export function alignment(
  a: RegistrationLevel,
  b: RegistrationLevel,
  h: Homography,
): { aligned: number; overlap: number } {
  return aligner(a)(b, h)
}

/** The same for several others. */
export function aligner(
  a: RegistrationLevel,
): (b: RegistrationLevel, h: Homography) => { aligned: number; overlap: number } {
  const points = pickPoints(a)
  return (b, h) => {
    const own: number[] = []
    const other: number[] = []
    for (let n = 0; n < points.count; n++) {
      const value = landing(b, h, points.x[n]!, points.y[n]!)
      if (Number.isNaN(value)) continue
      own.push(points.value[n]!)
      other.push(value)
    }
    return measure(a, b, points, h, ...lightBetween(own, other))
  }
}

/** The same under a known change of light, for points that are picked. */
export function measure(
  a: RegistrationLevel,
  b: RegistrationLevel,
  points: Points,
  h: Homography,
  gain: number,
  offset: number,
): { aligned: number; overlap: number } {
  if (points.count === 0) return { aligned: a.image.data.length > 0 ? 1 : 0, overlap: 1 }
  let valid = 0
  let good = 0
  for (let n = 0; n < points.count; n++) {
    const value = landing(b, h, points.x[n]!, points.y[n]!)
    if (Number.isNaN(value)) continue
    valid++
    const slope = Math.hypot(points.gx[n]!, points.gy[n]!)
    if (Math.abs(gain * value + offset - points.value[n]!) < 4 + 0.5 * slope) good++
  }
  return { aligned: valid === 0 ? 0 : good / valid, overlap: valid / points.count }
}
