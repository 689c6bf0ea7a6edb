import { describe, expect, it } from 'vitest'
import { boxMean } from './boxMean.js'
import { compose, cornerShift, enlarge, invert, mapX, mapY, type Homography } from './homography.js'
import { depthsOf, holeIndex, listHole } from './hole.js'
import { analysisFactor, boundingBox, shrinkMask, shrinkPicture } from './image.js'
import { bytesPerFrame, planWindow } from './plan.js'
import { pullPush } from './pullPush.js'
import { growRim } from './rim.js'
import { bicubic, bicubicMix } from './sample.js'

const size = { width: 40, height: 30 }

function pictureOf(colour: (x: number, y: number) => number): {
  width: number
  height: number
  data: Uint8Array
} {
  const data = new Uint8Array(size.width * size.height * 3)
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / 3)
    data[i] = colour(pixel % size.width, Math.floor(pixel / size.width)) + (i % 3)
  }
  return { ...size, data }
}

describe('the mean of a box', () => {
  const at = (index: number, length: number): number => Math.min(length - 1, Math.max(0, index))

  // Rows are done four at a time, and those that are left one by one.
  it.each([
    [17, 8, 2],
    [17, 9, 3],
    [5, 11, 8],
    [9, 3, 1],
  ])('is that of all its cells: %i x %i, %i to all sides', (width, height, reach) => {
    const values = Float32Array.from({ length: width * height }, (_, n) => (n * 7919) % 251)
    const means = boxMean(values, { width, height }, reach)
    for (let y = 0, n = 0; y < height; y++) {
      for (let x = 0; x < width; x++, n++) {
        let sum = 0
        for (let v = -reach; v <= reach; v++) {
          for (let u = -reach; u <= reach; u++) {
            sum += values[at(y + v, height) * width + at(x + u, width)] ?? 0
          }
        }
        expect(means[n]).toBeCloseTo(sum / (2 * reach + 1) ** 2, 3)
      }
    }
    expect(boxMean(values, { width, height }, reach, values)).toEqual(means)
  })
})

describe('bicubic', () => {
  it('is mixed in by its weight, any number of channels, inside and beyond the border', () => {
    const random = pictureOf((x, y) => (x * 71 + y * 37 + x * y) % 200)
    const from = { ...size, channels: 3, data: Float32Array.from(random.data) }
    for (const [x, y] of [
      [7.3, 9.8],
      [0.2, 0.4],
      [38.6, 28.7],
      [38, 29],
      [-4, 12.5],
      [50, 40],
    ] as const) {
      const sample = new Float32Array(3)
      bicubic(random, x, y, sample, 0)
      const out = Float32Array.of(9, 100, 50, 0, 9)
      bicubicMix(from, x, y, 0.25, out, 1)
      const wanted = [100, 50, 0].map((value, c) => 0.75 * value + 0.25 * (sample[c] ?? 0))
      expect([...out.subarray(1, 4)].map((v, c) => v - (wanted[c] ?? 0))).toEqual(
        wanted.map(() => expect.closeTo(0, 3) as unknown),
      )
      expect([out[0], out[4]]).toEqual([9, 9])
    }
  })

  it('is exact on pixels and on straight ramps between them', () => {
    const ramp = pictureOf((x, y) => 3 * x + 2 * y)
    const out = new Float32Array(3)
    bicubic(ramp, 7, 9, out, 0)
    expect([...out]).toEqual([39, 40, 41])
    bicubic(ramp, 7.25, 9.5, out, 0)
    expect(out[0]).toBeCloseTo(3 * 7.25 + 2 * 9.5, 4)
    expect(out[2]).toBeCloseTo(3 * 7.25 + 2 * 9.5 + 2, 4)
  })

  it('holds coordinates outside at the border', () => {
    const ramp = pictureOf((x, y) => 3 * x + 2 * y)
    const out = new Float32Array(3)
    bicubic(ramp, -5, 100, out, 0)
    expect(out[0]).toBeCloseTo(2 * 29, 4)
  })
})

describe('pullPush', () => {
  it('keeps what is known and continues a ramp over what is not', () => {
    const data = new Float32Array(size.width * size.height)
    const weight = new Float32Array(data.length).fill(1)
    for (let i = 0; i < data.length; i++) data[i] = 100 + (i % size.width)
    const truth = data.slice()
    for (let y = 10; y < 20; y++) {
      for (let x = 14; x < 24; x++) {
        weight[y * size.width + x] = 0
        data[y * size.width + x] = 0
      }
    }
    pullPush(data, weight, size, 1, 60)
    let worst = 0
    for (let i = 0; i < data.length; i++) worst = Math.max(worst, Math.abs(data[i]! - truth[i]!))
    expect(worst).toBeLessThan(1)
    expect(data[0]).toBe(100)
  })

  it('is a membrane over a wide hole, wherever that lies', () => {
    const wide = { width: 150, height: 110 }
    /** A hole of 100 x 70 pixels amid texture, so far from the corner. */
    const fill = (corner: number, sweeps: number, coarse: number): number[] => {
      const data = new Float32Array(wide.width * wide.height)
      const weight = new Float32Array(data.length)
      for (let i = 0; i < data.length; i++) {
        const x = (i % wide.width) - corner
        const y = Math.floor(i / wide.width) - corner
        const inside = x >= 0 && y >= 0 && x < 100 && y < 70
        weight[i] = inside ? 0 : 1
        if (!inside) data[i] = 120 + 40 * Math.sin(x / 9) + 30 * Math.cos(y / 7) + 0.4 * x
      }
      pullPush(data, weight, wide, 1, sweeps, coarse)
      const at = (x: number, y: number): number => data[(corner + y) * wide.width + corner + x]!
      return [at(20, 15), at(50, 35), at(80, 50)]
    }
    const membrane = fill(12, 1500, 0)
    for (const corner of [12, 13, 15, 18]) {
      fill(corner, 8, 24).forEach((value, n) => {
        // By sweeps on the full size alone it is up to 15 levels off.
        expect(Math.abs(value - membrane[n]!)).toBeLessThan(2.5)
      })
    }
  })
})

describe('homography', () => {
  const h: Homography = [1.01, 0.02, 3, -0.01, 0.99, -2, 1e-5, 2e-5, 1]

  it('composes with its inverse to the identity', () => {
    expect(cornerShift(compose(invert(h), h), 400, 300)).toBeLessThan(1e-9)
  })

  it('keeps cell centres when enlarged', () => {
    const big = enlarge(h, 4)
    // The centre of cell (10, 5) is source pixel (41.5, 21.5).
    expect(mapX(big, 41.5, 21.5)).toBeCloseTo(mapX(h, 10, 5) * 4 + 1.5, 6)
    expect(mapY(big, 41.5, 21.5)).toBeCloseTo(mapY(h, 10, 5) * 4 + 1.5, 6)
  })
})

describe('hole', () => {
  const mask = new Uint8Array(size.width * size.height)
  for (let y = 12; y < 15; y++) for (let x = 30; x < 34; x++) mask[y * size.width + x] = 1

  it('knows how deep a pixel lies, and does not take the border of the picture for known', () => {
    const size = { width: 30, height: 20 }
    const mask = new Uint8Array(size.width * size.height)
    for (let y = 4; y < 14; y++) mask.fill(1, y * size.width, y * size.width + 12)
    const hole = listHole(mask, size, 3)!
    const depths = depthsOf(hole)
    for (let n = 0; n < depths.length; n++) {
      const x = hole.pixels[n]! % size.width
      const y = Math.floor(hole.pixels[n]! / size.width)
      const deep = Math.max(0, Math.min(12 - x, y - 3, 14 - y))
      expect(depths[n]).toBe(deep)
    }
  })

  it('lists the mask and a ring, clipped at the frame', () => {
    const hole = listHole(mask, size, 8)!
    expect(hole.box).toEqual({ x: 22, y: 4, width: 18, height: 19 })
    expect(hole.pixels).toHaveLength(18 * 19)
    expect(hole.inside.reduce((sum, one) => sum + one, 0)).toBe(12)
    const n = holeIndex(hole, 31, 13)
    expect(hole.pixels[n]).toBe(13 * size.width + 31)
    expect(hole.inside[n]).toBe(1)
    expect(holeIndex(hole, 5, 5)).toBe(-1)
  })

  it('is null for an empty mask', () => {
    expect(listHole(new Uint8Array(mask.length), size, 3)).toBeNull()
    expect(boundingBox(new Uint8Array(mask.length), size)).toBeNull()
  })
})

describe('growRim', () => {
  it('grows by the margin, fades only in the outermost pixels and covers what was painted', () => {
    const painted = new Uint8Array(size.width * size.height)
    painted[15 * size.width + 20] = 255
    const { alpha, mask } = growRim(painted, size, 6, 2)!
    const at = (x: number): number => alpha[15 * size.width + x]!
    expect([at(20), at(22), at(24)]).toEqual([255, 255, 255])
    expect(at(26)).toBeGreaterThan(0)
    expect(at(26)).toBeLessThan(255)
    expect(at(28)).toBe(0)
    expect(mask.every((value, i) => (value === 1) === alpha[i]! > 0)).toBe(true)
    expect(growRim(new Uint8Array(painted.length), size, 6, 2)).toBeNull()
  })
})

describe('analysis grid', () => {
  it('has about the same number of cells at every size', () => {
    for (const [width, height] of [
      [640, 360],
      [854, 480],
      [1280, 720],
      [1920, 1080],
      [3840, 2160],
    ] as const) {
      const cells = (width * height) / analysisFactor({ width, height }) ** 2
      expect(cells).toBeGreaterThan(50_000)
      expect(cells).toBeLessThan(180_000)
    }
  })

  it('averages colours and keeps every masked pixel', () => {
    const small = shrinkPicture(
      pictureOf((x) => (x % 2) * 10),
      2,
    )
    expect([small.width, small.height, small.data[0], small.data[1]]).toEqual([20, 15, 5, 6])
    const mask = new Uint8Array(size.width * size.height)
    mask[7 * size.width + 9] = 1
    expect(shrinkMask(mask, size, 2)[3 * 20 + 4]).toBe(1)
  })
})

describe('planWindow', () => {
  it('stays inside its budget at every size, but for the fewest frames that work', () => {
    for (const [width, height] of [
      [854, 480],
      [1920, 1080],
    ] as const) {
      const plan = planWindow({ width, height }, 800e6)
      const frames = plan.core + plan.lookback + plan.lookahead
      expect(frames * bytesPerFrame({ width, height })).toBeLessThanOrEqual(800e6)
    }
    const least = planWindow({ width: 7680, height: 4320 }, 600e6)
    expect(least.core + least.lookback + least.lookahead).toBe(24)
  })
})
