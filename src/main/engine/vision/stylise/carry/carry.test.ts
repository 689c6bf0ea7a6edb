import { describe, expect, it } from 'vitest'
import { bakeLut } from '../../../../../shared/grade/bake.js'
import { frameOf, pairMotion } from '../../between/pairMotion.js'
import { brightness } from '../../between/raster.js'
import type { Picture } from '../../image.js'
import { carryPaint } from './carryPaint.js'
import type { PaintedKey } from './keys.js'
import { followed, packWay, stillWay, unpackWay } from './way.js'

const [WIDTH, HEIGHT] = [160, 96]
const FORMAT = { layout: 'rgb24', width: WIDTH, height: HEIGHT } as const
const SAME = bakeLut([])

/** A pattern without repetition, moved by (x, y). */
function scene(x: number, y: number): Picture {
  const data = new Uint8Array(WIDTH * HEIGHT * 3)
  for (let v = 0, n = 0; v < HEIGHT; v++) {
    for (let u = 0; u < WIDTH; u++, n += 3) {
      const [px, py] = [u - x, v - y]
      const light =
        128 +
        40 * Math.sin(px / 6 + py / 9) +
        35 * Math.sin((px * px) / 900 - py / 7) +
        30 * Math.cos(py / 4 + px * 0.07)
      data.fill(light, n, n + 3)
    }
  }
  return { width: WIDTH, height: HEIGHT, data }
}

/** Paint that has nothing to do with the scene's light, moved by (x, y). */
function paint(x: number, y: number): PaintedKey {
  const data = new Uint8Array(WIDTH * HEIGHT * 4)
  for (let v = 0, n = 0; v < HEIGHT; v++) {
    for (let u = 0; u < WIDTH; u++, n += 4) {
      const on = (Math.floor((u - x) / 12) + Math.floor((v - y) / 12)) % 2 === 0
      data.set(on ? [220, 120, 40, 255] : [30, 60, 150, 255], n)
    }
  }
  return { width: WIDTH, height: HEIGHT, data }
}

const planeOf = ({ data }: Picture) => frameOf(brightness(data, FORMAT, 1))

/** Carries paint of frame 0 along steps of (x, y). */
function carried(steps: number, x: number, y: number, lut = SAME) {
  const key = planeOf(scene(0, 0))
  let way = stillWay(key.plane)
  let before = key
  let picture = scene(0, 0)
  for (let n = 1; n <= steps; n++) {
    picture = scene(n * x, n * y)
    const frame = planeOf(picture)
    const { backward, backwardTrust } = pairMotion(before, frame)
    way = followed(way, { flow: backward, trust: backwardTrust }, frame, key)
    before = frame
  }
  return carryPaint(picture, [{ key: paint(0, 0), way, near: 1 }], lut, 1)
}

function psnr(colours: ArrayLike<number>, { data }: PaintedKey, margin = 0): number {
  let [sum, count] = [0, 0]
  for (let v = margin; v < HEIGHT - margin; v++) {
    for (let u = margin; u < WIDTH - margin; u++) {
      const n = v * WIDTH + u
      for (let c = 0; c < 3; c++) sum += (colours[n * 3 + c]! - data[n * 4 + c]!) ** 2
      count += 3
    }
  }
  return 10 * Math.log10((255 ** 2 * count) / Math.max(sum, 1e-9))
}

describe('paint that is carried', () => {
  it.each([
    [1, 5, 2],
    [8, 2, -1],
    [12, -2.5, 0.5],
  ])('follows %i steps of (%d, %d)', (steps, x, y) => {
    const { colours, confidence } = carried(steps, x, y)
    const truth = paint(steps * x, steps * y)
    // What came into the picture was never painted.
    const margin = Math.ceil(steps * Math.max(Math.abs(x), Math.abs(y))) + 4
    expect(psnr(colours, truth, Math.min(margin, 40))).toBeGreaterThan(22)
    expect(psnr(colours, paint(0, 0), Math.min(margin, 40))).toBeLessThan(14)
    expect(confidence).toBeGreaterThan(0.6)
    expect(confidence).toBeLessThan(1)
  })

  it('stays bit for bit where nothing moves, however long', () => {
    const { colours, cover, confidence } = carried(30, 0, 0)
    expect(psnr(colours, paint(0, 0))).toBeGreaterThan(120)
    expect(cover).toBeNull()
    expect(confidence).toBe(1)
  })

  it('gives what it does not reach the colours of the paint around', () => {
    const way = stillWay({ width: WIDTH, height: HEIGHT })
    const belief = way.belief.map((_, n) => (n % WIDTH < WIDTH / 2 ? 1 : 0))
    const data = new Uint8Array(WIDTH * HEIGHT * 4).map((_, n) => [200, 40, 40, 255][n % 4]!)
    const grey = { ...scene(0, 0), data: new Uint8Array(WIDTH * HEIGHT * 3).fill(90) }
    const keys = [{ key: { width: WIDTH, height: HEIGHT, data }, way: { ...way, belief }, near: 1 }]
    const { colours, confidence } = carryPaint(grey, keys, SAME, 1)
    expect(confidence).toBeCloseTo(0.5, 1)
    const at = (48 * WIDTH + 150) * 3
    expect([...colours.subarray(at, at + 3)].map(Math.round)).toEqual([200, 40, 40])
  })

  it('leaves unpainted what a transparent key frame leaves free', () => {
    const way = stillWay({ width: WIDTH, height: HEIGHT })
    const key = paint(0, 0)
    for (let n = 0; n < WIDTH * HEIGHT; n++) {
      if (n % WIDTH >= 100) key.data.fill(0, n * 4, n * 4 + 4)
    }
    const { cover, colours } = carryPaint(scene(0, 0), [{ key, way, near: 1 }], null, 1)
    expect(cover?.[10]).toBe(255)
    expect(cover?.[130]).toBe(0)
    expect(colours[10 * 3]).toBe(key.data[10 * 4])
    const none = carryPaint(scene(0, 0), [], null, 1)
    expect(none.cover?.every((value) => value === 0)).toBe(true)
    expect(none.confidence).toBe(0)
  })

  it('takes the surer of two key frames, and of two sure ones the nearer', () => {
    const way = stillWay({ width: WIDTH, height: HEIGHT })
    const flat = (value: number): PaintedKey => {
      const data = new Uint8Array(WIDTH * HEIGHT * 4).fill(255)
      for (let n = 0; n < WIDTH * HEIGHT; n++) data.fill(value, n * 4, n * 4 + 3)
      return { width: WIDTH, height: HEIGHT, data }
    }
    const lost = { ...way, belief: way.belief.map(() => 0.05) }
    const mix = (first: typeof way, near: number): number =>
      carryPaint(
        scene(0, 0),
        [
          { key: flat(200), way: first, near },
          { key: flat(40), way, near: 1 - near },
        ],
        SAME,
        1,
      ).colours[0] ?? 0
    expect(mix(way, 0.97)).toBeCloseTo(200, 0)
    expect(mix(way, 0.03)).toBeCloseTo(40, 0)
    expect(mix({ ...way, ...lost }, 0.9)).toBeCloseTo(40, 0)
  })

  describe('of two paintings of one place', () => {
    const way = stillWay({ width: WIDTH, height: HEIGHT })
    const flat = (value: number): PaintedKey => {
      const data = new Uint8Array(WIDTH * HEIGHT * 4).fill(255)
      for (let n = 0; n < WIDTH * HEIGHT; n++) data.fill(value, n * 4, n * 4 + 3)
      return { width: WIDTH, height: HEIGHT, data }
    }
    /** Red between the key frames, at a share of their time, of each pixel. */
    const between = (first: number, second: number, share: number): number[] => {
      const keys = [
        { key: flat(first), way, near: 1 - share },
        { key: flat(second), way, near: share },
      ]
      const { colours } = carryPaint(scene(0, 0), keys, SAME, 1)
      return Array.from({ length: WIDTH * HEIGHT }, (_, n) => colours[n * 3]!)
    }

    it('takes one where they differ: a seam, and no ghosts beside it', () => {
      const half = between(200, 40, 0.5)
      const isMixed = (value: number): boolean => value > 60 && value < 180
      expect(half.filter(isMixed).length / half.length).toBeLessThan(0.4)
      for (const value of [200, 40]) {
        expect(
          half.filter((one) => Math.abs(one - value) < 1).length / half.length,
        ).toBeGreaterThan(0.15)
      }
    })

    it('goes over without a jump and never back', () => {
      const steps = 12
      let before = between(200, 40, 0)
      expect(before.every((value) => value === 200)).toBe(true)
      for (let n = 1; n <= steps; n++) {
        const now = between(200, 40, n / steps)
        const falls = now.map((value, at) => before[at]! - value)
        expect(Math.min(...falls)).toBeGreaterThan(-0.01)
        expect(Math.max(...falls)).toBeLessThan(0.35 * 160)
        before = now
      }
      expect(before.every((value) => value === 40)).toBe(true)
    })

    it('mixes them as long as there is time where they are alike', () => {
      expect(between(128, 120, 0.25).every((value) => Math.abs(value - 126) < 0.5)).toBe(true)
    })
  })

  it('keeps a way in a quarter of the room', () => {
    const way = carriedWay()
    const { move, belief } = unpackWay(packWay(way), way)
    move.forEach((value, n) => expect(Math.abs(value - way.move[n]!)).toBeLessThan(1 / 63))
    belief.forEach((value, n) => expect(Math.abs(value - way.belief[n]!)).toBeLessThan(1 / 400))
  })
})

function carriedWay() {
  const [a, b] = [planeOf(scene(0, 0)), planeOf(scene(6, 3))]
  const { backward, backwardTrust } = pairMotion(a, b)
  return followed(stillWay(a.plane), { flow: backward, trust: backwardTrust }, b, a)
}
