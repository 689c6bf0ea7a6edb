import { describe, expect, it } from 'vitest'
import { confidenceBar, textSize } from './drawSegments.js'

const colours = { 'confidence-high': 'green', 'confidence-mid': 'amber', 'confidence-low': 'red' }

describe('confidence bars', () => {
  it('tell good, fair and poor apart by colour', () => {
    expect(
      [1, 0.7, 0.69, 0.4, 0.39, 0].map((value) => confidenceBar(value, colours).colour),
    ).toEqual(['green', 'green', 'amber', 'amber', 'red', 'red'])
  })

  it('and by height, for whoever cannot see the colours', () => {
    const heights = [0, 0.25, 0.5, 0.75, 1].map((value) => confidenceBar(value, colours).height)
    expect(heights).toEqual([...heights].sort((a, b) => a - b))
    expect(heights[0]).toBeGreaterThan(0)
    expect(confidenceBar(7, colours).height).toBe(heights[4])
  })
})

describe('the text of a bar', () => {
  it('fits with its ascenders and descenders, also where three lanes share the room', () => {
    // Letters with what hangs below them are about 1.2 times their size high.
    for (const bar of [11, 14, 19]) expect(textSize(bar) * 1.2).toBeLessThanOrEqual(bar)
    expect(textSize(19)).toBe(11)
  })
})
