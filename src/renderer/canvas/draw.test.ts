import { describe, expect, it } from 'vitest'
import { drawSides } from './draw.js'

/** Where the corners of a rectangle drawn in each half come to lie on screen: x, y, width, height. */
function placesOf(
  screen: { width: number; height: number },
  frame: { width: number; height: number },
  drawn: readonly [number, number, number, number],
): number[][] {
  let at = { x: 0, y: 0, scale: 1 }
  const stack: (typeof at)[] = []
  const places: number[][] = []
  const context = {
    save: () => stack.push(at),
    restore: () => (at = stack.pop()!),
    translate: (x: number, y: number) => (at = { ...at, x: at.x + x, y: at.y + y }),
    scale: (by: number) => (at = { ...at, scale: at.scale * by }),
    beginPath: () => undefined,
    rect: () => undefined,
    clip: () => undefined,
  } as unknown as Parameters<typeof drawSides>[0]
  const draw = (): void => {
    const [x, y, width, height] = drawn
    const { scale } = at
    places.push([at.x + scale * x, at.y + scale * y, scale * width, scale * height])
  }
  drawSides(context, screen, frame, draw, draw)
  return places
}

describe('two films side by side', () => {
  it('are half as large where the film is as wide as the viewer', () => {
    const screen = { width: 640, height: 360 }
    expect(placesOf(screen, { width: 1920, height: 1080 }, [0, 0, 640, 360])).toEqual([
      [0, 90, 320, 180],
      [320, 90, 320, 180],
    ])
  })

  it('are as large as they fit where it is narrower, each in the middle of its half', () => {
    const screen = { width: 670, height: 330 }
    // Fitted, a square film is as high as the viewer, and two of them have room beside each other.
    expect(placesOf(screen, { width: 512, height: 512 }, [170, 0, 330, 330])).toEqual([
      [2.5, 0, 330, 330],
      [337.5, 0, 330, 330],
    ])
    const [left] = placesOf(
      { width: 400, height: 330 },
      { width: 512, height: 512 },
      [35, 0, 330, 330],
    )
    expect(left).toEqual([
      expect.closeTo(0),
      expect.closeTo(65),
      expect.closeTo(200),
      expect.closeTo(200),
    ])
  })
})
