import { describe, expect, it } from 'vitest'
import type { Size } from '../vision/image.js'
import { borrowDetail, changeBetween } from './borrowDetail.js'
import { resample } from './resample.js'
import type { FloatPicture } from './resample.js'

const LARGE = { width: 160, height: 96 }
const SMALL = { width: 40, height: 24 }
const LEFT = [60, 70, 90] as const
const RIGHT = [170, 160, 140] as const
/** Column of the edge between the two halves: not on a cell's border. */
const EDGE = 82

/** Two halves with a fine grating over both. */
function source(): Uint8Array {
  return paint(LARGE, (x, y, c) => (x < EDGE ? LEFT : RIGHT)[c]! + ((x + y) % 3 === 0 ? 12 : 0))
}

function paint(
  { width, height }: Size,
  level: (x: number, y: number, channel: number) => number,
): Uint8Array {
  return Uint8Array.from({ length: width * height * 3 }, (_, n) => {
    const pixel = Math.floor(n / 3)
    return level(pixel % width, Math.floor(pixel / width), n % 3)
  })
}

const whole = (size: Size) => ({ x: 0, y: 0, ...size })

function borrowed(make: (small: FloatPicture) => FloatPicture): Float32Array {
  const picture = source()
  const small = resample({ ...LARGE, data: picture }, whole(LARGE), SMALL)
  return borrowDetail({
    ...{ change: changeBetween(small, make(small)), small },
    ...{ part: whole(SMALL), size: LARGE, source: picture },
  })
}

const changed = (
  small: FloatPicture,
  level: (value: number, n: number) => number,
): FloatPicture => ({
  ...small,
  data: small.data.map(level),
})

/** Mean of a channel over columns `[from, to)`, away from the upper and lower border. */
function mean(picture: ArrayLike<number>, channel: number, from: number, to: number): number {
  let sum = 0
  for (let y = 20; y < 76; y++) {
    for (let x = from; x < to; x++) sum += picture[(y * LARGE.width + x) * 3 + channel]!
  }
  return sum / (56 * (to - from))
}

describe('the detail of the clip under what a model made', () => {
  it('is the clip itself where the model changed nothing', () => {
    expect(borrowed((small) => small)).toEqual(Float32Array.from(source()))
  })

  it('keeps the finest detail under a change of colour', () => {
    const shift = [40, -20, 10]
    const out = borrowed((small) => changed(small, (value, n) => value + shift[n % 3]!))
    const picture = source()
    const off = out.map((value, n) => Math.abs(value - picture[n]! - shift[n % 3]!))
    expect(Math.max(...off)).toBeLessThan(0.01)
  })

  it('ends a change at the edge of the clip, not half a cell beside it', () => {
    // Red rises on the right half only.
    const made = paint(
      LARGE,
      (x, _, c) => (x < EDGE ? LEFT[c]! : RIGHT[c]! + (c === 0 ? 60 : 0)) + 4,
    )
    const out = borrowed(() => resample({ ...LARGE, data: made }, whole(LARGE), SMALL))
    const rise = (from: number, to: number): number =>
      mean(out, 0, from, to) - mean(source(), 0, from, to)
    const far = rise(140, 155) - rise(5, 20)
    const near = rise(EDGE + 1, EDGE + 3) - rise(EDGE - 3, EDGE - 1)
    expect(far).toBeGreaterThan(45)
    // Four pixels a cell: plainly enlarged, a quarter of the rise is left across four pixels.
    expect(near / far).toBeGreaterThan(0.6)
  })

  it('keeps an edge that the model made away, fainter', () => {
    const out = borrowed((small) => changed(small, () => 120))
    const step = (picture: ArrayLike<number>): number =>
      mean(picture, 1, EDGE + 1, EDGE + 4) - mean(picture, 1, EDGE - 4, EDGE - 1)
    const share = step(out) / step(source())
    expect(share).toBeGreaterThan(0.35)
    expect(share).toBeLessThan(0.95)
  })
})
