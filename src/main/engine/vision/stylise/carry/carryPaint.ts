import { lookUp } from '../../../../../shared/grade/lut.js'
import type { Lut } from '../../../../../shared/grade/lut.js'
import { shrinkPicture } from '../../image.js'
import type { Picture, Size } from '../../image.js'
import { pullPush } from '../../pullPush.js'
import { bicubicChannels } from '../../sample.js'
import { seamOf, turned } from './seam.js'
import type { Seam } from './seam.js'
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
/** Shares below it are not worth reading a key frame for. */
const LEAST = 1e-4

/**
 * Carries paint to a frame: each pixel takes that of the key frames, the nearer and the surer one
 * above the other; of two that differ it takes one ({@link seamOf}). Where neither is believed, the source's own pixel in the colours of the key
 * frames stands in, shifted to the paint around it.
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
  const { width, height, data } = picture
  const around = surroundings(picture, keys, toPaint, factor)
  const colours = new Float32Array(width * height * 3)
  const cover = toPaint === null ? new Uint8Array(width * height) : null
  const own = new Float32Array(3)
  const mixed = new Float32Array(4)
  const sample = new Float32Array(4)
  const shares = new Float32Array(keys.length)
  const beliefs = new Float32Array(keys.length)
  const place = placeIn(around)
  let sum = 0
  for (let y = 0, n = 0; y < height; y++) {
    for (let x = 0; x < width; x++, n++) {
      place.set((x + 0.5) / factor - 0.5, (y + 0.5) / factor - 0.5)
      mixed.fill(0)
      let weight = 0
      let belief = 0
      keys.forEach(({ way, near }, k) => {
        const believed = place.read(way.belief, 1, 0)
        beliefs[k] = believed
        shares[k] = believed * believed * believed * near
      })
      if (around.seam !== null && shares[0]! >= LEAST && shares[1]! >= LEAST) {
        const all = shares[0]! + shares[1]!
        const middle = place.read(around.seam.turn, 2, 0)
        const part = turned(shares[1]! / all, middle, place.read(around.seam.turn, 2, 1))
        shares[0] = all * (1 - part)
        shares[1] = all * part
      }
      for (const [k, { key, way }] of keys.entries()) {
        const share = shares[k]!
        if (share < LEAST) continue
        const believed = beliefs[k]!
        const px = x + factor * place.read(way.move, 2, 0)
        const py = y + factor * place.read(way.move, 2, 1)
        bicubicChannels(key, 4, px, py, sample)
        for (let c = 0; c < 4; c++) mixed[c] = mixed[c]! + share * sample[c]!
        weight += share
        belief += share * believed
      }
      const reached = weight === 0 ? 0 : belief / weight
      sum += reached
      const rest = reached > WHOLE ? 0 : 1 - reached
      const paint = weight === 0 ? 0 : (1 - rest) / weight
      if (rest > 0 && toPaint !== null) {
        for (let c = 0; c < 3; c++) own[c] = data[n * 3 + c]! / 255
        lookUp(toPaint, own)
      } else own.fill(0)
      for (let c = 0; c < 3; c++) {
        const guess = rest === 0 ? 0 : 255 * own[c]! + place.read(around.shift, 4, c)
        colours[n * 3 + c] = paint * mixed[c]! + rest * guess
      }
      if (cover !== null) {
        const guess = rest === 0 ? 0 : place.read(around.shift, 4, 3)
        const alpha = paint * mixed[3]! + rest * guess
        cover[n] = alpha <= 0 ? 0 : alpha >= 254.5 ? 255 : Math.round(alpha)
      }
    }
  }
  return { colours, cover, confidence: sum / (width * height) }
}

interface Surroundings extends Size {
  /** Per cell what the paint differs by from what stands in for it, RGBA, spread from where it is known. */
  readonly shift: Float32Array
  /** Null without two key frames to choose from. */
  readonly seam: Seam | null
}

function surroundings(
  picture: Picture,
  keys: readonly Reaching[],
  toPaint: Lut | null,
  factor: number,
): Surroundings {
  const small = shrinkPicture(picture, factor)
  const { width, height } = small
  const own = Float32Array.from(small.data, (value) => value / 255)
  if (toPaint !== null) lookUp(toPaint, own)
  const shift = new Float32Array(width * height * 4)
  const known = new Float32Array(width * height)
  const sample = new Float32Array(4)
  const other = new Float32Array(4)
  const difference = new Float32Array(width * height)
  const from = new Float32Array(width * height * 2)
  const longer = Math.max(picture.width, picture.height)
  const middle = (factor - 1) / 2
  for (let y = 0, n = 0; y < height; y++) {
    for (let x = 0; x < width; x++, n++) {
      let weight = 0
      let belief = 0
      const to = n * 4
      for (const { key, way, near } of keys) {
        const believed = way.belief[n]!
        const share = believed * believed * believed * near
        if (share < LEAST) continue
        const px = (x + way.move[n * 2]!) * factor + middle
        const py = (y + way.move[n * 2 + 1]!) * factor + middle
        bicubicChannels(key, 4, px, py, sample)
        for (let c = 0; c < 4; c++) shift[to + c] = shift[to + c]! + share * sample[c]!
        if (weight > 0) difference[n] = apart(sample, other)
        else {
          other.set(sample)
          from[n * 2] = px / longer
          from[n * 2 + 1] = py / longer
        }
        weight += share
        belief += share * believed
      }
      if (weight === 0) continue
      for (let c = 0; c < 4; c++) shift[to + c] = shift[to + c]! / weight
      if (toPaint !== null) {
        for (let c = 0; c < 3; c++) shift[to + c] = shift[to + c]! - 255 * own[n * 3 + c]!
      }
      known[n] = belief / weight
    }
  }
  pullPush(shift, known, { width, height }, 4, 0)
  const seam = keys.length === 2 ? seamOf({ width, height }, difference, from) : null
  return { width, height, shift, seam }
}

/** The largest difference of a channel, in levels. */
function apart(a: Float32Array, b: Float32Array): number {
  let most = 0
  for (let c = 0; c < 4; c++) most = Math.max(most, Math.abs(a[c]! - b[c]!))
  return most
}

/** Bilinear reading of several planes at one place. */
function placeIn({ width, height }: Size): {
  set(x: number, y: number): void
  read(plane: Float32Array, channels: number, channel: number): number
} {
  let [a, b, c, d] = [0, 0, 0, 0]
  let [wa, wb, wc, wd] = [0, 0, 0, 0]
  return {
    set(x, y) {
      const px = hold(x, width)
      const py = hold(y, height)
      const ix = Math.floor(px)
      const iy = Math.floor(py)
      const fx = px - ix
      const fy = py - iy
      a = iy * width + ix
      b = ix < width - 1 ? a + 1 : a
      const down = iy < height - 1 ? width : 0
      c = a + down
      d = b + down
      wa = (1 - fx) * (1 - fy)
      wb = fx * (1 - fy)
      wc = (1 - fx) * fy
      wd = fx * fy
    },
    read: (plane, channels, channel) =>
      wa * plane[a * channels + channel]! +
      wb * plane[b * channels + channel]! +
      wc * plane[c * channels + channel]! +
      wd * plane[d * channels + channel]!,
  }
}

function hold(value: number, length: number): number {
  return value < 0 ? 0 : value > length - 1 ? length - 1 : value
}
