import { describe, expect, it } from 'vitest'
import { PAINTS } from '../edit/colours.js'
import type { EditKind, EditOperation } from '../edit/operations.js'
import { gradeFrame } from './frame.js'
import type { GradeInput } from './input.js'
import { pointsOf } from './lut.js'
import type { LutPoints } from './lut.js'
import { planGrade } from './plan.js'
import type { GradePlan } from './plan.js'

const held = (kind: Exclude<EditKind, 'tone'>, value: number): EditOperation => ({
  kind,
  keys: [{ frame: 0, value }],
  only: null,
  to: PAINTS.red,
})

/** A picture of all sorts of colours. */
function picture(width: number, height: number): Uint8Array {
  return Uint8Array.from({ length: width * height * 3 }, (_, n) => {
    const pixel = Math.floor(n / 3)
    const [x, y] = [pixel % width, Math.floor(pixel / width)]
    return [x * 3, y * 3, (x + y) * 2][n % 3] as number
  })
}
const SIZE = { width: 80, height: 80 }
const input = (changes: Partial<GradeInput> = {}): GradeInput => ({
  ...{ data: picture(80, 80), channels: 3, ...SIZE, frame: 0, seed: 1, scale: 1, mask: null },
  ...changes,
})
const apply = (operation: EditOperation, changes: Partial<GradeInput> = {}): Uint8Array => {
  const out = new Uint8Array(SIZE.width * SIZE.height * 4)
  const grade = planGrade([operation])(changes.frame ?? 0)
  if (grade !== null) gradeFrame(input(changes), grade, out)
  return out
}
const pixel = (out: Uint8Array, x: number, y: number): number[] => [
  ...out.subarray((y * SIZE.width + x) * 4, (y * SIZE.width + x) * 4 + 4),
]

describe('gradeFrame', () => {
  it('does nothing at all where every slider is at 0', () => {
    expect(planGrade([held('exposure', 0), held('grain', 0)])(5)).toBeNull()
  })

  const fade = (value: number, lightness: number): EditOperation => ({
    kind: 'fade-out',
    keys: [
      { frame: 0, value: 0 },
      { frame: 4, value },
    ],
    to: { hue: 0, chroma: 0, lightness },
  })

  it.each([
    ['black', 0, 0],
    ['white', 1, 255],
  ])('fades to exact %s, over grain too, and evenly to the eye', (_, lightness, level) => {
    const at = (frame: number, ...more: EditOperation[]): Uint8Array | null => {
      const grade = planGrade([...more, fade(1, lightness)])(frame)
      if (grade === null) return null
      const out = new Uint8Array(SIZE.width * SIZE.height * 4)
      gradeFrame(input({ frame }), grade, out)
      return out
    }
    expect(at(0)).toBeNull()
    for (const out of [at(4), at(4, held('grain', 1))]) {
      expect(new Set(out?.filter((__, n) => n % 4 < 3))).toEqual(new Set([level]))
    }
    const source = picture(80, 80)
    const half = at(2) as Uint8Array
    source.forEach((value, n) => {
      const got = half[Math.floor(n / 3) * 4 + (n % 3)] as number
      expect(Math.abs(got - (value + level) / 2)).toBeLessThanOrEqual(1)
    })
  })

  it('keeps both of two operations of a kind at different times', () => {
    const grain = (from: number): EditOperation => ({
      kind: 'grain',
      keys: [
        { frame: from, value: 0.5 },
        { frame: from + 1, value: 0 },
      ],
    })
    const first: EditOperation = {
      kind: 'grain',
      keys: [
        { frame: 7, value: 0 },
        { frame: 8, value: 1 },
      ],
    }
    expect(planGrade([first, grain(0)])(9)?.spatial.grain).toBe(1)
  })

  it('gives the same picture from three and from four channels', () => {
    const rgb = picture(80, 80)
    const rgba = Uint8Array.from({ length: 80 * 80 * 4 }, (_, n) =>
      n % 4 === 3 ? 255 : (rgb[Math.floor(n / 4) * 3 + (n % 4)] as number),
    )
    expect(apply(held('contrast', 0.5), { data: rgba, channels: 4 })).toEqual(
      apply(held('contrast', 0.5)),
    )
  })

  it('keeps the mask as alpha and leaves the rest to the source', () => {
    const mask = new Uint8Array(80 * 80)
    mask[40 * 80 + 40] = 128
    const out = apply(held('exposure', 0.5), { mask })
    expect(pixel(out, 40, 40)[3]).toBe(128)
    expect(pixel(out, 41, 40)).toEqual([0, 0, 0, 0])
  })

  it('stores nothing of what a vignette does not reach', () => {
    const side = 320
    const flat = new Uint8Array(side * side * 3).fill(200)
    const out = new Uint8Array(side * side * 4)
    const grade = planGrade([held('vignette', 1)])(0)
    if (grade === null) throw new Error('nothing to do')
    gradeFrame(input({ data: flat, width: side, height: side }), grade, out)
    const middle = (160 * side + 160) * 4
    expect([...out.subarray(middle, middle + 4)]).toEqual([0, 0, 0, 0])
    const [corner = 0, , , alpha] = out
    expect(alpha).toBe(255)
    expect(corner).toBeLessThan(120)
  })

  it('grows darker from frame to frame between two key frames', () => {
    const gradual: EditOperation = {
      kind: 'exposure',
      keys: [
        { frame: 0, value: 0 },
        { frame: 10, value: -1 },
      ],
      only: null,
    }
    const plan = planGrade([gradual])
    expect(plan(0)).toBeNull()
    const greys = [1, 4, 7, 10].map((frame) => {
      const out = new Uint8Array(80 * 80 * 4)
      const grade = plan(frame)
      if (grade === null) throw new Error('nothing to do')
      gradeFrame(input({ data: new Uint8Array(80 * 80 * 3).fill(180), frame }), grade, out)
      return out[0] as number
    })
    expect(greys).toEqual([...greys].sort((a, b) => b - a))
    expect(new Set(greys).size).toBe(4)
  })

  it('draws grain that is new in every frame, the same again from the same seed, and fair', () => {
    const data = new Uint8Array(80 * 80 * 3).fill(128)
    const one = apply(held('grain', 0.5), { data, frame: 3 })
    expect(apply(held('grain', 0.5), { data, frame: 3 })).toEqual(one)
    expect(apply(held('grain', 0.5), { data, frame: 4 })).not.toEqual(one)
    const values = Array.from({ length: 80 * 80 }, (_, n) => one[n * 4] as number)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const deviation = Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / values.length)
    expect(Math.abs(mean - 128)).toBeLessThan(2)
    expect(deviation).toBeGreaterThan(4)
    expect(deviation).toBeLessThan(15)
  })

  it('spreads light with bloom and lifts blacks with fog', () => {
    const data = new Uint8Array(80 * 80 * 3)
    for (let y = 36; y < 44; y++) data.fill(255, (y * 80 + 36) * 3, (y * 80 + 44) * 3)
    expect(pixel(apply(held('bloom', 1), { data }), 46, 40)[0]).toBeGreaterThan(10)
    expect(pixel(apply(held('fog', 0.5), { data }), 5, 5)[0]).toBeGreaterThan(60)
  })
})

describe('a table for one picture', () => {
  const draw = (plan: GradePlan, data: Uint8Array, points: LutPoints | null): Uint8Array => {
    const out = new Uint8Array(SIZE.width * SIZE.height * 4)
    const grade = plan(3, points)
    if (grade === null) throw new Error('nothing to do')
    gradeFrame(input({ data }), grade, out)
    return out
  }
  /** Key frames on both sides: two tables, blended. */
  const rising: EditOperation = {
    kind: 'temperature',
    keys: [
      { frame: 0, value: 0.1 },
      { frame: 9, value: 0.8 },
    ],
    only: null,
  }
  const first = picture(80, 80)
  const second = first.map((value, n) => 255 - ((value * (1 + (n % 3))) & 255))

  it.each([
    ['colours alone', []],
    ['what depends on the place, too', [held('bloom', 0.5), held('vignette', 0.5)]],
  ])('gives it to the bit, %s', (_, more) => {
    const whole = planGrade([rising, held('contrast', 0.5), ...more])
    const apart = planGrade([rising, held('contrast', 0.5), ...more])
    for (const data of [first, second]) {
      expect(draw(apart, data, pointsOf(data, 3))).toEqual(draw(whole, data, null))
    }
  })
})
