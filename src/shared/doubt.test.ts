import { describe, expect, it } from 'vitest'
import { INVENTED_BELIEF, isFoundDoubted } from './doubt.js'

describe('isFoundDoubted', () => {
  it('is true where other frames show the hole and are not believed', () => {
    expect(isFoundDoubted({ confidence: [0.2, 0.5, 0.4], seen: [1, 1, 0.9] })).toBe(true)
  })

  it('is false where they are believed, where nothing was hidden, and where all was invented', () => {
    expect(isFoundDoubted({ confidence: [0.95, 0.8], seen: [1, 1] })).toBe(false)
    expect(isFoundDoubted({ confidence: [1, 1], seen: [1, 1] })).toBe(false)
    expect(isFoundDoubted({ confidence: [INVENTED_BELIEF, INVENTED_BELIEF], seen: [0, 0] })).toBe(
      false,
    )
  })

  it('counts what was invented as it was believed, where that is known', () => {
    const [seen, invented] = [0.5, 0.05]
    const confidence = 0.9 * seen + invented
    const take = { confidence: [confidence], seen: [seen] }
    expect(isFoundDoubted({ ...take, invented: [invented] })).toBe(false)
    expect(isFoundDoubted(take)).toBe(true)
  })

  it('does not count against a take what was invented in it', () => {
    const seen = 0.5
    const confidence = 0.9 * seen + INVENTED_BELIEF * (1 - seen)
    expect(isFoundDoubted({ confidence: [confidence], seen: [seen] })).toBe(false)
  })
})
