import { describe, expect, it } from 'vitest'
import { reachOf } from './reachInTime.js'

const reach = (fits: readonly (number | null)[], start: number): readonly [number, number] => {
  const { from, to } = reachOf((t) => fits[t] ?? null, start, 0, fits.length)
  return [from, to]
}

const times = (count: number, fit: number | null): (number | null)[] =>
  Array.from({ length: count }, () => fit)

describe('how far in time a fill is carried', () => {
  it('is over all that it fits, and over what only passes', () => {
    expect(reach(times(30, 1), 12)).toEqual([0, 30])
    expect(reach([...times(10, 1), ...times(7, 25), ...times(10, 1)], 2)).toEqual([0, 27])
    // At the end of what is known nobody can tell.
    expect(reach([...times(10, 1), ...times(7, 25)], 2)).toEqual([0, 17])
  })

  it('ends where it stops to fit for good, on both sides', () => {
    expect(reach([...times(9, 20), ...times(10, 1), ...times(12, 25)], 14)).toEqual([9, 19])
    // Frames that do not need it neither spoil it nor vouch for it.
    const gap = [...times(5, 1), ...times(4, 20), ...times(3, null), ...times(4, 20)]
    expect(reach(gap, 0)).toEqual([0, 5])
  })

  it('is judged by how it fits at home', () => {
    expect(reach(times(20, 9), 4)).toEqual([0, 20])
    expect(reach([...times(10, 9), ...times(10, 14)], 4)).toEqual([0, 10])
  })

  it('begins with a fill of the frames before', () => {
    expect(reach([...times(4, 1), ...times(9, 20)], -1)).toEqual([0, 4])
    expect(reach(times(9, 20), -1)).toEqual([0, 0])
  })
})
