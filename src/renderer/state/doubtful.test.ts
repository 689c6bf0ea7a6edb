import { describe, expect, it } from 'vitest'
import { neighbourSpot, weakSpots } from './doubtful.js'

const judged = (values: readonly number[], from = 0) =>
  values.map((value, n) => ({ frame: from + n, value }))

describe('weak spots', () => {
  it('are the weakest frame of every run below the limit', () => {
    const values = [1, 0.4, 0.2, 0.3, 0.9, 0.5, 0.8, 0.1]
    expect(weakSpots(judged(values, 10), 0.55)).toEqual([12, 15, 17])
  })

  it('do not join runs across frames that nobody judged', () => {
    expect(weakSpots([...judged([0.2, 0.1], 8), ...judged([0.3], 2)], 0.5)).toEqual([2, 9])
  })

  it('are none where all is well', () => {
    expect(weakSpots(judged([1, 0.9]), 0.5)).toEqual([])
    expect(neighbourSpot([], 3, 1)).toBeUndefined()
  })

  it('go round', () => {
    expect(neighbourSpot([4, 9], 4, 1)).toBe(9)
    expect(neighbourSpot([4, 9], 9, 1)).toBe(4)
    expect(neighbourSpot([4, 9], 4, -1)).toBe(9)
    expect(neighbourSpot([4, 9], 9, -1)).toBe(4)
  })
})
