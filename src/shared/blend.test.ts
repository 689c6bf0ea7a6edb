import { describe, expect, it } from 'vitest'
import { BLEND_MODES, blendLevel, placePicture } from './blend.js'

describe('blend modes', () => {
  it('leave the picture as it is where they have nothing to say', () => {
    for (let below = 0; below <= 255; below += 5) {
      expect(blendLevel({ blend: 'screen', opacity: 1 }, below, 0)).toBe(below)
      expect(blendLevel({ blend: 'add', opacity: 0.5 }, below, 0)).toBe(below)
      expect(blendLevel({ blend: 'multiply', opacity: 1 }, below, 255)).toBeCloseTo(below, 10)
      for (const blend of BLEND_MODES)
        expect(blendLevel({ blend, opacity: 0 }, below, 77)).toBe(below)
    }
  })

  it('stay within the range, and fade evenly', () => {
    for (const blend of BLEND_MODES) {
      for (let below = 0; below <= 255; below += 15) {
        for (let above = 0; above <= 255; above += 15) {
          const whole = blendLevel({ blend, opacity: 1 }, below, above)
          expect(whole).toBeGreaterThanOrEqual(0)
          expect(whole).toBeLessThanOrEqual(255)
          const half = blendLevel({ blend, opacity: 0.5 }, below, above)
          if (blend !== 'add') expect(half).toBeCloseTo((below + whole) / 2, 8)
        }
      }
    }
  })

  it('fill the frame or stand whole inside it', () => {
    const [square, wide] = [
      { width: 100, height: 100 },
      { width: 320, height: 180 },
    ]
    expect(placePicture(square, wide, 'inside')).toEqual({ scale: 1.8, x: 70, y: 0 })
    expect(placePicture(square, wide, 'fill')).toEqual({ scale: 3.2, x: 0, y: -70 })
  })
})
