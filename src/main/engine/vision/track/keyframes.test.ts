import { describe, expect, it } from 'vitest'
import type { MaskRec, MaskShape } from '../../../../shared/document/model.js'
import { maskAt } from '../../../../shared/mask/index.js'
import { chooseKeyframes } from './keyframes.js'

const SIZE = { width: 200, height: 120 }

/** A polygon of `corners` corners around a place. */
function blob(x: number, y: number, radius: number, corners = 24): MaskShape {
  const points = Array.from({ length: corners }, (_, n) => {
    const angle = (n * 2 * Math.PI) / corners
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)]
  }).flat()
  return { kind: 'lasso', erase: false, points }
}

const run = (count: number, shape: (n: number) => MaskShape[]) =>
  Array.from({ length: count }, (_, n) => ({ frame: 10 + n, shapes: shape(n) }))

describe('chooseKeyframes', () => {
  it('keeps few frames of a steady motion, the first and the last among them', () => {
    const keys = Object.keys(
      chooseKeyframes(
        run(19, (n) => [blob(40 + 4 * n, 60, 20)]),
        SIZE,
      ),
    )
    expect(keys).toEqual(['10', '16', '22', '28'])
  })

  it('keeps what interpolation would get wrong', () => {
    const jumpy = run(9, (n) => [blob(60 + (n % 2) * 14, 60, 20)])
    const keyframes = chooseKeyframes(jumpy, SIZE)
    const mask: MaskRec = {
      id: 'mask_1',
      type: 'mask',
      assetId: 'asset_1',
      name: 'Mask',
      keyframes,
      between: 'interpolate',
      feather: 0,
      grow: 0,
      inverted: false,
      overlay: { colour: '#ffffff', opacity: 1 },
    }
    for (const { frame, shapes } of jumpy) {
      const shown = maskAt(mask, frame, SIZE, SIZE)
      const wanted = maskAt({ ...mask, keyframes: { [frame]: shapes } }, frame, SIZE, SIZE)
      let wrong = 0
      for (let i = 0; i < shown.length; i++) if (shown[i]! >= 128 !== wanted[i]! >= 128) wrong++
      expect(wrong, String(frame)).toBeLessThan(0.06 * Math.PI * 400)
    }
  })

  it('never interpolates towards nothing, nor across a pinned frame', () => {
    const frames = run(6, (n) => (n < 4 ? [blob(60, 60, 20)] : []))
    expect(Object.keys(chooseKeyframes(frames, SIZE))).toContain('13')
    expect(chooseKeyframes(frames, SIZE)['14']).toEqual([])
    const pinned = run(7, () => [blob(60, 60, 20)]).map((one) => ({
      ...one,
      pinned: one.frame === 12,
    }))
    expect(Object.keys(chooseKeyframes(pinned, SIZE))).toEqual(['10', '12', '16'])
  })
})
