import { describe, expect, it } from 'vitest'
import { parsePrompt } from './parse.js'
import { toEditOperation, valueAt } from './resolve.js'

const range = { from: 100, to: 225, fps: { num: 25, den: 1 } }
const valuesOf = (prompt: string, frames: readonly number[]): number[] | null => {
  const [parsed] = parsePrompt(prompt).operations
  const operation = parsed && toEditOperation(parsed, range)
  return operation ? frames.map((frame) => valueAt(operation.keys, frame)) : null
}

describe('toEditOperation', () => {
  it('holds a plain prompt over the whole range', () => {
    expect(valuesOf('darker', [100, 160, 224])).toEqual([-0.5, -0.5, -0.5])
  })

  it('counts seconds from the first frame of the edit, and switches on and off between two frames', () => {
    expect(valuesOf('darker from 1 s to 2 s', [124, 125, 149, 150])).toEqual([0, -0.5, -0.5, 0])
    expect(valuesOf('sepia in the last second', [199, 200, 224])).toEqual([0, 1, 1])
    expect(valuesOf('sepia for the first second', [100, 124, 125])).toEqual([1, 1, 0])
  })

  it('grows over the whole edit, or over the time that was said', () => {
    expect(valuesOf('gradually darker', [100, 162, 224])).toEqual([0, -0.25, -0.5])
    const [before, mid, after] = valuesOf('gradually sepia from 1 s to 2 s', [124, 137, 200]) ?? []
    expect([before, after]).toEqual([0, 1])
    expect(mid).toBeCloseTo(0.5, 5)
  })

  it('makes nothing of a time that the edit does not reach', () => {
    expect(valuesOf('darker after 9 s', [100])).toBeNull()
  })

  it('takes bands and paints from the names of colours', () => {
    const [parsed] = parsePrompt('make the red car blue').operations
    expect(parsed && toEditOperation(parsed, range)).toMatchObject({
      kind: 'recolour',
      only: { hue: 25 },
      to: { hue: 262 },
    })
  })
})
