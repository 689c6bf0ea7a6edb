import { describe, expect, it } from 'vitest'
import { editParams } from '../edit/schema.js'
import type { ColourMap, EditOperation, ToneZone } from '../edit/operations.js'
import { gradeColour } from './bake.js'
import { applyMap, matchColours, matchWithZones } from './colourMatch.js'
import { createColourPool } from './colourStats.js'
import type { ColourStats } from './colourStats.js'
import { fromOklab, gammaOf, toLinear, toOklab } from './oklab.js'
import type { Triple } from './oklab.js'
import { applyZones, zonesOf } from './toneZones.js'

/** A picture with every lightness from 0.15 to 0.9, each in the chroma that is given for it. */
function picture(chroma: (light: number) => readonly [number, number], spread = 0.01): ColourStats {
  const pool = createColourPool()
  const count = 3000
  const rgba = new Uint8Array(count * 4)
  for (let n = 0; n < count; n++) {
    const light = 0.15 + (0.75 * n) / count
    const [a, b] = chroma(light)
    const turn = n * 2.4
    const colour: Triple = [light, a + spread * Math.cos(turn), b + spread * Math.sin(turn)]
    fromOklab(colour)
    for (let c = 0; c < 3; c++) rgba[n * 4 + c] = Math.round(255 * gammaOf(colour[c]!))
    rgba[n * 4 + 3] = 255
  }
  pool.add(rgba, null)
  return pool.stats()
}

const grey = picture(() => [0, 0])
/** Teal in the shadows and in the highlights, warm in between: no straight line goes through it. */
const bent = picture((light) => (light > 0.4 && light < 0.65 ? [0.04, 0.05] : [-0.05, -0.02]))
/** Noise in the middle of a night: nearly all of it dark. */
const night = picture((light) => (light > 0.8 ? [0.06, 0.08] : [-0.01, -0.05]), 0.04)

function mapped(colour: Readonly<Triple>, map: ColourMap): Triple {
  const lab: Triple = [...colour]
  applyMap(lab, map)
  if (map.zones !== undefined) applyZones(lab, map.zones)
  return lab
}

function step(map: ColourMap, byLight: boolean, value = 1) {
  const match = { map, keepSkin: false, byLight }
  const none = { only: null, tones: null, except: [], to: null, subject: null }
  return { kind: 'match', value, match, ...none } as const
}

describe('zones of light', () => {
  it('give shadows, midtones and highlights each the colours that the picture has there', () => {
    const map = matchWithZones(grey, bent)
    expect(map.zones).toHaveLength(3)
    for (const light of [0.2, 0.52, 0.85]) {
      const [a, b] = light === 0.52 ? [0.04, 0.05] : [-0.05, -0.02]
      const apart = (one: Triple): number => Math.hypot(one[1] - a, one[2] - b)
      const before: Triple = [light, 0, 0]
      // One map for all light can't: it goes half way everywhere.
      expect(apart(mapped(before, matchColours(grey, bent, false)))).toBeGreaterThan(0.035)
      expect(apart(mapped(before, map))).toBeLessThan(0.025)
    }
  })

  it('leave lightness to the map, so that it rises as before', () => {
    const map = matchWithZones(grey, bent)
    const { zones, ...whole } = map
    for (const light of [0, 0.1, 0.35, 0.5, 0.75, 1]) {
      expect(mapped([light, 0.02, 0.03], map)[0]).toBe(mapped([light, 0.02, 0.03], whole)[0])
    }
    expect(zones).toBeDefined()
  })

  it('add nothing where the picture is the clip itself', () => {
    for (const zone of matchWithZones(bent, bent).zones ?? []) {
      zone.matrix.forEach((value, n) => expect(value).toBeCloseTo(n % 3 === 0 ? 1 : 0, 2))
      zone.offset.forEach((value) => expect(value).toBeCloseTo(0, 3))
    }
  })

  it('pull no colours further apart than one map may', () => {
    for (const [clip, look] of [
      [grey, night],
      [night, bent],
      [bent, night],
    ] as const) {
      const map = matchWithZones(clip, look)
      for (const zone of map.zones ?? []) {
        const [left, right] = [
          [1, 0],
          [0, 1],
        ].map(([a = 0, b = 0]) => {
          const [x, y] = [mapped([zone.lightness, a, b], map), mapped([zone.lightness, 0, 0], map)]
          return Math.hypot(x[1] - y[1], x[2] - y[2])
        })
        expect(Math.max(left!, right!)).toBeLessThanOrEqual(3 * Math.SQRT2)
      }
    }
  })

  it('let colour change over light no faster than would show as bands', () => {
    const cells = (chroma: number): Float64Array =>
      Float64Array.from([0.4, 0.5, 0.6].flatMap((L, n) => [100, L, n === 1 ? chroma : -chroma, 0]))
    const zones = zonesOf(cells(0), cells(0.2), { chroma: [1, 0, 0, 1], most: 3 })
    const greys = Array.from({ length: 101 }, (_, n) => {
      const lab: Triple = [n / 100, 0, 0]
      applyZones(lab, zones)
      return lab
    })
    const steepest = greys.slice(1).reduce((worst, [light, a, b], n) => {
      const [was, wasA, wasB] = greys[n]!
      return Math.max(worst, Math.hypot(a - wasA, b - wasB) / (light - was))
    }, 0)
    // Half as much again as from zone to zone on the whole, as it begins and ends softly.
    expect(steepest).toBeGreaterThan(1)
    expect(steepest).toBeLessThan(1.55)
  })

  it('are left out unless asked for, and blend with the strength', () => {
    const map = matchWithZones(grey, bent)
    const through = (byLight: boolean, value: number): Triple => {
      const colour: Triple = [0.2, 0.2, 0.2]
      gradeColour(colour, [step(map, byLight, value)])
      return colour
    }
    const { zones, ...whole } = map
    const colour: Triple = [0.2, 0.2, 0.2]
    gradeColour(colour, [step(whole, true)])
    expect(zones).toBeDefined()
    expect(through(false, 1)).toEqual(colour)
    expect(through(true, 1)).not.toEqual(colour)
    const lab = (one: Triple): Triple => {
      const linear = one.map(toLinear) as Triple
      toOklab(linear)
      return linear
    }
    const [half, full, none] = [
      lab(through(true, 0.5)),
      lab(through(true, 1)),
      lab([gammaOf(0.2), gammaOf(0.2), gammaOf(0.2)]),
    ]
    half.forEach((value, c) => expect(value).toBeCloseTo((full[c]! + none[c]!) / 2, 2))
  })

  it('are none where light and dark cannot be told apart', () => {
    const pool = createColourPool()
    const rgba = Uint8Array.from({ length: 4000 }, (_, n) =>
      n % 4 === 3 ? 255 : 118 + ((n * 7) % 9),
    )
    pool.add(rgba, null)
    expect(matchWithZones(grey, pool.stats()).zones).toBeUndefined()
  })

  const zone = (lightness: number): ToneZone => ({
    lightness,
    matrix: [1, 0, 0, 1],
    offset: [0, 0],
  })
  it.each<[string, readonly ToneZone[], boolean]>([
    ['two that rise', [zone(0.2), zone(0.7)], true],
    ['one', [zone(0.2)], false],
    ['two in one place', [zone(0.4), zone(0.4)], false],
    ['two that fall', [zone(0.7), zone(0.2)], false],
    ['one out of all light', [zone(0.2), zone(1.2)], false],
    ['one without a matrix', [zone(0.2), { ...zone(0.7), matrix: [1] }], false],
    ['more than any picture needs', Array.from({ length: 9 }, (_, n) => zone(n / 10)), false],
  ])('in a recipe: %s', (_, zones, accepted) => {
    const map = { ...matchColours(grey, bent, false), zones }
    const operation: EditOperation = {
      ...{
        kind: 'match',
        keys: [{ frame: 0, value: 1 }],
        map,
        keepSkin: false,
        reference: 'a.png',
      },
      byLight: true,
    }
    const params = { prompt: '', operations: [operation], feather: 0, seed: 0 }
    expect(editParams.safeParse(params).success).toBe(accepted)
  })
})
