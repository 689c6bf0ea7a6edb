import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CEILING } from './limiter.js'
import { createLimitStream, limitDelay } from './limitStream.js'
import { overlap } from './overlap.js'

const RATE = 48_000
/** Samples that Web Audio asks for at a time. */
const QUANTUM = 128

function played(left: Float32Array, right: Float32Array | null): Float32Array[] {
  const stream = createLimitStream(2, RATE)
  const out = [new Float32Array(left.length), new Float32Array(left.length)]
  for (let at = 0; at < left.length; at += QUANTUM) {
    const part = (of: Float32Array): Float32Array => of.subarray(at, at + QUANTUM)
    stream.process([left, ...(right === null ? [] : [right])].map(part), out.map(part))
  }
  return out
}

const tone = (amplitude: number): Float32Array =>
  Float32Array.from({ length: QUANTUM * 60 }, (_, n) => amplitude * Math.sin(n / 9))

describe('the limiter of playback', () => {
  const late = Math.round(limitDelay(RATE) * RATE)

  it('gives quiet sound back bit for bit, always as late as it says', () => {
    expect(limitDelay(RATE)).toBeLessThan(0.02)
    const [left, right] = [tone(0.6), tone(-0.3)]
    const [outLeft, outRight] = played(left, right)
    expect(outLeft?.subarray(0, late)).toEqual(new Float32Array(late))
    expect(outLeft?.subarray(late)).toEqual(left.subarray(0, left.length - late))
    expect(outRight?.subarray(late)).toEqual(right.subarray(0, right.length - late))
  })

  it('keeps both channels below the ceiling and in proportion', () => {
    const [left, right] = [tone(1.8), tone(0.9)]
    const [outLeft, outRight] = played(left, right)
    for (let n = late; n < left.length; n++) {
      expect(Math.abs(outLeft?.[n] ?? 9)).toBeLessThanOrEqual(CEILING + 1e-6)
      expect(outRight?.[n]).toBeCloseTo((outLeft?.[n] ?? 0) / 2, 5)
    }
  })

  it('takes a channel that is not there for silence', () => {
    const [, outRight] = played(tone(0.5), null)
    expect(outRight?.every((one) => one === 0)).toBe(true)
  })
})

describe('overlap', () => {
  it('sees two sounds at once, and none where they only meet', () => {
    const span = fc.tuple(fc.nat(50), fc.integer({ min: 1, max: 20 }))
    fc.assert(
      fc.property(fc.array(span, { maxLength: 6 }), (pairs) => {
        const spans = pairs.map(([from, length]) => ({ from, to: from + length }))
        const expected = spans.some((a, n) =>
          spans.some((b, m) => m > n && a.from < b.to && b.from < a.to),
        )
        expect(overlap(spans)).toBe(expected)
      }),
    )
    expect(
      overlap([
        { from: 0, to: 2 },
        { from: 2, to: 3 },
      ]),
    ).toBe(false)
  })
})
