import { describe, expect, it } from 'vitest'
import { nearestRate, timingOf } from './timing.js'
import type { PacketTime } from './timing.js'

const MILLISECONDS = { num: 1, den: 1000 }

function packets(times: readonly number[], duration: number | null = null): PacketTime[] {
  return times.map((time) => ({ time, duration, hidden: false }))
}

describe('timingOf', () => {
  it('sees through millisecond rounding, decoding order and a late start', () => {
    const times = Array.from({ length: 300 }, (_, n) => 83 + Math.round((n * 1001) / 30))
    // Stored in another order than shown, as B-frames are.
    const shuffled = [...times].sort((a, b) => (a % 7) - (b % 7) || a - b)
    expect(timingOf(packets(shuffled), MILLISECONDS, [])).toEqual({
      fps: { num: 30000, den: 1001 },
      frames: 300,
      startSeconds: 0.083,
      variable: false,
    })
  })

  it('tells 23.976 from 24 only by the drift, and believes a rate the container names', () => {
    const at = (rate: number): PacketTime[] =>
      packets(Array.from({ length: 600 }, (_, n) => Math.round((n * 90_000) / rate)))
    const base = { num: 1, den: 90_000 }
    expect(timingOf(at(24000 / 1001), base, [])?.fps).toEqual({ num: 24000, den: 1001 })
    expect(timingOf(at(24), base, [])?.fps).toEqual({ num: 24, den: 1 })
    const odd = timingOf(at(27.4), base, [{ num: 137, den: 5 }])
    expect(odd).toMatchObject({ fps: { num: 137, den: 5 }, variable: false })
  })

  it('leaves out what an edit list hides', () => {
    const hidden = packets([-80, -40]).map((packet) => ({ ...packet, hidden: true }))
    const timing = timingOf([...hidden, ...packets([0, 40, 80])], MILLISECONDS, [])
    expect(timing).toMatchObject({ frames: 3, startSeconds: 0, fps: { num: 25, den: 1 } })
  })

  it('makes a variable rate constant at the nearest standard one, for the same length', () => {
    const times = Array.from(
      { length: 200 },
      (_, n) => n * 33 + (n % 9 === 0 ? 21 : 0) + (n > 90 ? 400 : 0),
    )
    const timing = timingOf(packets(times, 33), MILLISECONDS, [{ num: 30, den: 1 }])
    expect(timing?.variable).toBe(true)
    const seconds = ((timing?.frames ?? 0) * (timing?.fps.den ?? 0)) / (timing?.fps.num ?? 1)
    expect(Math.abs(seconds - ((times.at(-1) ?? 0) + 33) / 1000)).toBeLessThan(0.06)
  })

  it('takes the rate of a camera that has left pictures out, not their mean', () => {
    const kept = (rate: number, length: number, leaves: (n: number) => boolean): number[] =>
      Array.from({ length }, (_, n) => n)
        .filter((n) => !leaves(n))
        .map((n) => Math.round((n * 1000) / rate))
    // Every fourth is missing: 12 a second on average.
    const dropped = timingOf(packets(kept(16, 80, (n) => n % 4 === 2)), MILLISECONDS, [
      { num: 2997, den: 250 },
    ])
    expect(dropped).toMatchObject({ fps: { num: 16, den: 1 }, frames: 80, variable: true })
    const ntsc = timingOf(packets(kept(30000 / 1001, 900, (n) => n % 7 === 3)), MILLISECONDS, [])
    expect(ntsc?.fps).toEqual({ num: 30000, den: 1001 })
    // A recorder that waits where nothing moves.
    const screen = timingOf(
      packets(kept(60, 600, (n) => n > 100 && n < 400)),
      { ...MILLISECONDS },
      [],
    )
    expect(screen?.fps).toEqual({ num: 60, den: 1 })
    // Half of it quick, half of it slow: nothing of the quick half is lost.
    const halves = timingOf(packets(kept(50, 200, (n) => n > 100 && n % 2 === 1)), MILLISECONDS, [])
    expect(halves?.fps).toEqual({ num: 50, den: 1 })
  })

  it('does not make many frames of few where two rates share only a very fine grid', () => {
    const film = Array.from({ length: 48 }, (_, n) => (n * 1000) / 24)
    const video = Array.from({ length: 60 }, (_, n) => 2000 + (n * 1000) / 30)
    const timing = timingOf(packets([...film, ...video].map(Math.round)), MILLISECONDS, [])
    expect(timing?.variable).toBe(true)
    expect((timing?.fps.num ?? 0) / (timing?.fps.den ?? 1)).toBeLessThan(61)
  })

  it('counts pictures where there are no times, and refuses nothing at all', () => {
    const raw = Array.from({ length: 12 }, () => ({ time: null, duration: null, hidden: false }))
    expect(timingOf(raw, MILLISECONDS, [{ num: 50, den: 1 }])).toEqual({
      ...{ fps: { num: 50, den: 1 }, frames: 12, startSeconds: 0, variable: false },
    })
    expect(timingOf([], MILLISECONDS, [])).toBeNull()
    expect(timingOf(packets([500]), MILLISECONDS, [])).toMatchObject({
      frames: 1,
      startSeconds: 0.5,
    })
  })
})

it('nearestRate goes by ratio', () => {
  expect(nearestRate(29.2)).toEqual({ num: 30000, den: 1001 })
  expect(nearestRate(14.4)).toEqual({ num: 15000, den: 1001 })
  expect(nearestRate(1000)).toEqual({ num: 240, den: 1 })
})
