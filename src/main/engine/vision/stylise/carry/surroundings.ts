import { lookUp } from '../../../../../shared/grade/lut.js'
import type { Lut } from '../../../../../shared/grade/lut.js'
import { shrinkPicture } from '../../image.js'
import type { Picture, Size } from '../../image.js'
import { pullPush } from '../../pullPush.js'
import type { PaintedKey, Reaching } from './keys.js'
import { ask, noReadings, readPaint } from './readPaint.js'
import type { Readings } from './readPaint.js'
import { seamOf } from './seam.js'
import type { Seam } from './seam.js'
import type { Way } from './way.js'

/** Shares below it are not worth reading a key frame for. */
export const LEAST = 1e-4

/** Cells from place to place: what is shared is smooth, and need not be known of every one. */
export const APART = 2

/** What a frame's pixels share with those around them, of every other cell along both sides. */
export interface Surroundings extends Size {
  /** Per place what the paint differs by from what stands in for it, RGBA, spread from where it is known. */
  readonly shift: Float32Array
  /** Null without two key frames to choose from. */
  readonly seam: Seam | null
}

/** Per place, from the key frames that reach a frame. */
export function surroundingsOf(
  picture: Picture,
  keys: readonly Reaching[],
  toPaint: Lut | null,
  factor: number,
): Surroundings {
  const cells = shrinkPicture(picture, factor)
  const size = { width: Math.ceil(cells.width / APART), height: Math.ceil(cells.height / APART) }
  const count = size.width * size.height
  const places: Places = {
    ...size,
    cells: cells.width,
    shift: new Float32Array(count * 4),
    known: new Float32Array(count),
    difference: new Float32Array(count),
    from: new Float32Array(count * 2),
  }
  const { shift, known, difference, from } = places
  const readings = keys.map(({ key, way }) => {
    const asked = noReadings(count)
    askEach(key, way, factor, places, asked)
    readPaint(key, asked)
    return asked
  })
  const longer = Math.max(picture.width, picture.height)
  for (let y = 0; y < size.height; y++) mixRow(y, keys, readings, longer, places)
  if (toPaint !== null) {
    const own = ownColours(cells, size)
    lookUp(toPaint, own)
    for (let n = 0; n < known.length; n++) {
      if (known[n] === 0) continue
      for (let c = 0; c < 3; c++) shift[n * 4 + c] = shift[n * 4 + c]! - 255 * own[n * 3 + c]!
    }
  }
  pullPush(shift, known, size, 4, 0)
  const seam = keys.length === 2 ? seamOf(size, difference, from) : null
  return { ...size, shift, seam }
}

/** What is worked out per place; each is one of {@link APART} x {@link APART} cells. */
interface Places extends Size {
  /** Cells in a row. */
  readonly cells: number
  readonly shift: Float32Array
  readonly known: Float32Array
  readonly difference: Float32Array
  readonly from: Float32Array
}

function ownColours({ data, width }: Picture, size: Size): Float32Array {
  const own = new Float32Array(size.width * size.height * 3)
  for (let y = 0, to = 0; y < size.height; y++) {
    let at = y * APART * width * 3
    for (let x = 0; x < size.width; x++, at += APART * 3, to += 3) {
      own[to] = data[at]! / 255
      own[to + 1] = data[at + 1]! / 255
      own[to + 2] = data[at + 2]! / 255
    }
  }
  return own
}

/** All places of a key frame, believed or not: they are few. */
function askEach(
  key: PaintedKey,
  { move }: Way,
  factor: number,
  { width, height, cells }: Places,
  asked: Readings,
): void {
  const middle = (factor - 1) / 2
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const n = y * APART * cells + x * APART
      const px = (x * APART + move[n * 2]!) * factor + middle
      const py = (y * APART + move[n * 2 + 1]!) * factor + middle
      ask(asked, key, px, py)
    }
  }
}

const other = new Float32Array(4)

/** The paint of a row's places, how far it is believed, and by how much two paintings differ there. */
function mixRow(
  y: number,
  keys: readonly Reaching[],
  readings: readonly Readings[],
  longer: number,
  places: Places,
): void {
  const { width, cells, shift, known, difference, from } = places
  for (let x = 0, n = y * width, cell = y * APART * cells; x < width; x++, n++, cell += APART) {
    const to = n * 4
    let weight = 0
    let belief = 0
    for (let k = 0; k < keys.length; k++) {
      const { way, near } = keys[k]!
      const believed = way.belief[cell]!
      const share = believed * believed * believed * near
      if (share < LEAST) continue
      const { paint, places: read } = readings[k]!
      for (let c = 0; c < 4; c++) shift[to + c] = shift[to + c]! + share * paint[to + c]!
      if (weight > 0) difference[n] = apart(paint, to, other)
      else {
        for (let c = 0; c < 4; c++) other[c] = paint[to + c]!
        from[n * 2] = read[n * 2]! / longer
        from[n * 2 + 1] = read[n * 2 + 1]! / longer
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
function apart(a: Float32Array, at: number, b: Float32Array): number {
  let most = 0
  for (let c = 0; c < 4; c++) most = Math.max(most, Math.abs(a[at + c]! - b[c]!))
  return most
}
