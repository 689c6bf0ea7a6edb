import { describe, expect, it } from 'vitest'
import type { SoundPlan, SoundSource } from './source.js'
import { stretch } from './stretch.js'
import { varispeed } from './varispeed.js'

const RATE = 48_000

function soundOf(data: Float32Array, channels = 1): SoundSource {
  return {
    ...{ channels, sampleRate: RATE },
    read(start, count) {
      const out = new Float32Array(count * channels)
      for (let n = 0; n < out.length; n++) out[n] = data[start * channels + n] ?? 0
      return out
    },
  }
}

function tone(seconds: number, hertz: number): Float32Array {
  return Float32Array.from({ length: seconds * RATE }, (_, n) => {
    return Math.sin((2 * Math.PI * hertz * n) / RATE)
  })
}

function collect(blocks: Iterable<Float32Array>): Float32Array {
  const parts = [...blocks].map((block) => block.slice())
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

const evenly =
  (speed: number, from = 0): SoundPlan =>
  (sample) => ({ at: from + sample * speed, speed })

/** Rising zero crossings a second, away from the ends. */
function pitch(samples: Float32Array): number {
  let crossings = 0
  const [from, to] = [RATE / 10, samples.length - RATE / 10]
  for (let n = from; n < to; n++) if (samples[n - 1]! < 0 && samples[n]! >= 0) crossings++
  return (crossings * RATE) / (to - from)
}

function loudest(samples: Float32Array): number {
  let at = 0
  for (let n = 0; n < samples.length; n++) {
    if (Math.abs(samples[n]!) > Math.abs(samples[at]!)) at = n
  }
  return at
}

describe('stretch', () => {
  it.each([0.25, 0.5, 0.8, 1.5, 2, 4])('keeps the pitch at speed %d, without holes', (speed) => {
    const count = Math.round((2 * RATE) / speed)
    const out = collect(stretch(soundOf(tone(2, 440)), evenly(speed), count))
    expect(out).toHaveLength(count)
    expect(Math.abs(pitch(out) - 440)).toBeLessThan(4)
    for (let at = RATE / 10; at + 2400 < count - RATE / 10; at += 2400) {
      const rms = Math.sqrt(
        out.subarray(at, at + 2400).reduce((sum, value) => sum + value * value, 0) / 2400,
      )
      expect(rms).toBeGreaterThan(0.6)
    }
  })

  it('gives samples back as they are at single speed', () => {
    const sound = tone(1, 333)
    const out = collect(stretch(soundOf(sound), evenly(1), sound.length))
    expect(out).toHaveLength(sound.length)
    expect(Math.max(...out.map((value, n) => Math.abs(value - sound[n]!)))).toBeLessThan(1e-6)
  })

  it('plays backward to the sample at single speed', () => {
    const sound = tone(1, 333).map((value, n) => (value * n) / RATE)
    const out = collect(stretch(soundOf(sound), evenly(-1, sound.length), sound.length))
    const turned = sound.toReversed()
    expect(Math.max(...out.map((value, n) => Math.abs(value - turned[n]!)))).toBeLessThan(1e-6)
  })

  it('keeps both channels and their places', () => {
    const left = tone(1, 200)
    const both = new Float32Array(left.length * 2)
    left.forEach((value, n) => (both[n * 2] = value))
    const out = collect(stretch(soundOf(both, 2), evenly(0.5), 2 * RATE))
    expect(out).toHaveLength(4 * RATE)
    expect(out.every((value, n) => n % 2 === 0 || value === 0)).toBe(true)
  })

  it.each([0.25, 0.5, 2, -1, -0.5])(
    'finds a click where the plan puts it, at speed %d',
    (speed) => {
      const sound = tone(2, 100).map((value) => value * 0.05)
      const click = RATE * 1.2
      for (let n = 0; n < 48; n++) sound[click + n] = 1
      const from = speed < 0 ? sound.length : 0
      const out = collect(
        stretch(soundOf(sound), evenly(speed, from), (2 * RATE) / Math.abs(speed)),
      )
      const wanted = (click - from) / speed
      // Half a frame at 30 frames a second.
      expect(Math.abs(loudest(out) - wanted)).toBeLessThan(RATE / 60)
    },
  )

  it('is silent where nothing plays', () => {
    const plan: SoundPlan = (n) => (n > RATE / 2 && n < RATE ? null : { at: n, speed: 1 })
    const out = collect(stretch(soundOf(tone(2, 440)), plan, 2 * RATE))
    const silent = out.subarray(RATE / 2 + 2000, RATE - 2000)
    expect(silent.every((value) => value === 0)).toBe(true)
  })
})

describe('varispeed', () => {
  it.each([0.5, 2])('moves the pitch with the speed: %d', (speed) => {
    const count = (2 * RATE) / speed
    const out = collect(varispeed(soundOf(tone(2, 440)), evenly(speed), count))
    expect(out).toHaveLength(count)
    expect(Math.abs(pitch(out) - 440 * speed)).toBeLessThan(4)
  })

  it('lets nothing fold back when it plays fast', () => {
    const out = collect(varispeed(soundOf(tone(2, 15_000)), evenly(2), RATE))
    expect(Math.max(...out.subarray(1000, out.length - 1000).map(Math.abs))).toBeLessThan(0.05)
  })
})
