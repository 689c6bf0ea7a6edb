import { describe, expect, it } from 'vitest'
import { chooseBeginning, fitsMirrored } from './candidates.js'

const never = new AbortController().signal

/** Candidates that show their own seed, with agreements by it. */
function choose(table: Record<number, number>, { seed = 7, count = 3, finish = never } = {}) {
  const begun: (readonly [seed: number, number: number])[] = []
  const choice = chooseBeginning(
    {
      count,
      compare: ([own]) => Promise.resolve({ plain: table[own!] ?? 0, mirrored: 5 }),
    },
    seed,
    finish,
    (own, number) => {
      begun.push([own, number])
      return Promise.resolve({ shown: Float32Array.of(own) })
    },
  )
  return choice.then(({ chosen, begun: { shown } }) => ({ chosen, shown: shown[0], begun }))
}

describe('choosing a beginning', () => {
  it('keeps the one that fits best, and says how all of them did', async () => {
    const { chosen, shown, begun } = await choose({ 7: 0.5, 8: 2, 9: -3 })
    expect(chosen).toEqual({ seed: 8, agreements: [0.5, 2, -3] })
    expect(shown).toBe(8)
    expect(begun).toEqual([
      [7, 1],
      [8, 2],
      [9, 3],
    ])
  })

  it('keeps the first of equals', async () => {
    expect((await choose({})).chosen).toMatchObject({ seed: 7 })
  })

  it('turns a clip round where that is what the words say, and not for nothing', () => {
    expect(fitsMirrored({ plain: 0, mirrored: 3 })).toBe(true)
    expect(fitsMirrored({ plain: 1, mirrored: 1.1 })).toBe(false)
    expect(fitsMirrored({ plain: 2, mirrored: -1 })).toBe(false)
  })

  it('keeps seeds within their range', async () => {
    expect((await choose({}, { seed: 0x7fff_ffff, count: 2 })).begun.map(([own]) => own)).toEqual([
      0x7fff_ffff, 0,
    ])
  })

  it('keeps what is shown when that is good enough, without a comparison', async () => {
    const enough = new AbortController()
    enough.abort()
    const { chosen, begun } = await choose({ 8: 9 }, { finish: enough.signal })
    expect(chosen).toEqual({ seed: 7, agreements: [] })
    expect(begun).toHaveLength(1)
  })
})
