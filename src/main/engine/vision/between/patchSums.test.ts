import { describe, expect, it } from 'vitest'
import type { Plane } from '../image.js'
import { PAD, pyramidOf } from './patchPlane.js'
import { inVectors, oneByOne } from './patchSums.js'
import type { PatchSums } from './patchSums.js'

const [WIDTH, HEIGHT] = [53, 41]

function noise(seed: number): Plane {
  const data = Float32Array.from({ length: WIDTH * HEIGHT }, (_, n) =>
    Math.abs((Math.sin(n * 12.9898 + seed) * 43758.5453) % 256),
  )
  return { width: WIDTH, height: HEIGHT, data }
}

const a = pyramidOf(noise(1)).levels[0]!
const b = pyramidOf(noise(2)).levels[0]!

/** A patch at (x, y) in the one, and a fraction of a sample beside it in the other. */
const place = (x: number, y: number) =>
  [(y + PAD) * a.stride + x + PAD, (y + 3 + PAD) * b.stride + x - 2 + PAD] as const
const BETWEEN = [0.42, 0.28, 0.18, 0.12] as const

function both(): [PatchSums, PatchSums] {
  const vectors = inVectors(a, b)
  if (vectors === null) throw new Error('This processor has no vectors of four.')
  return [vectors, oneByOne(a, b)]
}

describe('sums over patches in vectors', () => {
  it('are those that are added one by one', () => {
    const [vectors, one] = both()
    for (const [x, y] of [
      [0, 0],
      [7, 12],
      [WIDTH - 8, HEIGHT - 8],
    ] as const) {
      const expected = one.step(...place(x, y), ...BETWEEN)
      expect(vectors.cost(...place(x, y), ...BETWEEN) / expected).toBeCloseTo(1, 5)
      expect(vectors.step(...place(x, y), ...BETWEEN) / expected).toBeCloseTo(1, 5)
      for (const n of [0, 1, 2]) {
        expect(Math.abs(vectors.slope[n]! - one.slope[n]!)).toBeLessThan(
          1e-5 * (Math.abs(one.slope[n]!) + expected),
        )
      }
    }
  })

  it('spread motion over the patch and nowhere else', () => {
    const [vectors, one] = both()
    for (const sums of [vectors, one]) {
      sums.spread(...place(4, 4), ...BETWEEN, 1.5, -2)
      sums.spread(...place(9, 6), ...BETWEEN, -3, 0.25)
    }
    expect(vectors.weight.filter((value) => value > 0)).toHaveLength(64 + 64 - 3 * 6)
    for (const plane of ['weight', 'moveX', 'moveY'] as const) {
      one[plane].forEach((value, n) =>
        expect(Math.abs(vectors[plane][n]! - value)).toBeLessThan(1e-5 * (1 + Math.abs(value))),
      )
    }
  })

  it('are left to the other way where planes do not lie alike', () => {
    const narrow = pyramidOf({ width: 20, height: 20, data: new Float32Array(400) }).levels[0]!
    expect(inVectors(a, narrow)).toBeNull()
  })
})
