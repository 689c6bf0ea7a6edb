import { lookUp } from '../../../../../shared/grade/lut.js'
import type { Lut } from '../../../../../shared/grade/lut.js'
import { shrinkPicture } from '../../image.js'
import type { Picture, Size } from '../../image.js'
import { pullPush } from '../../pullPush.js'
import { bicubicChannels } from '../../sample.js'
import type { Reaching } from './carryPaint.js'
import { seamOf } from './seam.js'
import type { Seam } from './seam.js'

/** Shares below it are not worth reading a key frame for. */
export const LEAST = 1e-4

/** What a frame's pixels share with those around them. */
export interface Surroundings extends Size {
  /** Per cell what the paint differs by from what stands in for it, RGBA, spread from where it is known. */
  readonly shift: Float32Array
  /** Null without two key frames to choose from. */
  readonly seam: Seam | null
}

/** Per cell, from the key frames that reach a frame. */
export function surroundingsOf(
  picture: Picture,
  keys: readonly Reaching[],
  toPaint: Lut | null,
  factor: number,
): Surroundings {
  const small = shrinkPicture(picture, factor)
  const { width, height } = small
  const own = new Float32Array(small.data.length)
  for (let n = 0; n < own.length; n++) own[n] = small.data[n]! / 255
  if (toPaint !== null) lookUp(toPaint, own)
  const shift = new Float32Array(width * height * 4)
  const known = new Float32Array(width * height)
  const difference = new Float32Array(width * height)
  const from = new Float32Array(width * height * 2)
  const longer = Math.max(picture.width, picture.height)
  const cells = { width, shift, known, difference, from }
  for (let y = 0; y < height; y++) readRow(y, keys, factor, longer, cells)
  if (toPaint !== null) {
    for (let n = 0; n < known.length; n++) {
      if (known[n] === 0) continue
      for (let c = 0; c < 3; c++) shift[n * 4 + c] = shift[n * 4 + c]! - 255 * own[n * 3 + c]!
    }
  }
  pullPush(shift, known, { width, height }, 4, 0)
  const seam = keys.length === 2 ? seamOf({ width, height }, difference, from) : null
  return { width, height, shift, seam }
}

const sample = new Float32Array(4)
const other = new Float32Array(4)

/** The paint of a row's cells, how far it is believed, and by how much two paintings differ there. */
function readRow(
  y: number,
  keys: readonly Reaching[],
  factor: number,
  longer: number,
  cells: {
    readonly width: number
    readonly shift: Float32Array
    readonly known: Float32Array
    readonly difference: Float32Array
    readonly from: Float32Array
  },
): void {
  const { width, shift, known, difference, from } = cells
  const middle = (factor - 1) / 2
  for (let x = 0, n = y * width; x < width; x++, n++) {
    const to = n * 4
    let weight = 0
    let belief = 0
    for (let k = 0; k < keys.length; k++) {
      const { key, way, near } = keys[k]!
      const believed = way.belief[n]!
      const share = believed * believed * believed * near
      if (share < LEAST) continue
      const px = (x + way.move[n * 2]!) * factor + middle
      const py = (y + way.move[n * 2 + 1]!) * factor + middle
      bicubicChannels(key, 4, px, py, sample)
      for (let c = 0; c < 4; c++) shift[to + c] = shift[to + c]! + share * sample[c]!
      if (weight > 0) difference[n] = apart(sample, other)
      else {
        for (let c = 0; c < 4; c++) other[c] = sample[c]!
        from[n * 2] = px / longer
        from[n * 2 + 1] = py / longer
      }
      weight += share
      belief += share * believed
    }
    if (weight === 0) continue
    for (let c = 0; c < 4; c++) shift[to + c] = shift[to + c]! / weight
    known[n] = belief / weight
  }
}

/** The largest difference of a channel, in levels. */
function apart(a: Float32Array, b: Float32Array): number {
  let most = 0
  for (let c = 0; c < 4; c++) most = Math.max(most, Math.abs(a[c]! - b[c]!))
  return most
}
