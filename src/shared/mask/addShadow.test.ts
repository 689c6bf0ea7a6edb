import { describe, expect, it } from 'vitest'
import type { MaskRec, MaskShape } from '../document/model.js'
import { addShadow } from './addShadow.js'

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

describe('addShadow', () => {
  it('adds to painted frames and to tracked ones, which stay tracked', () => {
    const found = { keyframes: { 2: [shape(102)], 5: [shape(105)] }, looked: 4 }
    expect(addShadow(mask, found)).toEqual([
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
    expect(addShadow(held, { keyframes: { 7: [shape(107)] }, looked: 1 })).toEqual([
      { type: 'mask.setKeyframe', id: 'mask_1', frame: 7, shapes: [shape(2), shape(107)] },
    ])
    expect(addShadow(mask, { keyframes: {}, looked: 4 })).toEqual([])
  })
})
