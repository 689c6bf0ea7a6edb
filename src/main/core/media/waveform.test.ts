import { expect, it } from 'vitest'
import { createWaveform } from './waveform.js'

it('keeps the peaks of each stretch, however the samples are cut', () => {
  const samples = Float32Array.from({ length: 40 }, (_, n) => (n < 20 ? n / 20 : -(n - 20) / 40))
  const whole = createWaveform(4, 10)
  whole.add(samples)
  expect([...whole.bytes]).toEqual([0, 57, 0, 121, -29, 0, -60, 0])
  expect(whole.done()).toBe(4)
  const pieces = createWaveform(4, 10)
  for (let n = 0; n < 40; n += 7) pieces.add(samples.subarray(n, n + 7))
  expect(pieces.bytes).toEqual(whole.bytes)
})

it('clips what is louder than full scale and ignores samples past the end', () => {
  const waveform = createWaveform(1, 2)
  waveform.add(Float32Array.of(3, -9, 0.5, 0.5))
  expect([...waveform.bytes]).toEqual([-127, 127])
})
