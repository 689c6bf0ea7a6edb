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

  it('fades to the whole colour on the last frame, and from it on the first', () => {
    expect(valuesOf('fade to black', [100, 199, 200, 212, 224])).toEqual([0, 0, 0, 0.5, 1])
    expect(valuesOf('fade in over 2 s', [100, 149, 150])).toEqual([1, 0, 0])
    expect(valuesOf('fade in from 1 s', [100, 125, 149])).toEqual([1, 1, 0])
    expect(valuesOf('fade out until 2 s', [100, 124, 149, 224])).toEqual([0, 0, 1, 1])
    expect(valuesOf('fade to black from second 4', [199, 200, 224])).toEqual([0, 0, 1])
  })

  it('confines to tones and leaves out colours', () => {
    const operation = (prompt: string) => {
      const [parsed] = parsePrompt(prompt).operations
      return parsed && toEditOperation(parsed, range)
    }
    expect(operation('warm highlights')).toMatchObject({
      limits: { tones: 'highlights', except: [] },
    })
    expect(operation('black and white except the red')).toMatchObject({
      limits: { tones: null, except: [{ hue: 25 }] },
    })
    expect(operation('blue shadows')).toMatchObject({ tones: 'shadows', to: { hue: 262 } })
    expect(operation('warmer')).not.toHaveProperty('limits')
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
