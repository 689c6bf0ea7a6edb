import { describe, expect, it } from 'vitest'
import { addShape, removeKeyframe, track } from './maskCommands.js'
import type { MaskRec, MaskShape } from './model.js'

const square = (x: number): MaskShape => ({
  kind: 'rectangle',
  erase: false,
  x,
  y: 0,
  width: 4,
  height: 4,
})

const mask: MaskRec = {
  id: 'mask_1',
  type: 'mask',
  assetId: 'asset_1',
  name: 'Mask',
  keyframes: { 2: [square(0)], 6: [square(9)] },
  between: 'interpolate',
  feather: 0,
  grow: 0,
  inverted: false,
  overlay: { colour: '#ff3d71', opacity: 0.5 },
}

function tracked(on: MaskRec, from: number, found: number[], confidence: number[]): MaskRec {
  const result = track(on, {
    type: 'mask.track',
    id: on.id,
    from,
    to: from + confidence.length,
    keyframes: Object.fromEntries(found.map((frame) => [String(frame), [square(frame)]])),
    confidence,
  })
  if ('message' in result) throw new Error(result.message)
  return result
}

describe('track', () => {
  it('fills in frames and leaves painted ones alone', () => {
    const result = tracked(mask, 3, [4, 6, 7], [0.9, 0.8, 0.7, 0.6, 0.5])
    expect(Object.keys(result.keyframes)).toEqual(['2', '4', '6', '7'])
    expect(result.keyframes['6']).toEqual([square(9)])
    expect(result.tracked).toEqual({ 3: 0.9, 4: 0.8, 5: 0.7, 7: 0.5 })
  })

  it('replaces what was tracked before, inside its range only', () => {
    const first = tracked(mask, 3, [3, 4, 5], [1, 1, 1])
    const second = tracked(first, 4, [5], [0.5, 0.4])
    expect(Object.keys(second.keyframes)).toEqual(['2', '3', '5', '6'])
    expect(second.tracked).toEqual({ 3: 1, 4: 0.5, 5: 0.4 })
  })

  it('takes a frame that was painted over for painted from then on', () => {
    const first = tracked(mask, 3, [3, 4, 5], [1, 1, 1])
    const corrected = addShape(first, {
      type: 'mask.addShape',
      id: mask.id,
      frame: 4,
      shape: square(50),
    })
    if ('message' in corrected) throw new Error(corrected.message)
    expect(corrected.tracked).toEqual({ 3: 1, 5: 1 })
    const again = tracked(corrected, 3, [3, 4, 5], [0.2, 0.2, 0.2])
    expect(again.keyframes['4']).toEqual([square(4), square(50)])
    expect(again.tracked).toEqual({ 3: 0.2, 5: 0.2 })
  })

  it('forgets the confidence of a key frame that is deleted', () => {
    const first = tracked(mask, 3, [4], [1, 1, 1])
    const without = removeKeyframe(first, { type: 'mask.removeKeyframe', id: mask.id, frame: 4 })
    expect(without).toMatchObject({ tracked: { 3: 1, 5: 1 } })
  })

  it('refuses what does not fit its range', () => {
    const command = { type: 'mask.track', id: mask.id, from: 3, to: 6, keyframes: {} } as const
    expect(track(mask, { ...command, confidence: [1] })).toHaveProperty('message')
    const outside = { ...command, keyframes: { 6: [] }, confidence: [1, 1, 1] }
    expect(track(mask, outside)).toHaveProperty('message')
  })
})
