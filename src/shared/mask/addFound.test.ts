import { describe, expect, it } from 'vitest'
import type { MaskRec, MaskShape } from '../document/model.js'
import type { FoundLeftovers } from '../contract/leftovers.js'
import { addFound } from './addFound.js'

const shape = (x: number): MaskShape => ({
  ...{ kind: 'rectangle', erase: false },
  ...{ x, y: 0, width: 4, height: 4 },
})

const mask: MaskRec = {
  ...{ id: 'mask_1', type: 'mask', assetId: 'asset_1', name: 'Mask' },
  keyframes: { 2: [shape(2)], 4: [shape(4)], 5: [shape(5)], 9: [shape(9)] },
  tracked: { 3: 0.9, 4: 0.8, 5: 0.7, 9: 0.6 },
  ...{ between: 'interpolate', feather: 0, grow: 0, inverted: false },
  overlay: { colour: '#ff3d71', opacity: 0.5 },
}

describe('addFound', () => {
  it('adds to painted frames and to tracked ones, which stay tracked', () => {
    const found = { shadow: { 2: [shape(102)] }, parts: { 5: [shape(105)] }, looked: 4 }
    expect(addFound(mask, found)).toEqual([
      { type: 'mask.setKeyframe', id: 'mask_1', frame: 2, shapes: [shape(2), shape(102)] },
      {
        ...{ type: 'mask.track', id: 'mask_1', from: 3, to: 6 },
        keyframes: { 4: [shape(4)], 5: [shape(5), shape(105)] },
        confidence: [0.9, 0.8, 0.7],
      },
    ])
  })

  it('starts from what a held mask shows, and does nothing where nothing was found', () => {
    const held: MaskRec = { ...mask, keyframes: { 2: [shape(2)] }, tracked: {}, between: 'hold' }
    expect(addFound(held, { shadow: { 7: [shape(107)] }, parts: {}, looked: 1 })).toEqual([
      { type: 'mask.setKeyframe', id: 'mask_1', frame: 7, shapes: [shape(2), shape(107)] },
    ])
    expect(addFound(mask, { shadow: {}, parts: {}, looked: 4 })).toEqual([])
  })

  it('adds the kinds that are wanted, in one key frame where both are', () => {
    const found: FoundLeftovers = {
      ...{ shadow: { 2: [shape(102)] }, parts: { 2: [shape(112)], 7: [shape(107)] } },
      looked: 2,
    }
    expect(addFound(mask, found)).toMatchObject([
      { frame: 2, shapes: [shape(2), shape(102), shape(112)] },
      { frame: 7 },
    ])
    expect(addFound(mask, found, ['shadow'])).toMatchObject([
      { frame: 2, shapes: [shape(2), shape(102)] },
    ])
    expect(addFound(mask, found, [])).toEqual([])
  })
})
