import { readInVectors } from '../../../wasm/readPaint.js'
import { bicubicChannels } from '../../sample.js'
import type { PaintedKey } from './keys.js'

/** Places of a key frame that are to be read, and the paint that lies there. */
export interface Readings {
  count: number
  /** x, y in pixels. */
  readonly places: Float32Array
  /** RGBA in levels, not clamped. */
  readonly paint: Float32Array
}

export function noReadings(most: number): Readings {
  return { count: 0, places: new Float32Array(most * 2), paint: new Float32Array(most * 4) }
}

/** Adds a place, held inside the key frame. */
export function ask(readings: Readings, { width, height }: PaintedKey, x: number, y: number): void {
  const { places, count } = readings
  places[count * 2] = x < 0 ? 0 : x > width - 1 ? width - 1 : x
  places[count * 2 + 1] = y < 0 ? 0 : y > height - 1 ? height - 1 : y
  readings.count = count + 1
}

const sample = new Float32Array(4)

/** Reads all of them between the pixels (Catmull-Rom), and forgets none: `count` stays. */
export function readPaint(key: PaintedKey, { places, paint, count }: Readings): void {
  if (readInVectors(key, places, count, paint)) return
  for (let n = 0; n < count; n++) {
    bicubicChannels(key, 4, places[n * 2]!, places[n * 2 + 1]!, sample)
    paint.set(sample, n * 4)
  }
}
