import { describe, expect, it } from 'vitest'
import { overlaySize } from './overlaySize.js'

describe('overlay size', () => {
  const source = { width: 1920, height: 1080 }

  it('follows the zoom in steps, never below what is shown', () => {
    expect(overlaySize({ width: 640, height: 360 }, 0.4)).toEqual({ width: 320, height: 180 })
    expect(overlaySize({ width: 640, height: 360 }, 0.5)).toEqual({ width: 320, height: 180 })
    expect(overlaySize({ width: 640, height: 360 }, 0.51)).toEqual({ width: 427, height: 240 })
  })

  it('never exceeds the source or the longest side', () => {
    expect(overlaySize({ width: 640, height: 360 }, 8)).toEqual({ width: 640, height: 360 })
    expect(overlaySize(source, 4)).toEqual({ width: 1280, height: 720 })
    expect(overlaySize({ width: 3, height: 1 }, 0.01)).toEqual({ width: 1, height: 1 })
  })
})
