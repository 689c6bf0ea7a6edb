import { describe, expect, it } from 'vitest'
import { parsePrompt } from '../../shared/edit/parse.js'
import { deriveOperations, peakOf, placedOperations, withPeak } from './operations.js'

const range = { from: 0, to: 50, fps: { num: 25, den: 1 } }
const none = { prompt: '', operations: [], feather: 4, seed: 0 }
const derive = (prompt: string, previous = none as Parameters<typeof deriveOperations>[2]) =>
  deriveOperations(parsePrompt(prompt), range, previous)

describe('sliders and words', () => {
  it('keeps a slider moved by hand while its words stay, and follows the words when they change', () => {
    const [first] = derive('warmer').operations
    if (first === undefined) throw new Error('no operation')
    const moved = { ...none, prompt: 'warmer', operations: [withPeak(first, 0.9)] }
    expect(derive('warmer, more contrast', moved).operations.map(peakOf)).toEqual([0.9, 0.5])
    expect(derive('a bit warmer', moved).operations.map(peakOf)).toEqual([0.25])
  })

  it('keeps the course in time of an animated operation, even through 0', () => {
    const [gradual] = derive('gradually darker').operations
    if (gradual === undefined) throw new Error('no operation')
    const up = withPeak(withPeak(gradual, 0), -1)
    expect(up.keys.map(({ value }) => value)).toEqual([0, -1])
  })

  it('keep paint for a thing back until its place is known', () => {
    const { operations } = derive('warmer. make the jacket red')
    const params = { ...none, prompt: 'warmer. make the jacket red', operations }
    expect(placedOperations(params, false).map(({ kind }) => kind)).toEqual(['temperature'])
    expect(placedOperations(params, true)).toBe(operations)
    const named = derive('make the red jacket blue').operations
    expect(
      placedOperations({ ...none, prompt: 'make the red jacket blue', operations: named }, false),
    ).toBe(named)
  })

  it('says which words lie outside of the frames', () => {
    const { operations, outside } = derive('warmer. sepia after 9 s')
    expect(operations.map(({ kind }) => kind)).toEqual(['temperature'])
    expect(outside.map(({ kind }) => kind)).toEqual(['sepia'])
  })
})
