import { describe, expect, it } from 'vitest'
import { animateStill } from './animateStill.js'
import type { Picture } from './image.js'
import { followField, motionShare, scaleField, turnsOf, uniformField } from './stillMotion.js'

const SIZE = { width: 60, height: 40 }

/** Soft diagonal waves: every place is different, none is sharp. */
function waves({ width, height }: typeof SIZE): Picture {
  const data = new Uint8Array(width * height * 3)
  for (let n = 0; n < width * height; n++) {
    const x = n % width
    const y = Math.floor(n / width)
    data[n * 3] = 128 + 100 * Math.sin(x / 5)
    data[n * 3 + 1] = 128 + 100 * Math.sin(y / 4)
    data[n * 3 + 2] = 128 + 100 * Math.sin((x + y) / 6)
  }
  return { width, height, data }
}

/** A rectangle in the middle. */
function middle({ width, height }: typeof SIZE): Uint8Array {
  const region = new Uint8Array(width * height)
  for (let y = 8; y < 32; y++) region.fill(255, y * width + 12, y * width + 48)
  return region
}

const OPTIONS = { strength: 1, cycle: 12, least: 0.01 }

describe('motion of a still', () => {
  it('travels the wanted part of the width in a cycle, in the wanted direction', () => {
    const share = new Float32Array(SIZE.width * SIZE.height).fill(1)
    const field = scaleField(uniformField(SIZE, 90), share, OPTIONS)!
    const [, , , , , , , , , , , , end] = followField(field, 12, 1)
    expect(end!.x.data[1000]).toBeCloseTo(0, 5)
    expect(end!.y.data[1000]).toBeCloseTo(-0.12 * 60, 4)
    const half = scaleField(uniformField(SIZE, 0), share, { ...OPTIONS, strength: 0.5 })!
    expect(half.x[0]! * 12).toBeCloseTo(0.06 * 60, 4)
    expect(scaleField(uniformField(SIZE, 0), share, { ...OPTIONS, least: 2 })).toBeNull()
  })

  it('fades out towards the edge of a region and never leaves it', () => {
    const region = middle(SIZE)
    const share = motionShare(region, SIZE)
    const field = scaleField(uniformField(SIZE, 0), share, OPTIONS)!
    for (let n = 0; n < region.length; n++) if (region[n] === 0) expect(field.x[n]).toBe(0)
    const [end] = followField(field, 12, 1).slice(-1)
    for (let n = 0; n < region.length; n++) {
      if (region[n] === 0) continue
      expect((n % SIZE.width) + end!.x.data[n]!).toBeLessThan(48.5)
    }
  })

  it('turns often enough that nothing along the edge is squeezed into a fold, and is as fast', () => {
    const wide = { width: 192, height: 120 }
    const region = new Uint8Array(wide.width * wide.height)
    for (let n = 0; n < region.length; n++) {
      const x = ((n % wide.width) - 80) / 45
      const y = (Math.floor(n / wide.width) - 55) / 15
      if (x * x + y * y < 1) region[n] = 255
    }
    const share = motionShare(region, wide)
    const inTurns = (turns: number) =>
      scaleField(uniformField(wide, 0), share, { ...OPTIONS, strength: 0.6, cycle: 120, turns })!
    /** How many places of the still half-way through a turn come from two others side by side, at most. */
    const squeezed = (turns: number): number => {
      const { x } = followField(inTurns(turns), 60, -1)[60]!
      let most = 0
      for (let n = 0; n < region.length; n++) {
        if (region[n] === 0) continue
        const along = 1 + x.data[n + 1]! - x.data[n]!
        most = Math.max(most, along, Math.abs(x.data[n + wide.width]! - x.data[n]!))
      }
      return most
    }
    const turns = turnsOf(region, wide, 0.6, 9)
    expect(turns).toBe(3)
    expect(squeezed(1)).toBeGreaterThan(3)
    expect(squeezed(turns)).toBeLessThan(2)
    expect(inTurns(turns).x[55 * wide.width + 80]! * turns).toBeCloseTo(
      inTurns(1).x[55 * wide.width + 80]!,
      5,
    )
    expect(turnsOf(region, wide, 0.6, 2)).toBe(2)
    expect(turnsOf(region, wide, 0.6, 0)).toBe(1)
    expect(turnsOf(new Uint8Array(region.length).fill(255), wide, 1, 9)).toBe(1)
  })

  it('goes through its turns within the cycle, and closes it', () => {
    const still = waves(SIZE)
    const region = middle(SIZE)
    const field = scaleField(uniformField(SIZE, 0), motionShare(region, SIZE), OPTIONS)!
    const frameAt = animateStill(still, region, field, 12, 3)
    for (const frame of [0, 4, 8, 12]) expect(frameAt(frame).data).toEqual(still.data)
    expect(frameAt(5).data).toEqual(animateStill(still, region, field, 12)(3).data)
  })

  it('moves the region, keeps every other pixel, and closes the cycle', () => {
    const still = waves(SIZE)
    const region = middle(SIZE)
    const field = scaleField(uniformField(SIZE, 0), motionShare(region, SIZE), OPTIONS)!
    const frameAt = animateStill(still, region, field, 12)
    expect(frameAt(0).data).toEqual(still.data)
    expect(frameAt(12).data).toEqual(still.data)
    const jumps: number[] = []
    let touched = 0
    let before = still
    for (let frame = 1; frame <= 12; frame++) {
      const { data } = frameAt(frame)
      let sum = 0
      for (let n = 0; n < data.length; n++) {
        if (region[Math.floor(n / 3)] === 0 && data[n] !== still.data[n]) touched++
        sum += Math.abs(data[n]! - before.data[n]!)
      }
      jumps.push(sum)
      before = { ...SIZE, data }
    }
    expect(touched).toBe(0)
    // The last step, back to the first frame, is no larger than the others.
    expect(jumps.at(-1)).toBeLessThanOrEqual(Math.max(...jumps.slice(0, -1)) * 1.05)
    expect(Math.min(...jumps)).toBeGreaterThan(0)
  })

  it('keeps the contrast of fine texture in the middle of the cycle', () => {
    const noise = waves(SIZE)
    let state = 1
    for (let n = 0; n < noise.data.length; n++) {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0
      noise.data[n] = 78 + ((state >>> 16) % 100)
    }
    const whole = new Uint8Array(SIZE.width * SIZE.height).fill(255)
    const field = scaleField(uniformField(SIZE, 0), motionShare(whole, SIZE), OPTIONS)!
    const spread = ({ data }: Picture): number => {
      const mean = data.reduce((sum, value) => sum + value, 0) / data.length
      return Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length)
    }
    const middleOfCycle = spread(animateStill(noise, whole, field, 12)(6))
    // A plain fade keeps less than 71 %, and reading between pixels costs some more.
    expect(middleOfCycle / spread(noise)).toBeGreaterThan(0.76)
    expect(middleOfCycle / spread(noise)).toBeLessThan(1.1)
  })

  it('shows at a point what was upstream of it', () => {
    const still = waves(SIZE)
    const share = new Float32Array(SIZE.width * SIZE.height).fill(1)
    const field = scaleField(uniformField(SIZE, 0), share, { ...OPTIONS, cycle: 200 })!
    // The fade of one frame in 200 is invisible: what is left is the shift alone.
    const whole = { ...field, x: field.x.map(() => 2), y: field.y }
    const { data } = animateStill(still, new Uint8Array(share.length).fill(255), whole, 200)(1)
    const pixel = 20 * SIZE.width + 30
    expect(Math.abs(data[pixel * 3]! - still.data[(pixel - 2) * 3]!)).toBeLessThanOrEqual(2)
  })
})
