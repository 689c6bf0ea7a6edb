import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BANDS, PAINTS } from '../edit/colours.js'
import { ADJUST_KINDS, LOOK_KINDS } from '../edit/operations.js'
import type { EditKind, EditOperation } from '../edit/operations.js'
import { gradeFrame } from './frame.js'
import type { GradeInput } from './frame.js'
import { bakeLut, gradeColour, openLut } from './bake.js'
import { LUT_SIZE, lookUp, pointsOf } from './lut.js'
import type { LutPoints } from './lut.js'
import { toLinear, toOklab } from './oklab.js'
import type { Triple } from './oklab.js'
import { planGrade } from './plan.js'
import type { GradePlan } from './plan.js'
import type { ColourStep } from './steps.js'

const step = (
  kind: ColourStep['kind'],
  value: number,
  more: Partial<ColourStep> = {},
): ColourStep => ({
  kind,
  value,
  only: null,
  to: null,
  match: null,
  tones: null,
  except: [],
  subject: null,
  ...more,
})
const graded = (colour: Readonly<Triple>, ...steps: ColourStep[]): Triple => {
  const out = colour.map(toLinear) as Triple
  gradeColour(out, steps)
  return out
}
const lab = (colour: Readonly<Triple>): Triple => {
  const out = colour.map(toLinear) as Triple
  toOklab(out)
  return out
}
const chroma = (colour: Readonly<Triple>): number => Math.hypot(lab(colour)[1], lab(colour)[2])
const unit = fc.double({ min: 0, max: 1, noNaN: true })
const anyColour = fc.tuple(unit, unit, unit)
const SAMPLES: Triple[] = [
  [0.1, 0.1, 0.12],
  [0.5, 0.4, 0.3],
  [0.8, 0.3, 0.2],
  [0.2, 0.5, 0.3],
  [0.3, 0.5, 0.9],
  [0.9, 0.85, 0.8],
]
const SLIDER = Array.from({ length: 21 }, (_, n) => n / 10 - 1).map((v) => (v === 0 ? 1e-9 : v))

describe('colour steps', () => {
  it('leave a colour where it is without steps', () => {
    fc.assert(
      fc.property(anyColour, (colour) => {
        graded(colour).forEach((value, c) => expect(value).toBeCloseTo(colour[c] as number, 4))
      }),
    )
  })

  const measures: Record<string, (colour: Triple) => number> = {
    exposure: (colour) => lab(colour)[0],
    highlights: (colour) => lab(colour)[0],
    shadows: (colour) => lab(colour)[0],
    saturation: chroma,
    vibrance: chroma,
    temperature: ([r, , b]) => r - b,
    tint: ([r, g, b]) => (r + b) / 2 - g,
  }
  it.each(Object.keys(measures))('%s rises with its slider, for every colour', (kind) => {
    let rise = 0
    for (const colour of SAMPLES) {
      const values = SLIDER.map((value) =>
        (measures[kind] as (c: Triple) => number)(graded(colour, step(kind as 'exposure', value))),
      )
      values
        .slice(1)
        .forEach((value, n) => expect(value).toBeGreaterThan((values[n] as number) - 1e-3))
      rise += (values.at(-1) as number) - (values[0] as number)
    }
    expect(rise).toBeGreaterThan(0.1)
  })

  it('keep the order of greys: nothing turns a lighter grey darker than a darker one', () => {
    const greys = Array.from({ length: 33 }, (_, n) => n / 32)
    for (const kind of [...ADJUST_KINDS, ...LOOK_KINDS]) {
      for (const value of [-1, -0.5, 0.5, 1]) {
        if (value < 0 && LOOK_KINDS.some((look) => look === kind)) continue
        const out = greys.map((grey) => lab(graded([grey, grey, grey], step(kind, value)))[0])
        out
          .slice(1)
          .forEach((one, n) => expect(one, kind).toBeGreaterThan((out[n] as number) - 1e-5))
      }
    }
  })

  it('keep neutrals neutral where the light itself does not change colour', () => {
    const kinds = [
      'exposure',
      'contrast',
      'highlights',
      'shadows',
      'saturation',
      'vibrance',
      'hue',
    ] as const
    for (const kind of [...kinds, 'monochrome', 'bleach-bypass'] as const) {
      for (const grey of [0, 0.02, 0.3, 0.7, 1]) {
        const out = graded([grey, grey, grey], step(kind, 0.8))
        expect(Math.max(...out) - Math.min(...out), `${kind} ${grey}`).toBeLessThan(0.5 / 255)
      }
    }
  })

  it('keep skin nearly as it is under vibrance, while a pale blue gains', () => {
    const gain = (colour: Triple): number =>
      chroma(graded(colour, step('vibrance', 1))) / chroma(colour)
    expect(gain([0.82, 0.62, 0.52])).toBeLessThan(1.2)
    expect(gain([0.55, 0.62, 0.7])).toBeGreaterThan(1.5)
  })

  it('leave other hues alone when confined to a band', () => {
    const toBlue = step('recolour', 1, { only: BANDS.red, to: PAINTS.blue })
    const out = graded([0.8, 0.15, 0.15], toBlue)
    expect(out[2]).toBeGreaterThan(out[0] + 0.2)
    for (const colour of [
      [0.2, 0.6, 0.25],
      [0.2, 0.3, 0.8],
      [0.5, 0.5, 0.5],
    ] as Triple[]) {
      graded(colour, toBlue).forEach((value, c) =>
        expect(value).toBeCloseTo(colour[c] as number, 4),
      )
    }
  })

  const TONES = ['shadows', 'midtones', 'highlights'] as const
  const CONFINED = ['temperature', 'tint', 'saturation', 'vibrance', 'hue', 'contrast'] as const

  it('colour one range of tones, more with the slider, and leave the others alone', () => {
    const greys = { shadows: 0.16, midtones: 0.42, highlights: 0.85 }
    for (const tones of TONES) {
      for (const to of [PAINTS.blue, PAINTS.cyan, PAINTS.orange, PAINTS.gold]) {
        const values = SLIDER.filter((value) => value > 0)
        const along = (grey: number, value: number): number => {
          const [, a, b] = lab(graded([grey, grey, grey], step('tone', value, { tones, to })))
          const turn = (to.hue * Math.PI) / 180
          return a * Math.cos(turn) + b * Math.sin(turn)
        }
        const rise = values.map((value) => along(greys[tones], value))
        rise.slice(1).forEach((one, n) => expect(one).toBeGreaterThan((rise[n] as number) - 1e-4))
        expect(rise.at(-1)).toBeGreaterThan(0.03)
      }
    }
    const blue = step('tone', 1, { tones: 'shadows', to: PAINTS.blue })
    expect(chroma(graded([0.75, 0.75, 0.75], blue))).toBeLessThan(1e-3)
    expect(Math.max(...graded([0, 0, 0], blue))).toBe(0)
  })

  it('warm white without turning it yellow', () => {
    const warm = step('temperature', 0.5, { tones: 'highlights' })
    const [red, green, blue] = graded([1, 1, 1], warm)
    expect(red - blue).toBeGreaterThan(0.05)
    expect(red - green).toBeGreaterThan((red - blue) / 4)
    const cool = graded([0.9, 0.9, 0.9], step('temperature', -0.5, { tones: 'highlights' }))
    expect(cool[2] - cool[0]).toBeGreaterThan(0.05)
  })

  it('keep the order of greys in one range of tones', () => {
    const greys = Array.from({ length: 65 }, (_, n) => n / 64)
    for (const tones of TONES) {
      for (const kind of ['tone', 'monochrome', 'sepia', ...CONFINED] as const) {
        for (const value of [-1, -0.5, 0.5, 1]) {
          if (value < 0 && !CONFINED.some((one) => one === kind)) continue
          const one = step(kind, value, { tones, to: PAINTS.orange })
          const out = greys.map((grey) => lab(graded([grey, grey, grey], one))[0])
          out
            .slice(1)
            .forEach((L, n) =>
              expect(L, `${kind} ${tones} ${value}`).toBeGreaterThan((out[n] as number) - 1e-5),
            )
        }
      }
    }
  })

  it('spare the excepted colours, and change greys and all others', () => {
    const grey = step('monochrome', 1, { except: [BANDS.red as never, BANDS.yellow as never] })
    for (const kept of [
      [0.8, 0.15, 0.15],
      [0.45, 0.08, 0.1],
      [0.85, 0.75, 0.15],
    ] as Triple[]) {
      graded(kept, grey).forEach((value, c) => expect(value).toBeCloseTo(kept[c] as number, 3))
    }
    for (const other of [
      [0.2, 0.6, 0.25],
      [0.2, 0.3, 0.8],
    ] as Triple[]) {
      expect(chroma(graded(other, grey))).toBeLessThan(1e-3)
    }
    const darker = step('exposure', -0.5, { except: [BANDS.red as never] })
    expect(graded([0.5, 0.5, 0.5], darker)[0]).toBeLessThan(0.4)
  })

  it('compress what leaves the gamut instead of clipping it', () => {
    const strong = step('saturation', 1)
    // All of these end outside of sRGB; clipped, they would all be the same.
    const out = [0.72, 0.78, 0.84].map((red) => graded([red, 0.2, 0.25], strong))
    for (const colour of out) expect(Math.max(...colour)).toBeLessThan(1)
    const spread = out.map(([, g]) => g)
    expect(new Set(spread.map((value) => Math.round(value * 1000))).size).toBe(3)
    fc.assert(
      fc.property(
        anyColour,
        fc.constantFrom(...ADJUST_KINDS, ...LOOK_KINDS),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (colour, kind, value) => {
          for (const one of graded(colour, step(kind, value))) {
            expect(one).toBeGreaterThanOrEqual(0)
            expect(one).toBeLessThanOrEqual(1)
          }
        },
      ),
    )
  })
})

describe('the table', () => {
  it('is within 2.5 levels of the exact colours, and half a level where nothing is done', () => {
    const error = (...steps: ColourStep[]): number => {
      const lut = bakeLut(steps)
      let worst = 0
      for (const [r, g, b] of fc.sample(anyColour, { numRuns: 400, seed: 1 })) {
        const out = Float32Array.of(r, g, b)
        lookUp(lut, out)
        graded([r, g, b], ...steps).forEach((exact, c) => {
          worst = Math.max(worst, Math.abs(exact - (out[c] as number)) * 255)
        })
      }
      return worst
    }
    expect(LUT_SIZE).toBe(33)
    expect(error()).toBeLessThan(0.01)
    expect(error(step('exposure', 0.5))).toBeLessThan(2.5)
    expect(error(step('temperature', 0.5), step('contrast', 0.5))).toBeLessThan(2.5)
  })
})

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

  it('is no more than it reads: the corners of a cell for one colour', () => {
    const table = openLut([step('temperature', 0.5)])
    table.fill(pointsOf(Uint8Array.of(100, 150, 200), 3))
    const there = Array.from({ length: LUT_SIZE ** 3 }, (_, n) => table.lut[n * 3] as number)
    expect(there.filter((red) => red > 0)).toHaveLength(8)
    table.fill(null)
    expect(table.lut).toEqual(bakeLut([step('temperature', 0.5)]))
  })
})
