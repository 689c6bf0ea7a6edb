import { describe, expect, it } from 'vitest'
import { BLEND_MODES, blendLevel } from '../../../shared/blend.js'
import type { Colour, FrameFormat } from '../../ffmpeg/layout.js'
import { frameBytes, planesOf } from '../../ffmpeg/layout.js'
import { blendOver } from './blendFrame.js'

const SIZE = { width: 32, height: 16 }
const COLOURS: readonly Colour[] = [
  { matrix: 'bt709', range: 'tv' },
  { matrix: 'bt601', range: 'pc' },
]
const WEIGHTS = { bt601: [0.299, 0.114], bt709: [0.2126, 0.0722], bt2020: [0.2627, 0.0593] }

/** One colour everywhere, as a YUV frame: worked out apart from the code under test. */
function flat(format: FrameFormat, [r, g, b]: readonly [number, number, number]): Uint8Array {
  const [red = 0, blue = 0] = WEIGHTS[format.colour.matrix]
  const full = format.colour.range === 'pc'
  const y = red * r + (1 - red - blue) * g + blue * b
  const frame = new Uint8Array(frameBytes(format.layout, format.width, format.height))
  const [luma, u, v] = planesOf('yuv420p', format.width, format.height)
  const cells = (u?.width ?? 0) * (u?.height ?? 0)
  const chroma = full ? 1 : 224 / 255
  frame.fill(Math.round(full ? y : 16 + (y * 219) / 255), 0, luma!.width * luma!.height)
  frame.fill(Math.round(128 + (chroma * (b - y)) / (2 * (1 - blue))), u!.offset, u!.offset + cells)
  frame.fill(Math.round(128 + (chroma * (r - y)) / (2 * (1 - red))), v!.offset, v!.offset + cells)
  return frame
}

const rgb = (colour: readonly [number, number, number], width: number, height: number) =>
  Uint8Array.from({ length: width * height * 3 }, (_, n) => colour[n % 3]!)

describe('blending over a frame in its own samples', () => {
  const below = [120, 60, 90] as const
  const above = [200, 30, 160] as const

  it.each(COLOURS)('is the blend of the colours: %j', (colour) => {
    const format: FrameFormat = { ...SIZE, layout: 'yuv420p', colour }
    for (const blend of BLEND_MODES) {
      for (const opacity of [1, 0.4]) {
        const look = { blend, opacity, fit: 'fill' } as const
        const frame = flat(format, below)
        blendOver(frame, format, rgb(above, 32, 16), { x: 0, y: 0, ...SIZE }, look)
        const wanted = below.map((value, c) => blendLevel(look, value, above[c]!))
        const [r = 0, g = 0, b = 0] = wanted
        const expected = flat(format, [r, g, b])
        // Rounded once on the way in and once on the way out.
        frame.forEach((value, n) => expect(Math.abs(value - expected[n]!)).toBeLessThanOrEqual(1))
      }
    }
  })

  it('touches no byte outside the picture, nor where black is screened or added', () => {
    const format: FrameFormat = { ...SIZE, layout: 'yuv420p', colour: COLOURS[0]! }
    const source = Uint8Array.from(
      { length: frameBytes('yuv420p', 32, 16) },
      (_, n) => (n * 37) % 256,
    )
    const frame = source.slice()
    const place = { x: 8, y: 4, width: 8, height: 6 }
    const look = { blend: 'add', opacity: 1, fit: 'inside' } as const
    blendOver(frame, format, rgb([90, 90, 90], 8, 6), place, look)
    let inside = 0
    planesOf('yuv420p', 32, 16).forEach(({ width, height, offset }, n) => {
      const scale = n === 0 ? 1 : 2
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const within = x * scale >= 8 && x * scale < 16 && y * scale >= 4 && y * scale < 10
          const changed = frame[offset + y * width + x] !== source[offset + y * width + x]
          if (within) inside += Number(changed)
          else expect(changed).toBe(false)
        }
      }
    })
    expect(inside).toBeGreaterThan(20)
    for (const blend of ['screen', 'add'] as const) {
      const untouched = source.slice()
      const black = rgb([0, 0, 0], 32, 16)
      blendOver(untouched, format, black, { x: 0, y: 0, ...SIZE }, { ...look, blend })
      expect(untouched).toEqual(source)
    }
    const white = rgb([255, 255, 255], 32, 16)
    const multiplied = source.slice()
    blendOver(multiplied, format, white, { x: 0, y: 0, ...SIZE }, { ...look, blend: 'multiply' })
    expect(multiplied).toEqual(source)
  })

  it('cuts off what lies outside of the frame, in RGB and grey too', () => {
    for (const layout of ['rgb24', 'gray'] as const) {
      const format: FrameFormat = { ...SIZE, layout, colour: COLOURS[0]! }
      const frame = new Uint8Array(frameBytes(layout, 32, 16)).fill(50)
      const look = { blend: 'normal', opacity: 0.5, fit: 'fill' } as const
      blendOver(
        frame,
        format,
        rgb([150, 150, 150], 64, 64),
        { x: -16, y: -24, width: 64, height: 64 },
        look,
      )
      expect([...new Set(frame)]).toEqual([100])
    }
  })
})
