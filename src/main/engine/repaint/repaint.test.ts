import { describe, expect, it } from 'vitest'
import type { Box } from '../vision/image.js'
import { enlarge, matchColours } from './blendIn.js'
import { betweenRects, canvasFor, cropPath } from './cropPath.js'
import { maskOnCanvas, partOfCrop, resample } from './resample.js'
import { joinRamp, placeIn, timeGrid } from './timeGrid.js'

const FRAME = { width: 640, height: 360 }
const NETWORK = { width: 32, height: 32 }

/** A smooth pattern in source pixels, the same however it is sampled. */
const level = (x: number, y: number, c: number): number =>
  128 + 60 * Math.sin(x / 40 + c) + 40 * Math.cos(y / 30)

function picture(width: number, height: number, of = level): Uint8Array {
  return Uint8Array.from({ length: width * height * 3 }, (_, n) => {
    const pixel = Math.floor(n / 3)
    return Math.round(of((pixel % width) + 0.5, Math.floor(pixel / width) + 0.5, n % 3))
  })
}

describe('the crop', () => {
  const box = (x: number, y: number, width = 40, height = 60): Box => ({ x, y, width, height })

  it('is square, of one size, inside the frame, and holds what is painted', () => {
    const boxes = Array.from({ length: 60 }, (_, n) =>
      n % 7 === 3 ? null : box(n * 10, 150 + 40 * Math.sin(n / 3), 40 + (n % 5), 60),
    )
    const crops = cropPath(boxes, FRAME, NETWORK, 25)!
    expect(crops).toHaveLength(60)
    crops.forEach((crop, n) => {
      expect(crop.width).toBeCloseTo(96)
      expect(crop.height).toBeCloseTo(96)
      expect(crop.x).toBeGreaterThanOrEqual(0)
      expect(crop.x + crop.width).toBeLessThanOrEqual(FRAME.width)
      const painted = boxes[n]
      if (!painted) return
      expect(crop.x).toBeLessThanOrEqual(painted.x + 1e-9)
      expect(crop.x + crop.width).toBeGreaterThanOrEqual(painted.x + painted.width - 1e-9)
      expect(crop.y).toBeLessThanOrEqual(painted.y + 1e-9)
      expect(crop.y + crop.height).toBeGreaterThanOrEqual(painted.y + painted.height - 1e-9)
    })
  })

  it('follows a shaking mask calmly', () => {
    const boxes = Array.from({ length: 50 }, (_, n) => box(300 + (n % 2) * 12, 150))
    const crops = cropPath(boxes, FRAME, NETWORK, 25)!
    const steps = crops.slice(1).map(({ x }, n) => Math.abs(x - crops[n]!.x))
    expect(Math.max(...steps)).toBeLessThan(2)
  })

  it('is as long as the mask where the frame has no room for a square', () => {
    const [crop] = cropPath([box(10, 0, 600, 360)], FRAME, NETWORK, 25)!
    expect(crop).toMatchObject({ x: 0, y: 0, width: 640, height: 360 })
    expect(canvasFor(crop!, NETWORK)).toEqual({ width: 57, height: 32 })
    expect(cropPath([null, null], FRAME, NETWORK, 25)).toBeNull()
  })
})

describe('the grid of frames', () => {
  const shot = { from: 0, to: 300 }

  it('gives frames on both sides of a range, and covers it', () => {
    const range = { from: 100, to: 160 }
    const grid = timeGrid(range, shot, 1.5, 80)
    expect(grid.times).toHaveLength(80)
    expect(grid.shown).toEqual(grid.times)
    expect(grid.times[grid.first]).toBe(100)
    expect(grid.times[grid.first - 1]).toBeLessThan(100)
    expect(grid.times[grid.last]).toBeGreaterThanOrEqual(159)
    expect(grid.times.at(-1)).toBeGreaterThanOrEqual(160)
    // About as many before as after.
    expect(Math.abs(grid.first - (79 - grid.last))).toBeLessThan(3)
  })

  it('grows beyond a pass for a long range, still with both sides given', () => {
    const grid = timeGrid({ from: 20, to: 280 }, shot, 1, 80)
    expect(grid.times.length).toBeGreaterThan(260)
    expect(grid.first).toBeGreaterThanOrEqual(8)
    expect(grid.times.length - 1 - grid.last).toBeGreaterThanOrEqual(8)
  })

  it.each([
    [{ from: 0, to: 10 }, shot],
    [{ from: 290, to: 300 }, shot],
    [
      { from: 4, to: 5 },
      { from: 4, to: 5 },
    ],
    [
      { from: 0, to: 30 },
      { from: 0, to: 30 },
    ],
  ])('turns back where the shot %j of %j ends, and stays inside it', (range, inside) => {
    const grid = timeGrid(range, inside, 1.5, 80)
    expect(grid.times.length).toBeGreaterThanOrEqual(80)
    for (const frame of grid.shown) {
      expect(frame).toBeGreaterThanOrEqual(inside.from)
      expect(frame).toBeLessThan(inside.to)
    }
    expect(grid.times[grid.first]).toBe(range.from)
    const steps = grid.shown.slice(1).map((frame, n) => Math.abs(frame - grid.shown[n]!))
    expect(Math.max(...steps)).toBeLessThanOrEqual(2)
  })

  it('finds each frame between two of the network', () => {
    const grid = timeGrid({ from: 100, to: 160 }, shot, 2.5, 40)
    for (let frame = 100; frame < 160; frame++) {
      const { at, share } = placeIn(grid, frame)
      const [before, after] = [grid.times[at]!, grid.times[at + 1] ?? grid.times[at]!]
      expect(before + share * (after - before)).toBeCloseTo(frame)
    }
  })

  it('fades in only where the range joins on', () => {
    const both = joinRamp(30, 24, { start: true, end: true })
    expect(both[0]).toBeGreaterThan(0)
    expect(both[0]).toBeLessThan(0.2)
    expect(both[29]).toBe(both[0])
    expect(both[15]).toBe(1)
    expect([...joinRamp(5, 24, { start: false, end: false })]).toEqual([1, 1, 1, 1, 1])
  })
})

describe('resampling', () => {
  it('shrinks and enlarges about the same points', () => {
    const source = { ...FRAME, data: picture(640, 360) }
    const crop = { x: 100.25, y: 60.5, width: 200, height: 200 }
    const small = resample(source, crop, NETWORK)
    const box = { x: 140, y: 100, width: 80, height: 60 }
    const back = resample(small, partOfCrop(box, crop, NETWORK), { width: 80, height: 60 })
    let worst = 0
    for (let y = 0; y < 60; y++) {
      for (let x = 0; x < 80; x++) {
        for (let c = 0; c < 3; c++) {
          const wanted = level(140 + x + 0.5, 100 + y + 0.5, c)
          worst = Math.max(worst, Math.abs(back.data[(y * 80 + x) * 3 + c]! - wanted))
        }
      }
    }
    expect(worst).toBeLessThan(2)
  })

  it('marks every cell that holds a masked pixel', () => {
    const mask = new Uint8Array(640 * 360)
    mask[200 * 640 + 300] = 1
    const crop = { x: 290, y: 190, width: 20, height: 20 }
    const cells = maskOnCanvas(mask, FRAME, crop, NETWORK)
    const marked = [...cells.keys()].filter((n) => cells[n] === 1)
    // A pixel is 1.6 cells wide there: 16 to 17.6.
    expect(marked).toEqual([16 * 32 + 16, 16 * 32 + 17, 17 * 32 + 16, 17 * 32 + 17])
    const shrunk = maskOnCanvas(mask, FRAME, { x: 0, y: 0, ...FRAME }, { width: 57, height: 32 })
    expect(shrunk.reduce((sum, one) => sum + one, 0)).toBe(1)
  })

  it('goes from one rectangle to the next', () => {
    const [a, b] = [0, 10].map((x) => ({ x, y: 2 * x, width: 5, height: 5 }))
    expect(betweenRects(a!, b!, 0.3)).toEqual({ x: 3, y: 6, width: 5, height: 5 })
  })
})

describe('blending in', () => {
  const size = { width: 48, height: 48 }
  const hole = new Uint8Array(48 * 48)
  for (let y = 16; y < 32; y++) hole.fill(1, y * 48 + 16, y * 48 + 32)
  const known = { ...size, data: picture(48, 48) }

  it('takes out how far the network’s colours are off, and keeps what is known', () => {
    const data = Float32Array.from(known.data, (value, n) => value + [14, -9, 5][n % 3]!)
    const out = matchColours(known, { ...size, data }, hole)
    let worst = 0
    out.data.forEach((value, n) => {
      if (hole[Math.floor(n / 3)] === 0) expect(value).toBe(known.data[n])
      worst = Math.max(worst, Math.abs(value - known.data[n]!))
    })
    // The offset is smooth: half of the way is the least that deserves the name.
    expect(worst).toBeLessThan(5)
  })

  it('leaves alone what is no matter of colour', () => {
    const noise = Float32Array.from(known.data, (value, n) => value + ((n * 7919) % 201) - 100)
    const out = matchColours(known, { ...size, data: noise }, hole)
    let difference = 0
    let count = 0
    out.data.forEach((value, n) => {
      if (hole[Math.floor(n / 3)] === 0) return
      difference += Math.abs(value - Math.min(255, Math.max(0, noise[n]!)))
      count++
    })
    expect(difference / count).toBeLessThan(3)
  })

  it('is the source, detail and all, where the network changed nothing', () => {
    const detail = (x: number, y: number, c: number): number =>
      level(x, y, c) + (Math.floor(x) % 2 === 0 ? 12 : -12)
    const source = { width: 96, height: 96, data: picture(96, 96, detail) }
    const whole = { x: 0, y: 0, width: 96, height: 96 }
    const small = resample(source, whole, NETWORK)
    const part = partOfCrop(whole, whole, NETWORK)
    const common = { crisp: null, part, size: source, source: source.data, small }
    const same = enlarge({ ...common, made: small })
    expect(Math.max(...same.map((value, n) => Math.abs(value - source.data[n]!)))).toBeLessThan(1)
    const other = { ...NETWORK, data: small.data.map((value) => 255 - value) }
    const changed = enlarge({ ...common, made: other })
    const plain = enlarge({ ...common, made: other, small: null })
    const mean =
      changed.reduce((sum, value, n) => sum + Math.abs(value - plain[n]!), 0) / changed.length
    expect(mean).toBeLessThan(1.5)
    // What a network adds is seen where something changed, and nowhere else.
    const crisp = { width: 128, height: 128, data: new Float32Array(128 * 128 * 3).fill(250) }
    const still = enlarge({ ...common, crisp, made: small })
    expect(Math.max(...still.map((value, n) => Math.abs(value - source.data[n]!)))).toBeLessThan(1)
    const sharper = enlarge({ ...common, crisp, made: other, small: null })
    expect(Math.min(...sharper)).toBeGreaterThan(249)
  })
})
