import { describe, expect, it } from 'vitest'
import { channelsOf } from './raster.js'
import { createInterpolator } from './index.js'

const WIDTH = 160
const HEIGHT = 96
const FORMAT = { layout: 'yuv420p', width: WIDTH, height: HEIGHT } as const

/** A pattern without repetition, moved by (x, y); `seed` makes other patterns. */
function draw(x: number, y: number, seed = 1): Uint8Array {
  const frame = new Uint8Array((WIDTH * HEIGHT * 3) / 2)
  for (const { width, height, offset, scale } of channelsOf(FORMAT)) {
    for (let v = 0; v < height; v++) {
      for (let u = 0; u < width; u++) {
        const [px, py] = [u / scale.x - x, v / scale.y - y]
        frame[offset + v * width + u] =
          128 +
          40 * Math.sin(px / (5 + seed) + py / 9) +
          35 * Math.sin((px * px) / 900 - py / (6 + seed)) +
          30 * Math.cos(py / 4 + seed * px * 0.07)
      }
    }
  }
  return frame
}

function psnr(a: Uint8Array, b: Uint8Array): number {
  let sum = 0
  for (let i = 0; i < WIDTH * HEIGHT; i++) sum += (a[i]! - b[i]!) ** 2
  return 10 * Math.log10((255 ** 2 * WIDTH * HEIGHT) / Math.max(sum, 1e-9))
}

describe('pictures between frames', () => {
  it.each([
    [0.5, 6, 2],
    [0.25, -8, 3],
    [0.8, 14, -4],
  ])('finds what is at instant %d of a move by (%d, %d)', (t, x, y) => {
    const [a, b] = [draw(0, 0), draw(x, y)]
    const made = createInterpolator(FORMAT).between(0, a, b, t)
    if (made === null) throw new Error('nothing was made')
    const truth = draw(t * x, t * y)
    const blend = a.map((value, i) => value * (1 - t) + b[i]! * t)
    expect(psnr(made, truth)).toBeGreaterThan(30)
    expect(psnr(made, truth)).toBeGreaterThan(psnr(blend, truth) + 8)
  })

  it('is the frames themselves where nothing moves, bit for bit', () => {
    const frame = draw(0, 0)
    for (const t of [0.1, 0.5, 0.9]) {
      expect(createInterpolator(FORMAT).between(0, frame, frame.slice(), t)).toEqual(frame)
    }
  })

  it('leaves what stands still alone beside what moves', () => {
    const [a, b] = [draw(0, 0), draw(0, 0)]
    const box = (frame: Uint8Array, left: number): void => {
      for (let y = 30; y < 50; y++) frame.fill(250, y * WIDTH + left, y * WIDTH + left + 20)
    }
    box(a, 100)
    box(b, 108)
    const made = createInterpolator(FORMAT).between(0, a, b, 0.5)
    for (let y = 0; y < HEIGHT; y++) {
      const row = y * WIDTH
      expect(made?.subarray(row, row + 60)).toEqual(a.subarray(row, row + 60))
    }
  })

  it('makes nothing of two scenes', () => {
    expect(createInterpolator(FORMAT).between(0, draw(0, 0), draw(0, 0, 9), 0.5)).toBeNull()
  })

  it('measures motion once a pair, and again for the next', () => {
    const interpolator = createInterpolator(FORMAT)
    const frames = [draw(0, 0), draw(6, 2), draw(12, 4)]
    interpolator.between(0, frames[0]!, frames[1]!, 0.25)
    const second = interpolator.between(0, frames[0]!, frames[1]!, 0.5)
    expect(second).toEqual(createInterpolator(FORMAT).between(0, frames[0]!, frames[1]!, 0.5))
    const next = interpolator.between(1, frames[1]!, frames[2]!, 0.5)
    expect(next).toEqual(createInterpolator(FORMAT).between(1, frames[1]!, frames[2]!, 0.5))
  })

  it('reads packed colours as well as planes', () => {
    const format = { layout: 'rgb24', width: WIDTH, height: HEIGHT } as const
    const packed = (frame: Uint8Array): Uint8Array =>
      Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, n) => frame[Math.floor(n / 3)]!)
    const made = createInterpolator(format).between(0, packed(draw(0, 0)), packed(draw(6, 2)), 0.5)
    const truth = packed(draw(3, 1))
    expect(psnr(made!, truth)).toBeGreaterThan(28)
  })
})
