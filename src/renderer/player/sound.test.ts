import { describe, expect, it } from 'vitest'
import { placeBuffer } from './sound.js'

describe('placing a sound buffer', () => {
  const span = { from: 2, to: 5 }

  it('plays a buffer inside its clip as a whole', () => {
    expect(placeBuffer({ from: 3, duration: 0.5 }, span, 0)).toEqual({
      at: 3,
      offset: 0,
      duration: 0.5,
    })
  })

  it('cuts it at the ends of the clip', () => {
    expect(placeBuffer({ from: 1.75, duration: 0.5 }, span, 0)).toEqual({
      at: 2,
      offset: 0.25,
      duration: 0.25,
    })
    expect(placeBuffer({ from: 4.75, duration: 0.5 }, span, 0)).toMatchObject({ duration: 0.25 })
  })

  it('leaves out what should have sounded already', () => {
    expect(placeBuffer({ from: 3, duration: 0.5 }, span, 3.25)).toEqual({
      at: 3.25,
      offset: 0.25,
      duration: 0.25,
    })
    expect(placeBuffer({ from: 3, duration: 0.5 }, span, 3.5)).toBeNull()
  })
})
