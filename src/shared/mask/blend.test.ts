import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MaskRec, MaskShape } from '../document/model.js'
import { coverage, signedDistance } from './distance.js'
import { maskAt, rasteriseShapes } from './rasterise.js'

const SIZE = { width: 40, height: 28 }

/** A rectangle that may reach over any border. */
const rectangle = fc
  .record({
    x: fc.integer({ min: -8, max: 36 }),
    y: fc.integer({ min: -8, max: 24 }),
    width: fc.integer({ min: 9, max: 30 }),
    height: fc.integer({ min: 9, max: 20 }),
  })
  .map((place): MaskShape => ({ kind: 'rectangle', erase: false, ...place }))

const maskOf = (before: MaskShape, after: MaskShape): MaskRec => ({
  ...{ id: 'mask_a', type: 'mask', assetId: 'asset_a', name: 'm' },
  keyframes: { '0': [before], '10': [after] },
  ...{ between: 'interpolate', feather: 0, grow: 0, inverted: false },
  overlay: { colour: '#ffffff', opacity: 1 },
})

/** Distances of both, each moved to the common centre and mixed, at every pixel there is. */
function everywhere(before: MaskShape, after: MaskShape, t: number): number[] {
  const { width, height } = SIZE
  const fields = [before, after].map((shape) => {
    const data = rasteriseShapes([shape], SIZE, SIZE)
    const inside = [...data.keys()].filter((at) => (data[at] ?? 0) >= 128)
    const mean = (of: (at: number) => number): number =>
      inside.reduce((sum, at) => sum + of(at), 0) / inside.length
    const centre = { x: mean((at) => at % width), y: mean((at) => Math.floor(at / width)) }
    return { distance: signedDistance(data, width, height), centre }
  })
  const [a, b] = fields
  if (a === undefined || b === undefined) return []
  const [dx, dy] = [b.centre.x - a.centre.x, b.centre.y - a.centre.y]
  const sample = ({ distance }: typeof a, x: number, y: number): number => {
    const within = (value: number, most: number): number => Math.min(most, Math.max(0, value))
    const at = (column: number, row: number): number =>
      distance[within(row, height - 1) * width + within(column, width - 1)] ?? 0
    const [c, r] = [Math.floor(x), Math.floor(y)]
    const [fx, fy] = [x - c, y - r]
    const mix = (one: number, two: number, share: number): number => one + (two - one) * share
    return mix(mix(at(c, r), at(c, r + 1), fy), mix(at(c + 1, r), at(c + 1, r + 1), fy), fx)
  }
  return Array.from({ length: width * height }, (_, n) => {
    const [x, y] = [n % width, Math.floor(n / width)]
    const own = sample(a, x - dx * t, y - dy * t) * (1 - t)
    return coverage(own + sample(b, x + dx * (1 - t), y + dy * (1 - t)) * t)
  })
}

describe('a mask between two key frames', () => {
  it('is that of the whole picture, though only the surroundings of both are looked at', () => {
    fc.assert(
      fc.property(rectangle, rectangle, fc.integer({ min: 1, max: 9 }), (before, after, frame) => {
        const found = maskAt(maskOf(before, after), frame, SIZE, SIZE)
        everywhere(before, after, frame / 10).forEach((expected, at) => {
          // Single precision on the way.
          expect(Math.abs((found[at] ?? 0) - expected)).toBeLessThanOrEqual(1)
        })
      }),
      { numRuns: 300 },
    )
  })
})
