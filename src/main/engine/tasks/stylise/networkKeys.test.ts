import { describe, expect, it } from 'vitest'
import { takeApart } from '../../vision/stylise/layers.js'
import { stillWay } from '../../vision/stylise/carry/way.js'
import { networkPainter } from './networkKeys.js'

const SIZE = { width: 48, height: 32 }
const grey = { ...SIZE, data: new Uint8Array(SIZE.width * SIZE.height * 3).fill(128) }

/** Paints the same grey with other strokes every time. */
function restless() {
  let turn = 0
  return {
    work: SIZE,
    paint() {
      turn++
      const data = grey.data.map((value, n) => {
        const pixel = Math.floor(n / 3)
        const [x, y] = [pixel % SIZE.width, Math.floor(pixel / SIZE.width)]
        return value + (((x >> 1) + (y >> 1) + turn) % 2 === 0 ? 20 : -20)
      })
      return Promise.resolve(takeApart(grey, { ...SIZE, data }, 0))
    },
  }
}

const apart = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, n) => sum + Math.abs(value - b[n]!), 0) / a.length

describe('key frames painted by the network', () => {
  it('hold on to the strokes of the one before, where there is a way to it', async () => {
    const painter = networkPainter(restless(), 0.85)
    const way = stillWay(SIZE)
    const first = await painter.paint!(grey, null)
    const held = await painter.paint!(grey, way)
    const after = await painter.paint!(grey, null)
    // With nothing held, light and dark change places.
    expect(apart(first, after)).toBeLessThan(1)
    expect(apart(first, held)).toBeLessThan(10)
    painter.forget()
    expect(apart(first, await painter.paint!(grey, way))).toBeGreaterThan(30)
  })

  it('take nothing over where the way is lost', async () => {
    const painter = networkPainter(restless(), 0.85)
    const first = await painter.paint!(grey, null)
    const lost = { ...stillWay(SIZE), belief: new Float32Array(SIZE.width * SIZE.height) }
    expect(apart(first, await painter.paint!(grey, lost))).toBeGreaterThan(30)
  })
})
