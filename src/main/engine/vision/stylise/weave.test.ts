import { describe, expect, it } from 'vitest'
import type { Picture } from '../image.js'
import { putTogether } from './layers.js'
import { layersOf } from './weave.js'

const [WIDTH, HEIGHT] = [120, 80]

/** Light of one level, painted with this on 120. */
function swing(of: (x: number, y: number) => number): number {
  const grey: Picture = { width: WIDTH, height: HEIGHT, data: new Uint8Array(WIDTH * HEIGHT * 3) }
  grey.data.fill(120)
  const painted = { ...grey, data: grey.data.slice() }
  for (let y = 0, n = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++, n += 3) painted.data.fill(120 + of(x, y), n, n + 3)
  }
  const { data } = putTogether(layersOf(grey, painted, 0))
  let [least, most] = [255, 0]
  for (let y = 30; y < 50; y++) {
    for (let x = 40; x < 80; x++) {
      least = Math.min(least, data[(y * WIDTH + x) * 3 + 1]!)
      most = Math.max(most, data[(y * WIDTH + x) * 3 + 1]!)
    }
  }
  return most - least
}

describe('the weave of a network', () => {
  it.each([
    ['columns', (x: number) => (x % 2 === 0 ? 20 : -20)],
    ['rows', (_: number, y: number) => (y % 2 === 0 ? 20 : -20)],
    ['squares', (x: number, y: number) => ((x + y) % 2 === 0 ? 20 : -20)],
  ])('is not painted: %s of one pixel', (_, weave) => {
    expect(swing(weave)).toBeLessThanOrEqual(2)
  })

  it('is no stroke: six pixels of paint and six without stay as strong', () => {
    const across = swing((x) => (x % 12 < 6 ? 20 : -20))
    const down = swing((_, y) => (y % 12 < 6 ? 20 : -20))
    expect(across).toBeGreaterThanOrEqual(38)
    expect(down).toBeGreaterThanOrEqual(38)
  })

  it('leaves plain paint plain', () => {
    expect(swing(() => 30)).toBeLessThanOrEqual(1)
  })
})
