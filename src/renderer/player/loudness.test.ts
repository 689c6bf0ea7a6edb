import { describe, expect, it } from 'vitest'
import { gainOf, toggled, turned, withVolume } from './loudness.js'

describe('the volume of playback', () => {
  it('changes nothing at its end and is silence at 0 and when muted', () => {
    expect(gainOf({ volume: 1, muted: false })).toBe(1)
    expect(gainOf({ volume: 0, muted: false })).toBe(0)
    expect(gainOf({ volume: 0.7, muted: true })).toBe(0)
    expect(gainOf({ volume: 0.5, muted: false })).toBeCloseTo(0.25)
  })

  it('goes by keys from end to end and stays there', () => {
    let now = withVolume(1)
    for (let n = 0; n < 12; n++) now = turned(now, -1)
    expect(now).toEqual({ volume: 0, muted: true })
    for (let n = 0; n < 12; n++) now = turned(now, 1)
    expect(now).toEqual({ volume: 1, muted: false })
  })

  it('comes back from silence as it was', () => {
    const was = { volume: 0.4, muted: false }
    expect(toggled(toggled(was))).toEqual(was)
    expect(turned(toggled(was), 1)).toEqual(was)
    expect(turned(toggled(was), -1)).toEqual(toggled(was))
  })

  it('is heard again where the slider itself was at 0', () => {
    expect(gainOf(toggled(withVolume(0)))).toBeGreaterThan(0)
  })
})
