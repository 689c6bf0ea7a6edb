import { describe, expect, it } from 'vitest'
import { GROUP, Pace, reachable } from './pace.js'

/** When pictures come out: the first after `first` ms, then one every `each`. */
const times = (first: number, each: number): number[] =>
  [0, 1, 2, 3, 4].map((n) => first + n * each)

function paceOf(framesPerSecond: number, decodedPerSecond: number, first = 0): Pace {
  const pace = new Pace()
  pace.travel(framesPerSecond)
  pace.decoded(times(first, 1000 / decodedPerSecond))
  return pace
}

describe('the pace of decoding', () => {
  it('is behind when the playhead passes more frames than are decoded', () => {
    expect(paceOf(24, 60).isBehind()).toBe(false)
    expect(paceOf(-96, 60).isBehind()).toBe(true)
    expect(paceOf(0, 1).isBehind()).toBe(false)
  })

  it('does not take the delay of a single picture for slow decoding', () => {
    const pace = new Pace()
    pace.travel(24)
    pace.decoded([200])
    pace.decoded([180])
    expect(pace.isBehind()).toBe(false)
    expect(paceOf(24, 60, 300).isBehind()).toBe(false)
  })

  it('affords no more of each group than decoding manages in its time', () => {
    const groupsPerSecond = 96 / GROUP
    expect(paceOf(96, 48).perGroup()).toBe(7)
    expect(paceOf(96, 48).perGroup() * groupsPerSecond).toBeLessThan(48)
    expect(paceOf(96, 48, 60).perGroup()).toBe(4)
    expect(paceOf(96, 2).perGroup()).toBe(1)
  })

  it('follows a computer that becomes slower or faster', () => {
    const pace = paceOf(24, 100)
    for (let n = 0; n < 12; n++) pace.decoded(times(100, 100))
    expect(pace.isBehind()).toBe(true)
    for (let n = 0; n < 12; n++) pace.decoded(times(5, 5))
    expect(pace.isBehind()).toBe(false)
  })
})

describe('what is shown while behind', () => {
  const pace = { perGroup: () => 6, chunk: () => 2 }

  it('going forwards: the key frame first, then on in small steps, then the next group', () => {
    const ready = new Set<number>()
    const shown = [32, 34, 37, 40, 44, 47].map((wanted) => {
      const key = wanted - (wanted % GROUP)
      const frame = reachable(wanted, key, 1, pace, (one) => ready.has(one))
      for (let one = key; one <= frame; one++) ready.add(one)
      return frame
    })
    expect(shown).toEqual([31, 33, 35, 35, 35, 46])
  })

  it('going back: the affordable beginning of the group, then each of its frames', () => {
    const shown = [44, 40, 36, 35, 34, 31, 30].map((wanted) =>
      reachable(wanted, 30, -1, pace, () => false),
    )
    expect(shown).toEqual([35, 35, 35, 35, 34, 31, 30])
  })
})
