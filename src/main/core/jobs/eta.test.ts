import { describe, expect, it } from 'vitest'
import { createEta } from './eta.js'

const plan = [
  { phase: 'copying', weight: 1 },
  { phase: 'proxy', weight: 3 },
] as const

describe('ETA', () => {
  it('says nothing before there is enough history', () => {
    const eta = createEta(plan, 0)
    expect(eta.update('copying', 1, 2, 100).secondsLeft).toBeNull()
    expect(createEta(plan, 0).update('copying', 0, null, 5000)).toEqual({
      share: null,
      secondsLeft: null,
    })
  })

  it('weighs phases by their expected time', () => {
    const eta = createEta(plan, 0)
    // Half of a quarter of the work after 2 s: 16 s in all, 14 s left.
    expect(eta.update('copying', 1, 2, 2000).secondsLeft).toBeCloseTo(14, 5)
  })

  it('reaches zero at the end', () => {
    const eta = createEta(plan, 0)
    let last: number | null = null
    for (let step = 1; step <= 40; step++)
      last = eta.update('proxy', step, 40, 1000 * step).secondsLeft
    expect(last).not.toBeNull()
    expect(last ?? 99).toBeLessThan(2)
  })

  it('never loses ground when a streaming task goes back to an earlier phase', () => {
    const eta = createEta(plan, 0)
    const ahead = eta.update('proxy', 1, 2, 2000).secondsLeft ?? Infinity
    const back = eta.update('copying', 1, 2, 2100).secondsLeft ?? Infinity
    expect(back).toBeLessThan(ahead + 0.2)
  })

  it('counts only what this run has done', () => {
    const eta = createEta(plan, 0)
    expect(eta.update('proxy', 60, 100, 1000, 60).secondsLeft).toBeNull()
    // Ten of the hundred in 2 s: thirty more take 6 s.
    expect(eta.update('proxy', 70, 100, 2000, 60).secondsLeft).toBeCloseTo(6, 5)
  })

  it('says how far the whole is, and never takes back', () => {
    const eta = createEta(plan, 0)
    expect(eta.update('copying', 2, 2, 100).share).toBe(0.25)
    expect(eta.update('proxy', 1, 2, 200).share).toBe(0.625)
    expect(eta.update('copying', 1, 2, 300).share).toBe(0.625)
    expect(eta.update('proxy', 2, 2, 400).share).toBe(1)
  })
  it('is not carried away by a first phase that is quick', () => {
    // A tenth of the whole in 1 s: at that rate 9 s are left, where two minutes were expected.
    expect(createEta(plan, 0).update('copying', 2, 5, 1000).secondsLeft).toBeCloseTo(9, 5)
    const left = createEta(plan, 0, 120).update('copying', 2, 5, 1000).secondsLeft ?? 0
    expect(left).toBeGreaterThan(60)
    expect(left).toBeLessThan(120)
  })

  it('believes the work more than the forecast, the further it is', () => {
    const eta = createEta(plan, 0, 10)
    let last: number | null = null
    for (let step = 1; step <= 90; step++)
      last = eta.update('proxy', step, 100, 1000 * step).secondsLeft
    expect(last).toBeGreaterThan(6)
  })

  it('takes a forecast of what is left for what is left', () => {
    const eta = createEta(plan, 0, 30)
    eta.update('proxy', 60, 100, 500, 60)
    // Half of what was left, a tenth of the whole and more, in the time that was expected for it.
    expect(eta.update('proxy', 80, 100, 15_000, 60).secondsLeft).toBeCloseTo(15, 5)
  })
})
