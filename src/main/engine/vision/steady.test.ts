import { describe, expect, it } from 'vitest'
import { createShotTracker } from './analyse.js'
import { regrain } from './grain.js'
import { listHole } from './hole.js'
import { IDENTITY, mapX } from './homography.js'
import type { Picture } from './image.js'
import { loadOpenCv } from './opencv.js'
import { createRandom } from './random.js'
import { steadyHole } from './steady.js'
import { hold } from './view.js'

const size = { width: 96, height: 80 }
const mask = new Uint8Array(size.width * size.height)
for (let y = 30; y < 54; y++) mask.fill(1, y * size.width + 32, y * size.width + 60)
const hole = listHole(mask, size, 6)!

function plain(grain: number, seed: number): Picture {
  const random = createRandom(seed)
  const data = new Uint8Array(size.width * size.height * 3)
  for (let i = 0; i < data.length; i++) data[i] = 120 + Math.round(grain * (random() - 0.5))
  return { ...size, data }
}

function spreadOf(colours: Float32Array): number {
  const values = colours.filter((_value, i) => hole.inside[Math.floor(i / 3)] === 1)
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length
  return Math.sqrt(values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / values.length)
}

describe('hold', () => {
  const shifted = (dx: number): number[] => [1, 0, dx, 0, 1, 0, 0, 0, 1]

  it('draws a map to the one before, unless that says something else', () => {
    expect(mapX(hold(shifted(1), IDENTITY, hole), 40, 40) - 40).toBeLessThan(0.5)
    expect(mapX(hold(shifted(9), IDENTITY, hole), 40, 40) - 40).toBeGreaterThan(8.9)
  })
})

describe('steadyHole', () => {
  it('calms a flicker and leaves what is new alone', async () => {
    const tracker = createShotTracker(await loadOpenCv())
    const before = tracker.add(plain(0, 1), mask)
    const frame = tracker.add(plain(0, 1), mask)
    const after = (level: number): number => {
      const colours = new Float32Array(hole.pixels.length * 3).fill(level)
      steadyHole(frame, hole, colours, before, before.picture, IDENTITY)
      return colours[Math.floor(colours.length / 2)]!
    }
    expect(after(126)).toBeLessThan(123)
    expect(after(200)).toBeGreaterThan(199)
    // Where the surroundings boil, two fills that agree have nothing to do with each other.
    const boiling = { ...frame, picture: plain(120, 5) }
    const colours = new Float32Array(hole.pixels.length * 3).fill(126)
    steadyHole(boiling, hole, colours, before, before.picture, IDENTITY)
    expect(colours[Math.floor(colours.length / 2)]).toBeGreaterThan(125)
  })
})

describe('regrain', () => {
  const smooth = (): Float32Array => new Float32Array(hole.pixels.length * 3).fill(120)

  it('gives a smooth hole the grain around it, the same every time', () => {
    const picture = plain(14, 2)
    const wanted = 14 / Math.sqrt(12)
    const colours = smooth()
    regrain(picture, hole, colours, createRandom(7))
    expect(spreadOf(colours) / wanted).toBeGreaterThan(0.8)
    expect(spreadOf(colours) / wanted).toBeLessThan(1.2)
    const again = smooth()
    regrain(picture, hole, again, createRandom(7))
    expect(again).toEqual(colours)
  })

  it('adds none to a clean picture, nor to a hole that has its own', () => {
    const clean = smooth()
    regrain(plain(0, 3), hole, clean, createRandom(7))
    expect(spreadOf(clean)).toBe(0)
    const picture = plain(14, 4)
    const colours = smooth()
    hole.pixels.forEach((pixel, n) => {
      for (let c = 0; c < 3; c++) colours[n * 3 + c] = picture.data[pixel * 3 + c]!
    })
    const own = spreadOf(colours)
    regrain(picture, hole, colours, createRandom(7))
    expect(spreadOf(colours) / own).toBeLessThan(1.15)
  })

  it('takes no fine texture for grain', () => {
    // Noise averaged over 3 x 3 pixels twice: as strong as a grain of 5 levels, but not white.
    let texture = Float32Array.from(plain(120, 6).data)
    const row = size.width * 3
    for (let turn = 0; turn < 2; turn++) {
      texture = texture.map((value, i) => {
        let sum = 0
        for (const dy of [-row, 0, row])
          for (const dx of [-3, 0, 3]) sum += texture[i + dy + dx] ?? value
        return sum / 9
      })
    }
    const colours = smooth()
    regrain({ ...size, data: Uint8Array.from(texture) }, hole, colours, createRandom(7))
    expect(spreadOf(colours)).toBeLessThan(1)
  })
})
