import { describe, expect, it } from 'vitest'
import { cutEdges, uncut } from './cutEdges.js'
import { fillShot } from './fillShot.js'
import { listHole } from './hole.js'
import { type ShotInput, RING } from './analyse.js'
import { loadOpenCv } from './opencv.js'
import { createRandom } from './random.js'

const size = { width: 120, height: 80 }
const HOLE = { left: 50, right: 74, top: 26, bottom: 52 }

const mask = new Uint8Array(size.width * size.height)
for (let y = HOLE.top; y < HOLE.bottom; y++) {
  mask.fill(1, y * size.width + HOLE.left, y * size.width + HOLE.right)
}

/** A road with a car on it, whose edges are as soft as a lens draws them; none beyond the picture. */
function road(carAt: number, grain = 3): Uint8Array {
  const random = createRandom(5)
  const data = new Uint8Array(size.width * size.height * 3)
  for (let i = 0; i < size.width * size.height; i++) {
    const x = i % size.width
    const y = Math.floor(i / size.width)
    const inside = Math.min(x - carAt, carAt + 20 - x, y - 30, 48 - y)
    const car = Math.min(1, Math.max(0, inside / 2 + 0.5))
    const kerb = 25 * Math.sin(x / 7 + Math.sin(y / 11)) * Math.abs(y / 40 - 1)
    const value = (1 - car) * (130 + kerb + grain * (random() - 0.5)) + car * 30
    data.fill(Math.round(value), i * 3, i * 3 + 3)
  }
  return data
}

/** What is around the hole of one picture, and what is in it of another. */
function filled(around: Uint8Array, inside: Uint8Array): Uint8Array {
  return around.map((value, i) => (mask[Math.floor(i / 3)] === 1 ? inside[i]! : value))
}

function cut(data: Uint8Array): number {
  const hole = listHole(mask, size, RING)!
  return cutEdges({ ...size, data }, hole, hole.inside)
}

describe('edges that are cut off', () => {
  const empty = road(-100)

  it('are those of a thing that ends where the fill begins', () => {
    const whole = road(HOLE.left - 10)
    expect(cut(filled(whole, empty))).toBeGreaterThan(8)
    // The same thing where it goes on inside: its own edges are none.
    expect(cut(whole)).toBe(0)
    expect(uncut(cut(filled(whole, empty)))).toBeLessThan(0.2)
  })

  it('are not those of a thing that only stands beside it', () => {
    for (const gap of [0, 1, 2, 5]) {
      const beside = road(HOLE.left - 21 - gap)
      expect(cut(filled(beside, empty))).toBeLessThan(1)
    }
  })

  it('are not made by grain or by texture of another place', () => {
    for (const grain of [0, 12, 60]) {
      const other = road(-100, grain).reverse()
      expect(cut(filled(road(-100, grain), other))).toBeLessThan(3.5)
    }
  })

  it('are seen in colour too, and not where the picture ends', () => {
    const green = empty.map((value, i) => value + (i % 3 === 1 ? 60 : 0))
    expect(cut(filled(empty, green))).toBeGreaterThan(8)
    const all = new Uint8Array(mask.length).fill(1)
    const hole = listHole(all, size, RING)!
    expect(cutEdges({ ...size, data: empty }, hole, hole.inside)).toBe(0)
  })
})

describe('a fill that other frames take over', () => {
  it('is worth less in the frames in which something passes behind it', async () => {
    const opencv = await loadOpenCv()
    const at = (t: number): number => -110 + 10 * t
    async function* shot(): AsyncGenerator<ShotInput> {
      await Promise.resolve()
      for (let t = 0; t < 24; t++) yield { picture: { ...size, data: road(at(t)) }, mask }
    }
    const passing: number[] = []
    const alone: number[] = []
    const options = { plan: { lookback: 8, core: 24, lookahead: 8 }, seed: 1 }
    const signal = new AbortController().signal
    for await (const { frame, confidence, seen } of fillShot(opencv, shot(), {
      ...options,
      signal,
    })) {
      expect(seen).toBeLessThan(0.1)
      const left = at(frame.index)
      const crosses =
        (left < HOLE.left - 2 && left + 20 > HOLE.left + 2) ||
        (left < HOLE.right - 2 && left + 20 > HOLE.right + 2)
      if (crosses) passing.push(confidence)
      else if (left + 20 < HOLE.left - 2 || left > HOLE.right + 2) alone.push(confidence)
    }
    expect(passing.length).toBeGreaterThan(2)
    expect(Math.max(...passing)).toBeLessThan(0.5 * Math.min(...alone))
    expect(Math.min(...alone)).toBeGreaterThan(0.4)
  })
})
