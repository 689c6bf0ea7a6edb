import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CEILING, createLimiter } from './limiter.js'

const RATE = 8000

/** All that comes out of blocks of these lengths. */
function limited(samples: Float32Array, channels: number, blocks: readonly number[]): Float32Array {
  const limiter = createLimiter(channels, RATE)
  const out: number[] = []
  let at = 0
  for (let n = 0; at < samples.length; n++) {
    const length = (blocks[n % blocks.length] ?? 1) * channels
    out.push(...limiter.push(samples.subarray(at, at + length)))
    at += length
  }
  return Float32Array.from([...out, ...limiter.flush()])
}

const tone = (seconds: number, amplitude: number): Float32Array =>
  Float32Array.from({ length: seconds * RATE }, (_, n) => amplitude * Math.sin(n / 3))

describe('the limiter of a mix', () => {
  it('leaves what is below the ceiling as it is, bit for bit', () => {
    const quiet = tone(0.5, 0.9)
    expect(limited(quiet, 1, [1000])).toEqual(quiet)
  })

  it('keeps a loud part below the ceiling, and comes back to what is quiet', () => {
    const loud = tone(1.7, 0.5).map((one, n) =>
      n > 0.5 * RATE && n < 0.7 * RATE ? one * 3.6 : one,
    )
    const out = limited(loud, 1, [700])
    const part = (from: number, to: number) => out.subarray(from * RATE, to * RATE)
    const most = (of: Float32Array) => of.reduce((peak, one) => Math.max(peak, Math.abs(one)), 0)
    expect(most(out)).toBeLessThanOrEqual(CEILING + 1e-6)
    expect(most(part(0.55, 0.65))).toBeGreaterThan(CEILING - 0.05)
    expect(part(0, 0.49)).toEqual(loud.subarray(0, 0.49 * RATE))
    expect(part(1.1, 1.7)).toEqual(loud.subarray(1.1 * RATE, 1.7 * RATE))
    // It turns down, it does not cut off: the tone stays a tone.
    const middle = loud.subarray(0.55 * RATE, 0.65 * RATE)
    for (const [n, one] of part(0.55, 0.65).entries()) {
      const wanted = ((middle[n] ?? 0) * CEILING) / 1.8
      expect(Math.abs(one - wanted)).toBeLessThan(0.02)
    }
  })

  it('never lets a sample above the ceiling, nor loses one, however it comes in blocks', () => {
    const samples = fc.array(fc.float({ min: -4, max: 4, noNaN: true }), { maxLength: 600 })
    const blocks = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(samples, blocks, fc.constantFrom(1, 2), (all, lengths, channels) => {
        const frames = Float32Array.from(all.slice(0, all.length - (all.length % channels)))
        const out = limited(frames, channels, lengths)
        expect(out).toHaveLength(frames.length)
        for (const one of out) expect(Math.abs(one)).toBeLessThanOrEqual(CEILING + 1e-6)
        expect(out).toEqual(limited(frames, channels, [frames.length + 1]))
      }),
    )
  })
})
