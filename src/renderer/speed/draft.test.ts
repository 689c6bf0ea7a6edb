import { describe, expect, it } from 'vitest'
import type { RetimeOperation } from '../../shared/retime/operations.js'
import { refitted, toggled, wholeFactor, withFactor, withRamp } from './draft.js'

const half: RetimeOperation = { kind: 'speed', from: 0, to: 50, factor: 0.5 }
const part: RetimeOperation = { kind: 'speed', from: 10, to: 20, factor: 2 }
const freeze: RetimeOperation = { kind: 'freeze', at: 30, frames: 25 }

describe('the change of speed in hand', () => {
  it('knows the one speed of the whole range', () => {
    expect(wholeFactor([], 50)).toBe(1)
    expect(wholeFactor([half, freeze], 50)).toBe(0.5)
    expect(wholeFactor([part], 50)).toBeNull()
    expect(wholeFactor(withRamp([], 50), 50)).toBeNull()
  })

  it('has one speed at a time, and keeps the rest', () => {
    expect(withFactor([half, freeze], 50, 2)).toEqual([freeze, { ...half, factor: 2 }])
    expect(withFactor([half, freeze], 50, 1)).toEqual([freeze])
    expect(withRamp([half], 50)).toHaveLength(1)
  })

  it('turns a direction on and off', () => {
    const once = toggled([half], 'reverse', 50)
    expect(once).toEqual([half, { kind: 'reverse', from: 0, to: 50 }])
    expect(toggled(once, 'reverse', 50)).toEqual([half])
  })

  it('fits another range: the whole stays the whole, the rest is cut', () => {
    expect(refitted([half, part, freeze], 50, 25)).toEqual([{ ...half, to: 25 }, part])
    expect(refitted([half, part], 50, 15)).toEqual([
      { ...half, to: 15 },
      { ...part, to: 15 },
    ])
    expect(refitted([half, freeze], 50, 80)).toEqual([{ ...half, to: 80 }, freeze])
  })
})
