import { describe, expect, it } from 'vitest'
import { editParams } from '../edit/schema.js'
import type { ColourMap, EditOperation } from '../edit/operations.js'
import { applyMap, matchColours } from './colourMatch.js'
import { createColourPool } from './colourStats.js'
import type { ColourStats } from './colourStats.js'
import { gradeFrame } from './frame.js'
import { fromOklab, toLinear, toOklab } from './oklab.js'
import type { Triple } from './oklab.js'
import { planGrade } from './plan.js'

const SIDE = 48

/** A picture of colours spread around one, repeatable. */
function picture(centre: Triple, spread: Triple, seed: number): Uint8Array {
  let state = seed
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32 - 0.5
  }
  return Uint8Array.from({ length: SIDE * SIDE * 4 }, (_, n) =>
    n % 4 === 3 ? 255 : Math.round(centre[n % 4]! + spread[n % 4]! * (random() + random())),
  )
}
const dusk = picture([90, 110, 150], [60, 40, 70], 1)
const desert = picture([180, 130, 80], [50, 60, 30], 2)

function statsOf(rgba: Uint8Array, mask: Uint8Array | null = null): ColourStats {
  const pool = createColourPool()
  pool.add(rgba, mask)
  return pool.stats()
}

function graded(rgba: Uint8Array, map: ColourMap, value = 1, keepSkin = false): Uint8Array | null {
  const operation: EditOperation = {
    ...{ kind: 'match', keys: [{ frame: 0, value }], map, keepSkin, reference: 'desert.png' },
  }
  editParams.parse({ prompt: '', operations: [operation], feather: 0, seed: 0 })
  const grade = planGrade([operation])(0)
  if (grade === null) return null
  const out = new Uint8Array(rgba.length)
  gradeFrame(
    {
      ...{ data: rgba, channels: 4, width: SIDE, height: SIDE },
      ...{ frame: 0, seed: 0, scale: 1, mask: null },
    },
    grade,
    out,
  )
  // Where nothing changes, nothing is stored.
  return out.map((byte, n) => (out[n - (n % 4) + 3] === 0 ? (rgba[n] as number) : byte))
}

const mapped = (stats: ColourStats, map: ColourMap): { mean: Triple; covariance: number[] } => {
  const mean = [...stats.mean] as Triple
  applyMap(mean, map)
  const m = map.matrix
  const covariance = [0, 1, 2].flatMap((i) =>
    [0, 1, 2].map((j) => {
      let sum = 0
      for (let k = 0; k < 3; k++)
        for (let l = 0; l < 3; l++)
          sum += m[i * 3 + k]! * stats.covariance[k * 3 + l]! * m[j * 3 + l]!
      return sum
    }),
  )
  return { mean, covariance }
}

describe('matchColours', () => {
  it('gives the mean and the covariance of the reference', () => {
    const [from, to] = [statsOf(dusk), statsOf(desert)]
    const { mean, covariance } = mapped(from, matchColours(from, to, false))
    mean.forEach((value, c) => expect(value).toBeCloseTo(to.mean[c]!, 6))
    // The noise that is added to both leaves a thousandth of the variance.
    covariance.forEach((value, n) => expect(value).toBeCloseTo(to.covariance[n]!, 4))
  })

  it('also in the picture that comes out of the table', () => {
    const to = statsOf(desert)
    const out = statsOf(graded(dusk, matchColours(statsOf(dusk), to, false))!)
    out.mean.forEach((value, c) => expect(value).toBeCloseTo(to.mean[c]!, 2))
    for (const n of [0, 4, 8]) {
      expect(Math.sqrt(out.covariance[n]!) / Math.sqrt(to.covariance[n]!)).toBeGreaterThan(0.9)
      expect(Math.sqrt(out.covariance[n]!) / Math.sqrt(to.covariance[n]!)).toBeLessThan(1.1)
    }
  })

  it('of a picture to itself is within a level of the picture', () => {
    const stats = statsOf(dusk)
    const out = graded(dusk, matchColours(stats, stats, false))
    out?.forEach((byte, n) => expect(Math.abs(byte - dusk[n]!)).toBeLessThanOrEqual(1))
    expect(out).not.toBeNull()
  })

  it('does nothing at all at strength 0, and half of it at one half', () => {
    const map = matchColours(statsOf(dusk), statsOf(desert), false)
    expect(graded(dusk, map, 0)).toBeNull()
    const middle = statsOf(graded(dusk, map, 0.5)!).mean
    const wanted = statsOf(dusk).mean.map((value, c) => (value + statsOf(desert).mean[c]!) / 2)
    middle.forEach((value, c) => expect(value).toBeCloseTo(wanted[c]!, 2))
  })

  it('leaves chroma as it is where only lightness is matched', () => {
    const map = matchColours(statsOf(dusk), statsOf(desert), true)
    const colour: Triple = [0.5, 0.03, -0.05]
    applyMap(colour, map)
    expect(colour[0]).not.toBeCloseTo(0.5, 2)
    expect(colour.slice(1)).toEqual([0.03, -0.05])
  })

  it('moves the hue and chroma of skin a fifth as far when skin is kept', () => {
    const map = matchColours(statsOf(desert), statsOf(dusk), false)
    const skin = picture([209, 158, 133], [0, 0, 0], 3)
    const [L, a, b] = statsOf(skin).mean
    const moved = (keepSkin: boolean): Readonly<Triple> =>
      statsOf(graded(skin, map, 1, keepSkin)!).mean
    const distance = ([, toA, toB]: Readonly<Triple>): number => Math.hypot(toA - a, toB - b)
    expect(distance(moved(true)) / distance(moved(false))).toBeLessThan(0.3)
    expect(moved(true)[0] - L).toBeCloseTo(moved(false)[0] - L, 2)
  })

  it('neither clips highlights nor moves white and black where the map is the identity', () => {
    const brighter: ColourMap = { matrix: [1.6, 0, 0, 0, 1, 0, 0, 0, 1], offset: [-0.2, 0, 0] }
    const lightness = (L: number, map: ColourMap): number => {
      const colour: Triple = [L, 0, 0]
      applyMap(colour, map)
      return colour[0]
    }
    const steps = [0.02, 0.06, 0.1, 0.5, 0.8, 0.85, 0.9, 0.95].map((L) => lightness(L, brighter))
    steps.slice(1).forEach((value, n) => expect(value).toBeGreaterThan(steps[n]!))
    expect(steps[0]).toBeGreaterThan(0)
    expect(steps.at(-1)).toBeLessThan(1)
    const same: ColourMap = { matrix: [1, 0, 0, 0, 1, 0, 0, 0, 1], offset: [0, 0, 0] }
    for (const L of [0, 0.03, 0.97, 1]) expect(lightness(L, same)).toBe(L)
  })

  it('refuses references of one colour, of one pixel and without visible pixels', () => {
    const source = statsOf(dusk)
    const refused = (rgba: Uint8Array): string => {
      try {
        matchColours(source, statsOf(rgba), false)
      } catch (error) {
        return (error as { code: string }).code
      }
      return 'accepted'
    }
    expect(refused(picture([200, 40, 90], [0, 0, 0], 1))).toBe('reference-invalid')
    expect(refused(Uint8Array.of(10, 20, 30, 255))).toBe('reference-invalid')
    expect(refused(desert.map((byte, n) => (n % 4 === 3 ? 0 : byte)))).toBe('reference-invalid')
    expect(refused(desert)).toBe('accepted')
  })

  it('stays within bounds for a clip of one colour and for greys', () => {
    const flat = statsOf(picture([128, 128, 128], [0, 0, 0], 1))
    const grey = statsOf(dusk.map((_, n) => (n % 4 === 3 ? 255 : dusk[n - (n % 4)]!)))
    for (const source of [flat, grey]) {
      for (const luminanceOnly of [false, true]) {
        const { matrix, offset } = matchColours(source, statsOf(desert), luminanceOnly)
        for (const value of [...matrix, ...offset]) expect(Math.abs(value)).toBeLessThan(4)
      }
    }
  })

  it('measures under the mask only, and says so when the mask is empty', () => {
    const both = new Uint8Array(dusk.length * 2)
    both.set(dusk)
    both.set(desert, dusk.length)
    const mask = new Uint8Array(SIDE * SIDE * 2).fill(255, SIDE * SIDE)
    expect(statsOf(both, mask)).toEqual(statsOf(desert))
    const nothing = statsOf(dusk, new Uint8Array(SIDE * SIDE))
    expect(() => matchColours(nothing, statsOf(desert), false)).toThrow(/mask is empty/)
  })
})

describe('createColourPool', () => {
  it('measures in OKLab', () => {
    const { mean, weight } = statsOf(picture([200, 100, 50], [0, 0, 0], 1))
    const colour = [200, 100, 50].map((byte) => toLinear(byte / 255)) as Triple
    toOklab(colour)
    expect(weight).toBeCloseTo(SIDE * SIDE, 6)
    mean.forEach((value, c) => expect(value).toBeCloseTo(colour[c]!, 9))
    fromOklab(colour)
    expect(colour[0]).toBeCloseTo(toLinear(200 / 255), 4)
  })
})
