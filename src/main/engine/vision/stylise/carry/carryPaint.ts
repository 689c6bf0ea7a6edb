import { lookUp } from '../../../../../shared/grade/lut.js'
import type { Lut } from '../../../../../shared/grade/lut.js'
import type { Picture, Size } from '../../image.js'
import { bicubicChannels } from '../../sample.js'
import { turned } from './seam.js'
import { LEAST, surroundingsOf } from './surroundings.js'
import type { Surroundings } from './surroundings.js'
import type { Way } from './way.js'

/** A painted key frame at the size of its source: RGBA, colours already times alpha. */
export interface PaintedKey extends Size {
  readonly data: Uint8Array
}

/** A key frame that reaches a frame. */
export interface Reaching {
  readonly key: PaintedKey
  readonly way: Way
  /** 0..1: how near it is in time, the other one's share left out. */
  readonly near: number
}

/** What a frame's paint is made of. */
export interface Carried {
  /** RGB times alpha, three floats a pixel in levels. */
  readonly colours: Float32Array
  /** 0..255 a pixel; null where all is opaque. */
  readonly cover: Uint8Array | null
  /** Mean share of the frame that a key frame's paint has reached, 0..1. */
  readonly confidence: number
}

/** Belief above which nothing else is mixed in. */
const WHOLE = 0.995

/**
 * Carries paint to a frame: each pixel takes that of the key frames, the nearer and the surer one
 * above the other; of two that differ it takes one (`seamOf`). Where neither is believed, the
 * source's own pixel in the colours of the key frames stands in, shifted to the paint around it.
 *
 * @param picture the frame as it is seen without paint
 * @param keys one, or the ones before and after
 * @param toPaint the table from the clip's colours to those of its key frames; null where the key
 * frames are transparent in places: what they do not reach is then left unpainted
 * @param factor pixels per cell of the ways
 */
export function carryPaint(
  picture: Picture,
  keys: readonly Reaching[],
  toPaint: Lut | null,
  factor: number,
): Carried {
  const { width, height } = picture
  const around = surroundingsOf(picture, keys, toPaint, factor)
  const colours = new Float32Array(width * height * 3)
  const cover = toPaint === null ? new Uint8Array(width * height) : null
  let sum = 0
  // A function of its own is compiled as a whole after some rows; a loop in a loop late, or by half.
  for (let y = 0; y < height; y++) {
    sum += carryRow(y, picture, keys, toPaint, factor, around, colours, cover)
  }
  return { colours, cover, confidence: sum / (width * height) }
}

/** What a pixel is made of meanwhile; of two key frames, where they are two. */
const own = new Float32Array(3)
const mixed = new Float32Array(4)
const sample = new Float32Array(4)
const shares = new Float32Array(2)
const believed = new Float32Array(2)

/** @returns the sum of the row's pixels of how far a key frame's paint has reached them, each 0..1 */
function carryRow(
  y: number,
  { width, data }: Picture,
  keys: readonly Reaching[],
  toPaint: Lut | null,
  factor: number,
  around: Surroundings,
  colours: Float32Array,
  cover: Uint8Array | null,
): number {
  const { shift, seam } = around
  const cy = hold((y + 0.5) / factor - 0.5, around.height)
  const top = Math.floor(cy)
  const fy = cy - top
  const down = top < around.height - 1 ? around.width : 0
  let sum = 0
  for (let x = 0, n = y * width; x < width; x++, n++) {
    // The four cells around the pixel, and how much each counts.
    const cx = hold((x + 0.5) / factor - 0.5, around.width)
    const left = Math.floor(cx)
    const fx = cx - left
    const a = top * around.width + left
    const b = left < around.width - 1 ? a + 1 : a
    const c = a + down
    const d = b + down
    const wa = (1 - fx) * (1 - fy)
    const wb = fx * (1 - fy)
    const wc = (1 - fx) * fy
    const wd = fx * fy
    for (let k = 0; k < keys.length; k++) {
      const { belief } = keys[k]!.way
      const here = wa * belief[a]! + wb * belief[b]! + wc * belief[c]! + wd * belief[d]!
      believed[k] = here
      shares[k] = here * here * here * keys[k]!.near
    }
    if (seam !== null && shares[0]! >= LEAST && shares[1]! >= LEAST) {
      const all = shares[0]! + shares[1]!
      const { turn } = seam
      const middle = wa * turn[a * 2]! + wb * turn[b * 2]! + wc * turn[c * 2]! + wd * turn[d * 2]!
      const half =
        wa * turn[a * 2 + 1]! +
        wb * turn[b * 2 + 1]! +
        wc * turn[c * 2 + 1]! +
        wd * turn[d * 2 + 1]!
      const part = turned(shares[1]! / all, middle, half)
      shares[0] = all * (1 - part)
      shares[1] = all * part
    }
    mixed.fill(0)
    let weight = 0
    let belief = 0
    for (let k = 0; k < keys.length; k++) {
      const share = shares[k]!
      if (share < LEAST) continue
      const { move } = keys[k]!.way
      const dx = wa * move[a * 2]! + wb * move[b * 2]! + wc * move[c * 2]! + wd * move[d * 2]!
      const dy =
        wa * move[a * 2 + 1]! +
        wb * move[b * 2 + 1]! +
        wc * move[c * 2 + 1]! +
        wd * move[d * 2 + 1]!
      bicubicChannels(keys[k]!.key, 4, x + factor * dx, y + factor * dy, sample)
      for (let i = 0; i < 4; i++) mixed[i] = mixed[i]! + share * sample[i]!
      weight += share
      belief += share * believed[k]!
    }
    const reached = weight === 0 ? 0 : belief / weight
    sum += reached
    const rest = reached > WHOLE ? 0 : 1 - reached
    const paint = weight === 0 ? 0 : (1 - rest) / weight
    if (rest > 0 && toPaint !== null) {
      for (let i = 0; i < 3; i++) own[i] = data[n * 3 + i]! / 255
      lookUp(toPaint, own)
    } else own.fill(0)
    for (let i = 0; i < 4; i++) {
      let value = paint * mixed[i]!
      if (rest > 0) {
        const between =
          wa * shift[a * 4 + i]! +
          wb * shift[b * 4 + i]! +
          wc * shift[c * 4 + i]! +
          wd * shift[d * 4 + i]!
        value += rest * (i < 3 ? 255 * own[i]! + between : between)
      }
      if (i < 3) colours[n * 3 + i] = value
      else if (cover !== null) cover[n] = value <= 0 ? 0 : value >= 254.5 ? 255 : Math.round(value)
    }
  }
  return sum
}

function hold(value: number, length: number): number {
  return value < 0 ? 0 : value > length - 1 ? length - 1 : value
}
