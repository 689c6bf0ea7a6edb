import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PAINTS } from '../edit/colours.js'
import type { ColourName } from '../edit/colours.js'
import { parsePrompt } from '../edit/parse.js'
import { toEditOperation } from '../edit/resolve.js'
import { gradeColour } from './bake.js'
import { toLinear, toOklab } from './oklab.js'
import type { Triple } from './oklab.js'
import { createSubjectPool, reachOver } from './subject.js'
import type { SubjectColour } from './subject.js'

type Bytes = readonly [red: number, green: number, blue: number]

const MUG: Bytes = [30, 110, 200]
const SILVER: Bytes = [150, 151, 156]
const BLACK: Bytes = [30, 30, 34]

function labOf(bytes: Bytes): Triple {
  const lab = bytes.map((value) => toLinear(value / 255)) as Triple
  toOklab(lab)
  return lab
}

function subjectOf(bytes: Bytes): SubjectColour {
  const [lightness, a, b] = labOf(bytes)
  return { lightness, a, b }
}

/** Paints one colour as part of a subject; sRGB 0..255. */
function painted(colour: Bytes, subject: Bytes, to: ColourName): Triple {
  const out = colour.map((value) => toLinear(value / 255)) as Triple
  gradeColour(out, [
    ...[
      { kind: 'recolour', value: 1, only: null, match: null, tones: null, except: [] } as const,
    ].map((step) => ({
      ...step,
      to: PAINTS[to],
      subject: subjectOf(subject),
    })),
  ])
  return out.map((value) => value * 255) as Triple
}

const mixed = (a: Bytes, b: Bytes, share: number): Bytes =>
  a.map((value, c) => value + ((b[c] ?? 0) - value) * share) as unknown as Bytes

describe('the colour of a subject', () => {
  const pool = (...parts: readonly (readonly [Bytes, number])[]) => {
    const made = createSubjectPool(null)
    const pixels = parts.flatMap(([colour, count]) => Array.from({ length: count }, () => colour))
    made.add(Uint8Array.from(pixels.flat()), 3, null, 1)
    return made.colour()
  }

  it('is what most of it shows, whatever else the mask takes in', () => {
    // Its shade, its gloss, a hand: a mean would lie far from all of them.
    const found = pool(
      [MUG, 500],
      [[24, 88, 160], 200],
      [[240, 245, 250], 300],
      [[214, 160, 130], 350],
    )
    if (found === null) throw new Error('nothing found')
    const mug = subjectOf(MUG)
    expect(Math.hypot(found.a - mug.a, found.b - mug.b)).toBeLessThan(0.02)
    expect(Math.abs(found.lightness - mug.lightness)).toBeLessThan(0.06)
  })

  it('is unknown where hardly anything is covered', () => {
    expect(pool([MUG, 10])).toBeNull()
  })

  it('is that of the named colour, where one is named', () => {
    const made = createSubjectPool({ hue: 25, width: 42 })
    const pixels = [
      ...Array.from({ length: 900 }, () => MUG),
      ...Array.from({ length: 60 }, () => [190, 30, 40] as const),
    ]
    made.add(Uint8Array.from(pixels.flat()), 3, null, 1)
    expect(made.colour()?.a).toBeGreaterThan(0.15)
  })
})

describe('a subject in another paint', () => {
  it.each([
    [MUG, 'black'],
    [MUG, 'white'],
    [MUG, 'red'],
    [SILVER, 'black'],
    [SILVER, 'blue'],
    [BLACK, 'white'],
    [BLACK, 'gold'],
  ] as const)('%j comes out as %s, in lightness and hue', (subject, to) => {
    const out = labOf(painted(subject, subject, to))
    expect(out[0]).toBeCloseTo(PAINTS[to].lightness, 1)
    const hue = (PAINTS[to].hue * Math.PI) / 180
    expect(out[1]).toBeCloseTo(PAINTS[to].chroma * Math.cos(hue), 1)
    expect(out[2]).toBeCloseTo(PAINTS[to].chroma * Math.sin(hue), 1)
  })

  it('keeps light and shade in their order', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(MUG, SILVER, BLACK),
        fc.constantFrom<ColourName>('black', 'white', 'red', 'gold', 'grey'),
        fc.double({ min: 0.2, max: 0.95, noNaN: true }),
        (subject, to, light) => {
          const shade = (by: number): Triple =>
            painted(subject.map((value) => value * by) as unknown as Bytes, subject, to)
          expect(labOf(shade(light))[0]).toBeLessThanOrEqual(labOf(shade(light + 0.05))[0] + 1e-3)
        },
      ),
    )
  })

  it('keeps texture: what differs by 10 % still differs', () => {
    for (const [subject, to] of [
      [MUG, 'black'],
      [MUG, 'white'],
      [SILVER, 'black'],
    ] as const) {
      const dark = painted(subject.map((value) => value * 0.9) as unknown as Bytes, subject, to)
      const there = painted(subject, subject, to)
      expect(Math.max(...there.map((value, c) => value - (dark[c] ?? 0))), to).toBeGreaterThan(5)
    }
  })

  it('leaves white, skin and wood that a loose mask takes in', () => {
    for (const other of [
      [255, 255, 255],
      [236, 232, 226],
      [214, 160, 130],
      [150, 105, 40],
    ] as const) {
      painted(other, MUG, 'red').forEach((value, c) =>
        expect(Math.abs(value - (other[c] ?? 0)), String(other)).toBeLessThan(3),
      )
    }
  })

  it('turns a soft edge before white into an edge of the new colour, with none of the old', () => {
    const white: Bytes = [245, 245, 245]
    for (const share of [0.25, 0.5, 0.75]) {
      const [, , b] = labOf(painted(mixed(MUG, white, share), MUG, 'black'))
      expect(b, String(share)).toBeGreaterThan(-0.02)
      const [red, , blue] = painted(mixed(MUG, white, share), MUG, 'red')
      expect(red, String(share)).toBeGreaterThan(blue)
    }
  })

  it('reaches over the edge of a mask only where its colour tells it from what lies beside it', () => {
    const operation = toEditOperation(parsePrompt('make the cup red').operations[0] ?? never(), {
      ...{ from: 0, to: 10, fps: { num: 25, den: 1 } },
    })
    if (operation === null) throw new Error('no operation')
    const size = { width: 1000, height: 500 }
    expect(reachOver([operation], [subjectOf(MUG)], size)).toBeCloseTo(7)
    expect(reachOver([operation], [subjectOf(SILVER)], size)).toBe(0)
    expect(reachOver([operation], [null], size)).toBe(0)
    const warmer = { kind: 'temperature', keys: [{ frame: 0, value: 1 }], only: null } as const
    expect(reachOver([operation, warmer], [subjectOf(MUG), null], size)).toBe(0)
  })
})

function never(): never {
  throw new Error('nothing understood')
}
