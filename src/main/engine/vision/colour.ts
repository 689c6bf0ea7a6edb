import { mapX, mapY, type Homography } from './homography.js'
import type { Picture } from './image.js'

/** Per channel: other = gain * own + offset. What exposure and white balance drift change. */
export interface ColourMap {
  readonly gain: readonly [number, number, number]
  readonly offset: readonly [number, number, number]
}

export const SAME_COLOUR: ColourMap = { gain: [1, 1, 1], offset: [0, 0, 0] }

/** `second` after `first`. */
export function chainColour(first: ColourMap, second: ColourMap): ColourMap {
  const at = (c: 0 | 1 | 2): [number, number] => [
    second.gain[c] * first.gain[c],
    second.gain[c] * first.offset[c] + second.offset[c],
  ]
  const [a, b, c] = [at(0), at(1), at(2)]
  return { gain: [a[0], b[0], c[0]], offset: [a[1], b[1], c[1]] }
}

export function invertColour({ gain, offset }: ColourMap): ColourMap {
  return {
    gain: [1 / gain[0], 1 / gain[1], 1 / gain[2]],
    offset: [-offset[0] / gain[0], -offset[1] / gain[1], -offset[2] / gain[2]],
  }
}

/**
 * Fits how colours change from picture `a` to picture `b` by robust regression over the points
 * that `h` (cells of a -> cells of b) maps onto each other. A change too small to see is none:
 * fitting noise would make the picture flicker.
 */
export function fitColour(
  a: Picture,
  b: Picture,
  knownA: Uint8Array,
  knownB: Uint8Array,
  h: Homography,
): ColourMap {
  const own: number[] = []
  const other: number[] = []
  const step = Math.max(2, Math.round(Math.sqrt((a.width * a.height) / 4000)))
  for (let y = 1; y < a.height - 1; y += step) {
    for (let x = 1; x < a.width - 1; x += step) {
      const i = y * a.width + x
      if (knownA[i] === 0) continue
      const qx = mapX(h, x, y)
      const qy = mapY(h, x, y)
      if (!(qx >= 0 && qy >= 0 && qx < b.width - 1 && qy < b.height - 1)) continue
      const j = Math.round(qy) * b.width + Math.round(qx)
      if (knownB[j] === 0) continue
      const left = Math.floor(qy) * b.width + Math.floor(qx)
      const fx = qx - Math.floor(qx)
      const fy = qy - Math.floor(qy)
      for (let c = 0; c < 3; c++) {
        const p = left * 3 + c
        const q = p + b.width * 3
        own.push(a.data[i * 3 + c]!)
        other.push(
          (b.data[p]! * (1 - fx) + b.data[p + 3]! * fx) * (1 - fy) +
            (b.data[q]! * (1 - fx) + b.data[q + 3]! * fx) * fy,
        )
      }
    }
  }
  const [red, green, blue] = [0, 1, 2].map((c) => fitChannel(own, other, c)) as [Line, Line, Line]
  return {
    gain: [red.gain, green.gain, blue.gain],
    offset: [red.offset, green.offset, blue.offset],
  }
}

interface Line {
  readonly gain: number
  readonly offset: number
}

const UNCHANGED: Line = { gain: 1, offset: 0 }

function fitChannel(own: readonly number[], other: readonly number[], channel: number): Line {
  let line = UNCHANGED
  let limit = 30 ** 2
  let weightSum = 0
  let mean = 0
  for (let round = 0; round < 8; round++) {
    let s = 0
    let sx = 0
    let sy = 0
    let sxx = 0
    let sxy = 0
    for (let i = channel; i < own.length; i += 3) {
      const x = own[i]!
      const y = other[i]!
      // A clipped sample says nothing of the gain.
      if (x < 3 || x > 252 || y < 3 || y > 252) continue
      const r = line.gain * x + line.offset - y
      const w = (limit / (limit + r * r)) ** 2
      s += w
      sx += w * x
      sy += w * y
      sxx += w * x * x
      sxy += w * x * y
    }
    if (s < 20) return UNCHANGED
    mean = sx / s
    const variance = sxx / s - mean * mean
    // A prior of gain 1 with the weight of a spread of 4 levels: flat pictures only fit an offset.
    const gain = (sxy / s - (mean * sy) / s + 16) / (variance + 16)
    line = { gain, offset: sy / s - gain * mean }
    weightSum = s
    limit = Math.max(8 ** 2, limit * 0.6)
  }
  const used = weightSum / Math.max(1, own.length / 3)
  if (used < 0.3 || line.gain < 0.4 || line.gain > 2.5) return UNCHANGED
  const change = Math.abs((line.gain - 1) * mean + line.offset)
  return change < 0.35 && Math.abs(line.gain - 1) < 0.008 ? UNCHANGED : line
}
