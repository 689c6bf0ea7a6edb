import { describe, expect, it } from 'vitest'
import { parsePrompt } from '../../shared/edit/parse.js'
import type { MaskRec } from '../../shared/document/model.js'
import { leftOut, placedOperations, turnedMask } from './operations.js'

const ALL_BUT = parsePrompt('everything except the car darker')
const PLAIN = parsePrompt('make the car darker')
const maskOf = (inverted: boolean): MaskRec =>
  ({ id: 'mask_1', type: 'mask', inverted }) as unknown as MaskRec

describe('everything except a thing', () => {
  it('turns the mask over when the words begin to leave the thing out, and back', () => {
    expect(leftOut(ALL_BUT)).toBe('car')
    expect(turnedMask(maskOf(false), PLAIN, ALL_BUT)).toEqual({
      ...{ type: 'mask.update', id: 'mask_1', changes: { inverted: true } },
    })
    expect(turnedMask(maskOf(true), ALL_BUT, PLAIN)).toMatchObject({ changes: { inverted: false } })
  })

  it('leaves a mask as a hand has turned it while the words go on to mean the same', () => {
    expect(turnedMask(maskOf(false), ALL_BUT, ALL_BUT)).toBeNull()
    expect(turnedMask(maskOf(true), PLAIN, PLAIN)).toBeNull()
    expect(turnedMask(maskOf(true), PLAIN, ALL_BUT)).toBeNull()
    expect(turnedMask(undefined, PLAIN, ALL_BUT)).toBeNull()
  })

  it('shows nothing until a mask says where the thing is', () => {
    const operations = [
      { kind: 'exposure', keys: [{ frame: 0, value: -0.5 }], only: null },
    ] as const
    const params = { prompt: 'everything except the car darker', operations, feather: 4, seed: 0 }
    expect(placedOperations(params, false)).toEqual([])
    expect(placedOperations(params, true)).toEqual(operations)
    expect(placedOperations({ ...params, prompt: 'make the car darker' }, false)).toEqual(
      operations,
    )
  })
})
