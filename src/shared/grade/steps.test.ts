import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BANDS, NEUTRALS, PAINTS } from '../edit/colours.js'
import { ADJUST_KINDS, LOOK_KINDS } from '../edit/operations.js'
import { bakeLut, gradeColour, openLut } from './bake.js'
import { LUT_SIZE, lookUp, pointsOf } from './lut.js'
import { toLinear, toOklab } from './oklab.js'
import type { Triple } from './oklab.js'
import type { ColourStep } from './steps.js'
import { neutralShare } from './tones.js'

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

  it('is no more than it reads: the corners of a cell for one colour', () => {
    const table = openLut([step('temperature', 0.5)])
    table.fill(pointsOf(Uint8Array.of(100, 150, 200), 3))
    const there = Array.from({ length: LUT_SIZE ** 3 }, (_, n) => table.lut[n * 3] as number)
    expect(there.filter((red) => red > 0)).toHaveLength(8)
    table.fill(null)
    expect(table.lut).toEqual(bakeLut([step('temperature', 0.5)]))
  })
})

describe('white, black and grey', () => {
  it('can be excepted: white stays, what is grey or has a hue does not', () => {
    const darker = step('exposure', -0.5, { neutrals: ['white'] })
    const white: Triple = [0.97, 0.97, 0.97]
    expect(lab(graded(white, darker))[0]).toBeCloseTo(lab(white)[0], 2)
    for (const colour of [
      [0.5, 0.5, 0.5],
      [0.98, 0.9, 0.55],
      [0.05, 0.05, 0.05],
    ] as Triple[]) {
      expect(lab(graded(colour, darker))[0]).toBeLessThan(lab(colour)[0] * 0.95)
    }
  })

  it('make up all that has no hue', () => {
    for (let L = 0; L <= 1; L += 0.01) {
      const parts = NEUTRALS.map((name) => neutralShare([L, 0, 0], name))
      expect(parts.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 6)
      expect(Math.min(...parts)).toBeGreaterThanOrEqual(0)
    }
    for (const name of NEUTRALS) expect(neutralShare([0.6, 0.1, 0.05], name)).toBe(0)
  })
})
