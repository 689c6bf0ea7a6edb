import { describe, expect, it } from 'vitest'
import type { Plane } from '../image.js'
import { coarseMotion, frameOf, ofOneScene } from './pairMotion.js'

const SIZE = { width: 161, height: 97 }

/** A pattern without repetition, moved by (x, y). */
function drawn(x: number, y: number): Plane {
  const data = new Float32Array(SIZE.width * SIZE.height)
  for (let v = 0, n = 0; v < SIZE.height; v++) {
    for (let u = 0; u < SIZE.width; u++, n++) {
      const [px, py] = [u - x, v - y]
      data[n] =
        128 +
        40 * Math.sin(px / 6 + py / 9) +
        35 * Math.sin((px * px) / 900 - py / 7) +
        20 * Math.cos(py / 4)
    }
  }
  return { ...SIZE, data }
}

describe('motion at half of the size', () => {
  it('leads as near to the place as a search from there needs, at any size', () => {
    for (const [x, y] of [
      [6, 2],
      [-3.5, 1.25],
    ] as const) {
      const motion = coarseMotion(frameOf(drawn(0, 0)), frameOf(drawn(x, y)))
      const { width, height } = motion.forward
      expect([width, height]).toEqual([80, 48])
      expect(motion.backward.data).toHaveLength(width * height * 2)
      for (let v = 8; v < height - 8; v += 2) {
        for (let u = 8; u < width - 8; u += 2) {
          const n = v * width + u
          expect(Math.abs(2 * motion.forward.data[n * 2]! - x)).toBeLessThan(0.7)
          expect(Math.abs(2 * motion.forward.data[n * 2 + 1]! - y)).toBeLessThan(0.7)
          expect(motion.forwardTrust[n]).toBeGreaterThan(0.8)
        }
      }
    }
  })

  it('tells scenes apart', () => {
    const a = frameOf(drawn(0, 0))
    const other = drawn(0, 0).data.map((_, n) => 255 * Math.abs(Math.sin(n * 12.9898) % 1))
    expect(ofOneScene(coarseMotion(a, frameOf(drawn(2, 0))))).toBe(true)
    expect(ofOneScene(coarseMotion(a, frameOf({ ...SIZE, data: other })))).toBe(false)
  })
})
