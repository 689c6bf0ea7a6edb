import { describe, expect, it } from 'vitest'
import { FrameCache, nextAhead } from './frameCache.js'

function picture(log: string[], name: string) {
  return { close: () => log.push(name) }
}

describe('frame cache', () => {
  it('closes the picture furthest from the playhead when full', () => {
    const closed: string[] = []
    const cache = new FrameCache<{ close(): void }>(3)
    cache.centre = 10
    for (const frame of [9, 10, 14, 11]) cache.put(frame, picture(closed, String(frame)))
    expect(closed).toEqual(['14'])
    expect([9, 10, 11].every((frame) => cache.has(frame))).toBe(true)
  })

  it('closes what it replaces and everything at the end', () => {
    const closed: string[] = []
    const cache = new FrameCache<{ close(): void }>(3)
    cache.put(1, picture(closed, 'old'))
    cache.put(1, picture(closed, 'new'))
    cache.put(2, picture(closed, 'two'))
    expect(closed).toEqual(['old'])
    cache.clear()
    expect(closed).toEqual(['old', 'new', 'two'])
    expect(cache.size).toBe(0)
  })
})

describe('decode-ahead', () => {
  const cached = new Set([11, 12])
  const has = (frame: number): boolean => cached.has(frame)

  it('looks in the direction of travel', () => {
    expect(nextAhead(10, 1, 8, 100, has)).toBe(13)
    expect(nextAhead(10, -1, 8, 100, has)).toBe(9)
  })

  it('stops at its reach, at the ends, and when paused', () => {
    expect(nextAhead(10, 1, 2, 100, has)).toBeNull()
    expect(nextAhead(10, 1, 8, 13, has)).toBeNull()
    expect(nextAhead(0, -1, 8, 100, has)).toBeNull()
    expect(nextAhead(10, 0, 8, 100, has)).toBeNull()
  })
})
