import { describe, expect, it } from 'vitest'
import { createRandom } from '../random.js'
import type { Canvas } from './canvas.js'
import { completeRegion } from './completeRegion.js'
import type { Offset } from './dominantOffsets.js'
import { expectColours } from './expectation.js'
import { plausibilityOf } from './plausibility.js'
import { reachEverywhere } from './reach.js'

type Colour = readonly [number, number, number]

const DARK: Colour = [40, 40, 50]
const LIGHT: Colour = [190, 185, 170]

const SIZE = { width: 72, height: 60 }
const HOLE = { left: 22, top: 8, right: 50, bottom: 52 }

/** A picture with a hole in its middle. */
function canvasOf(colour: (x: number, y: number) => Colour): Canvas {
  const data = new Float32Array(SIZE.width * SIZE.height * 3)
  const target = new Uint8Array(SIZE.width * SIZE.height)
  for (let i = 0; i < target.length; i++) {
    const x = i % SIZE.width
    const y = Math.floor(i / SIZE.width)
    const inside = x >= HOLE.left && x < HOLE.right && y >= HOLE.top && y < HOLE.bottom
    if (inside) target[i] = 1
    else data.set(colour(x, y), i * 3)
  }
  return { ...SIZE, data, target, blocked: new Uint8Array(target.length) }
}

const at = (x: number, y: number): number => y * SIZE.width + x

describe('expectColours', () => {
  it('expects a colour where the border near by shows it, and the less the farther it is', () => {
    const canvas = canvasOf((_x, y) => (y < 20 ? DARK : LIGHT))
    const expected = expectColours(canvas)!
    const dark = at(3, 3)
    const light = at(3, 57)
    expect(expected.unlikely(at(36, 9), dark)).toBeLessThan(0.3)
    expect(expected.unlikely(at(36, 50), light)).toBeLessThan(0.3)
    expect(expected.unlikely(at(36, 50), dark)).toBeGreaterThan(1.5)
    expect(expected.unlikely(at(36, 9), light)).toBeGreaterThan(1.5)
  })

  it('lets a level edge run level through a region, where a plain walk would bend it', () => {
    const expected = expectColours(canvasOf((_x, y) => (y < 20 ? DARK : LIGHT)))!
    const turns = [24, 36, 48].map((x) => {
      for (let y = HOLE.top; y < HOLE.bottom; y++) {
        if (expected.unlikely(at(x, y), at(3, 57)) < expected.unlikely(at(x, y), at(3, 3))) return y
      }
      return HOLE.bottom
    })
    for (const y of turns) expect(Math.abs(y - 20)).toBeLessThanOrEqual(3)
  })

  it('expects a texture, and not the one or the other of its colours', () => {
    const checks = canvasOf((x, y) => ((x + y) % 2 === 0 ? [150, 150, 150] : [70, 70, 70]))
    const expected = expectColours(checks)!
    expect(expected.unlikely(at(36, 30), at(10, 3))).toBeLessThan(0.1)
    expect(expected.unlikely(at(36, 30), at(11, 3))).toBeLessThan(0.1)
  })

  it('says so where nothing around is known', () => {
    const canvas = canvasOf(() => LIGHT)
    expect(expectColours({ ...canvas, blocked: canvas.blocked.slice().fill(1) })).toBe(null)
  })
})

describe('reachEverywhere', () => {
  it('gives every pixel shifts to choose from that lead to something known', () => {
    const canvas = canvasOf(() => LIGHT)
    const short: Offset[] = [
      { x: 5, y: 0 },
      { x: -5, y: 0 },
    ]
    const all = reachEverywhere(canvas, short, createRandom(1))
    let fewest = Number.POSITIVE_INFINITY
    for (let i = 0; i < canvas.target.length; i++) {
      if (canvas.target[i] === 0) continue
      const [x, y] = [i % SIZE.width, Math.floor(i / SIZE.width)]
      const reached = all.filter((offset) => {
        const [px, py] = [x + offset.x, y + offset.y]
        if (px < 0 || py < 0 || px >= SIZE.width || py >= SIZE.height) return false
        return canvas.target[at(px, py)] === 0
      })
      fewest = Math.min(fewest, reached.length)
    }
    expect(fewest).toBeGreaterThanOrEqual(8)
    expect(all.slice(0, 2)).toEqual(short)
    expect(all.length).toBeLessThanOrEqual(42)
  })

  it('adds nothing where there are enough', () => {
    const canvas = canvasOf(() => LIGHT)
    const many = Array.from({ length: 20 }, (_, k): Offset => ({ x: 30 + (k % 2), y: 0 }))
    const both = [...many, ...many.map(({ x }): Offset => ({ x: -x, y: 0 }))]
    expect(reachEverywhere(canvas, both, createRandom(1))).toEqual(both)
  })
})

describe('what is invented', () => {
  it('keeps the dark dark in a hole that is larger than what is left around it', async () => {
    const size = { width: 160, height: 128 }
    const target = new Uint8Array(size.width * size.height)
    const data = new Float32Array(target.length * 3)
    const random = createRandom(5)
    for (let i = 0; i < target.length; i++) {
      const x = i % size.width
      const y = Math.floor(i / size.width)
      if (x >= 40 && x < 112 && y >= 4 && y < 116) target[i] = 1
      else {
        const colour = y < 44 ? DARK : LIGHT
        for (let c = 0; c < 3; c++) data[i * 3 + c] = colour[c]! + 6 * (random() - 0.5)
      }
    }
    const nothing = new Uint8Array(target.length)
    const { signal } = new AbortController()
    const plausibility = await completeRegion(data, target, nothing, size, createRandom(1), signal)
    for (let y = 8; y < 30; y++) {
      for (let x = 60; x < 92; x++) expect(data[(y * size.width + x) * 3]).toBeLessThan(60)
    }
    expect(plausibility).toBeGreaterThan(0.6)
  })
})

describe('plausibilityOf', () => {
  it('falls with the seams that stand out', () => {
    const canvas = canvasOf((x) => (x < 11 ? DARK : LIGHT))
    const nodes: number[] = []
    for (let i = 0; i < canvas.target.length; i++) if (canvas.target[i] === 1) nodes.push(i)
    const offsets = [
      { x: -46, y: 0 },
      { x: 28, y: 0 },
      { x: -12, y: 0 },
      { x: -28, y: 0 },
    ]
    const map = (
      choose: (x: number, y: number) => number,
    ): Parameters<typeof plausibilityOf>[1] => ({
      nodes: Int32Array.from(nodes),
      chosen: Int32Array.from(nodes, (i) => choose(i % SIZE.width, Math.floor(i / SIZE.width))),
      offsets,
    })
    const whole = plausibilityOf(
      canvas,
      map((x) => (x < 36 ? 2 : 1)),
    )
    const pieces = plausibilityOf(
      canvas,
      map((x, y) => (x < 36 ? (y % 12 < 6 ? 3 : 2) : 1)),
    )
    expect(whole).toBeGreaterThan(pieces)
    expect(pieces).toBeLessThan(0.3)
  })
})
