import { describe, expect, it } from 'vitest'
import { toLassos } from './contours.js'
import { rasteriseShapes } from './rasterise.js'

const SMALL = { width: 60, height: 40 }
const LARGE = { width: 120, height: 80 }

describe('toLassos', () => {
  it('draws the same mask again, with its hole and its second body', () => {
    const data = new Uint8Array(60 * 40)
    for (let y = 0; y < 40; y++) {
      for (let x = 0; x < 60; x++) {
        const ring = Math.hypot(x - 20, y - 20)
        if ((ring < 14 && ring > 6) || Math.hypot(x - 46, y - 12) < 7) data[y * 60 + x] = 255
      }
    }
    const lassos = toLassos(data, SMALL, LARGE)
    expect(lassos.map(({ erase }) => erase)).toEqual([false, false, true])
    const again = rasteriseShapes(lassos, LARGE, SMALL)
    let wrong = 0
    for (let i = 0; i < data.length; i++) if (again[i]! >= 128 !== data[i]! >= 128) wrong++
    expect(wrong).toBeLessThan(12)
  })

  it('closes along the border of the picture and leaves specks out', () => {
    const data = new Uint8Array(60 * 40)
    for (let y = 0; y < 12; y++) data.fill(255, y * 60, y * 60 + 15)
    data[30 * 60 + 40] = 255
    const lassos = toLassos(data, SMALL, SMALL)
    expect(lassos).toHaveLength(1)
    expect(rasteriseShapes(lassos, SMALL, SMALL)[0]).toBeGreaterThan(127)
  })

  it('finds nothing in nothing', () => {
    expect(toLassos(new Uint8Array(60 * 40), SMALL, SMALL)).toEqual([])
  })
})
