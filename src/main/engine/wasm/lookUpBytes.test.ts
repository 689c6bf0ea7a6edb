import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bakeLut } from '../../../shared/grade/bake.js'
import { openBytes } from '../../../shared/grade/lutBytes.js'
import { assemble } from './assemble.js'
import { openVectors } from './lookUpBytes.js'

const step = { only: null, to: null, match: null, tones: null, except: [], subject: null } as const
const LUTS = [
  bakeLut([]),
  bakeLut([
    { kind: 'temperature', value: 0.7, ...step },
    { kind: 'contrast', value: 0.8, ...step },
  ]),
  bakeLut([{ kind: 'hue', value: -1, ...step }]),
]

describe('looking colours up in vectors', () => {
  it.each([3, 4] as const)('gives the bits that it gives one by one, %i channels', (channels) => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 4, maxLength: 400 }),
        fc.constantFrom(...LUTS),
        (data, lut) => {
          const pixels = Math.floor(data.length / channels)
          const [one, other] = [new Uint8Array(pixels * 4), new Uint8Array(pixels * 4)]
          openBytes(lut, data, channels, one)(0, pixels)
          openVectors(lut, data, channels, other)(0, pixels)
          expect(other).toEqual(one)
        },
      ),
    )
  })

  it('does so over more pixels than it takes at once, and for part of them', () => {
    const [lut] = LUTS.slice(1)
    if (lut === undefined) throw new Error('no table')
    const data = Uint8Array.from({ length: 50_000 * 3 }, (_, n) => (n * 7919) >> (n % 9))
    const [one, other] = [new Uint8Array(50_000 * 4), new Uint8Array(50_000 * 4)]
    openBytes(lut, data, 3, one)(1001, 49_000)
    openVectors(lut, data, 3, other)(1001, 49_000)
    expect(Buffer.compare(other, one)).toBe(0)
    expect([...other.subarray(0, 8)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
  })

  it('leaves every grey of a table that does nothing as it is, and alpha full', () => {
    const greys = Uint8Array.from({ length: 256 * 3 }, (_, n) => Math.floor(n / 3))
    const out = new Uint8Array(256 * 4)
    openVectors(LUTS[0] ?? bakeLut([]), greys, 3, out)(0, 256)
    expect([...out]).toEqual(
      Array.from({ length: 256 * 4 }, (_, n) => (n % 4 === 3 ? 255 : n >> 2)),
    )
  })
})

describe('the assembler', () => {
  it('refuses what it does not know', () => {
    const kernel = { parameters: ['a'], locals: {} }
    expect(() => assemble({ run: { ...kernel, body: 'f64.sqrt' } }, 1)).toThrow('f64.sqrt')
    expect(() => assemble({ run: { ...kernel, body: 'local.get $b' } }, 1)).toThrow('$b')
  })
})
