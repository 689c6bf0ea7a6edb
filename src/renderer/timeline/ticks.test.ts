import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readableSteps, tickSteps, ticks } from './ticks.js'

const RATE = { num: 30000, den: 1001 }

describe('ruler ticks', () => {
  it('uses whole divisions of a second, then seconds, then minutes', () => {
    const steps = readableSteps({ num: 24, den: 1 })
    expect(steps.slice(0, 8)).toEqual([1, 2, 3, 4, 6, 8, 12, 24])
    expect(steps).toContain(24 * 60)
  })

  it.each([
    [100, 1, 1],
    [10, 10, 1],
    [1, 150, 10],
    [0.05, 60 * 30 * 2, 150],
  ])('at %d px a frame labels every %d frames and ticks every %d', (zoom, label, small) => {
    expect(tickSteps(RATE, zoom)).toEqual({ label, small })
  })

  it('never crowds labels and always puts them on small ticks', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 60, noNaN: true }), (zoom) => {
        const { label, small } = tickSteps(RATE, zoom)
        expect(label * zoom).toBeGreaterThanOrEqual(96)
        expect(small * zoom).toBeGreaterThanOrEqual(7)
        expect(label % small).toBe(0)
      }),
    )
  })

  it('covers only what is in view', () => {
    const found = ticks(RATE, 10, 1000, 1100)
    expect(found.at(0)?.frame).toBe(1000)
    expect(found.at(-1)?.frame).toBe(1100)
    expect(found.find((tick) => tick.frame === 1020)?.label).toBe('00:00:34:00')
  })
})
