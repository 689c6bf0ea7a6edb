import { describe, expect, it } from 'vitest'
import { enlargedPixels, enlargedSize, enlargementSteps } from './enlargement.js'

const square = (side: number): { width: number; height: number } => ({ width: side, height: side })

describe('the way to a larger picture', () => {
  it.each([
    [64, 512, [4, 2]],
    [128, 512, [4]],
    [64, 256, [4]],
    [64, 128, [2]],
    [64, 100, [2]],
    [64, 200, [4]],
    [32, 512, [4, 4]],
    // It has not learned to go beyond 512; Lanczos goes on from there.
    [64, 1024, [4, 2]],
    [200, 1080, [2]],
    [300, 600, []],
    [64, 64, []],
    [64, 48, []],
  ])('from %i to %i', (from, to, steps) => {
    expect(enlargementSteps(square(from), square(to))).toEqual(steps)
  })

  it('follows the side that grows more', () => {
    expect(enlargementSteps({ width: 128, height: 72 }, { width: 512, height: 288 })).toEqual([4])
    expect(enlargementSteps({ width: 128, height: 64 }, { width: 128, height: 128 })).toEqual([2])
  })

  it('leads to a size from which Lanczos goes on', () => {
    expect(enlargedSize(square(64), square(1024))).toEqual(square(512))
    expect(enlargedSize(square(64), square(200))).toEqual(square(256))
  })

  it('counts what the network gives out', () => {
    expect(enlargedPixels(square(64), square(512))).toBe(256 * 256 + 512 * 512)
    expect(enlargedPixels(square(64), square(64))).toBe(0)
  })
})
