import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  MAX_ZOOM,
  contain,
  fitView,
  panBy,
  toScreen,
  toSource,
  wheelZoom,
  zoomAround,
} from './view.js'

const picture = { width: 1280, height: 720 }
const screen = { width: 800, height: 600 }

describe('view', () => {
  it('fits the whole picture, centred', () => {
    const view = fitView(picture, screen)
    expect(view.zoom).toBeCloseTo(0.6)
    expect(view.x).toBe(16)
    expect(view.y).toBe(84)
  })

  it('keeps the point under the pointer while zooming', () => {
    const anywhere = fc.record({
      x: fc.integer({ min: 0, max: 800 }),
      y: fc.integer({ min: 0, max: 600 }),
    })
    fc.assert(
      fc.property(anywhere, fc.double({ min: 0.1, max: 16, noNaN: true }), (anchor, zoom) => {
        const whole = contain(picture, picture)
        const before = fitView(picture, screen)
        const after = zoomAround(before, anchor, zoom)
        const place = toSource(anchor, before, whole)
        const moved = toScreen(place, after, whole)
        expect(moved.x).toBeCloseTo(anchor.x, 6)
        expect(moved.y).toBeCloseTo(anchor.y, 6)
      }),
    )
  })

  it('undoes an equal wheel turn and stops at the limits', () => {
    expect(wheelZoom(wheelZoom(1, 120), -120)).toBeCloseTo(1)
    expect(wheelZoom(MAX_ZOOM, -5000)).toBe(MAX_ZOOM)
  })

  it('never loses the picture while panning', () => {
    const view = panBy(fitView(picture, screen), { x: 1e6, y: -1e6 }, picture, screen)
    expect(view.x).toBeLessThanOrEqual(760)
    expect(view.y + picture.height * view.zoom).toBeGreaterThanOrEqual(40 - 1e-9)
  })

  it('places a portrait source in a landscape frame', () => {
    expect(contain({ width: 360, height: 640 }, { width: 640, height: 360 })).toEqual({
      scale: 360 / 640,
      x: (640 - 202.5) / 2,
      y: 0,
    })
  })
})
