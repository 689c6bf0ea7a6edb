import { describe, expect, it } from 'vitest'
import { frameBytes, planesOf } from './layout.js'
import type { FrameFormat } from './layout.js'
import { overlayTake } from './overlayTake.js'

function format(layout: FrameFormat['layout'], range: 'tv' | 'pc' = 'tv'): FrameFormat {
  return { layout, width: 33, height: 21, colour: { matrix: 'bt709', range } }
}

function takeOf(
  { width, height }: FrameFormat,
  pixel: (x: number, y: number) => readonly number[],
): Uint8Array {
  const take = new Uint8Array(width * height * 4)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) take.set(pixel(x, y), (y * width + x) * 4)
  }
  return take
}

function source({ layout, width, height }: FrameFormat): Uint8Array {
  return Uint8Array.from({ length: frameBytes(layout, width, height) }, (_, at) => (at * 37) % 219)
}

describe('overlayTake', () => {
  it('changes nothing at all where alpha is 0', () => {
    for (const layout of ['yuv420p', 'yuv422p', 'yuv444p', 'gray', 'rgb24', 'rgba'] as const) {
      const frame = source(format(layout))
      overlayTake(
        frame,
        takeOf(format(layout), () => [255, 0, 255, 0]),
        format(layout),
      )
      expect(frame).toEqual(source(format(layout)))
    }
  })

  it.each([
    // BT.709 by ITU-R BT.709-6: white, black and pure red, to the nearest level.
    ['tv', [255, 255, 255], [235, 128, 128]],
    ['tv', [0, 0, 0], [16, 128, 128]],
    ['tv', [255, 0, 0], [63, 102, 240]],
    ['pc', [255, 0, 0], [54, 99, 255]],
    ['pc', [0, 0, 255], [18, 255, 116]],
  ] as const)('%s: %j is YUV %j', (range, rgb, yuv) => {
    const size = format('yuv420p', range)
    const frame = source(size)
    overlayTake(
      frame,
      takeOf(size, () => [...rgb, 255]),
      size,
    )
    const planes = planesOf('yuv420p', size.width, size.height)
    planes.forEach(({ offset, width, height }, n) => {
      const values = new Set(frame.subarray(offset, offset + width * height))
      expect([n, ...values]).toEqual([n, yuv[n]])
    })
  })

  it('leaves the chroma alone that pixels outside are decoded from', () => {
    const size = format('yuv420p')
    const inside = (x: number, y: number): boolean => x >= 9 && x < 27 && y >= 5 && y < 19
    const frame = source(size)
    overlayTake(
      frame,
      takeOf(size, (x, y) => [255, 0, 0, inside(x, y) ? 255 : 0]),
      size,
    )
    const before = source(size)
    const [luma, u] = planesOf('yuv420p', size.width, size.height)
    if (luma === undefined || u === undefined) throw new Error('planes')
    const changed: string[] = []
    for (let y = 0; y < u.height; y++) {
      for (let x = 0; x < u.width; x++) {
        const at = u.offset + y * u.width + x
        if (frame[at] !== before[at]) changed.push(`${x},${y}`)
      }
    }
    // Pixels inside are x 9..26, y 5..18; a sample k needs 2k - 3 to 2k + 4: x 6..11, y 4..7.
    const expected = Array.from({ length: 4 }, (_, row) =>
      Array.from({ length: 6 }, (__, column) => `${column + 6},${row + 4}`),
    ).flat()
    expect(changed).toEqual(expected)
    for (let at = 0; at < luma.width * luma.height; at++) {
      const value = inside(at % luma.width, Math.floor(at / luma.width)) ? 63 : before[at]
      expect(frame[at]).toBe(value)
    }
  })

  it('has nothing to protect past the picture itself', () => {
    const size = format('yuv420p')
    const frame = source(size)
    overlayTake(
      frame,
      takeOf(size, (x) => [255, 0, 0, x < 20 ? 255 : 0]),
      size,
    )
    const [, u] = planesOf('yuv420p', size.width, size.height)
    const row = [...frame.subarray(u?.offset, (u?.offset ?? 0) + 17)]
    // Pixels 0..19 are inside; sample 7 needs those up to 18.
    expect(row.slice(0, 8)).toEqual(Array.from({ length: 8 }, () => 102))
    expect(row.slice(8)).toEqual([
      ...source(size).subarray((u?.offset ?? 0) + 8, (u?.offset ?? 0) + 17),
    ])
  })

  it('fades chroma as it fades luma, by the alpha of the very pixels', () => {
    const size = format('yuv420p')
    const frame = new Uint8Array(frameBytes('yuv420p', size.width, size.height)).fill(128)
    overlayTake(
      frame,
      // Red at alpha 100 and blue at 20 share a sample; nothing else counts for it.
      takeOf(size, (x) => (x % 2 === 0 ? [255, 0, 0, 100] : [0, 0, 255, 20])),
      size,
    )
    const [, u, v] = planesOf('yuv420p', size.width, size.height)
    // By hand: U = 128 + ((102 - 128) * 100 + (240 - 128) * 20) / (2 * 255), V with 240 and 118.
    expect([frame[u?.offset ?? 0], frame[v?.offset ?? 0]]).toEqual([127, 150])
  })

  it('blends in proportion to alpha', () => {
    const size = format('rgb24')
    const frame = new Uint8Array(frameBytes('rgb24', 33, 21)).fill(100)
    overlayTake(
      frame,
      takeOf(size, (x) => [200, 0, 100, x === 3 ? 51 : 0]),
      size,
    )
    expect([...frame.subarray(6, 15)]).toEqual([100, 100, 100, 120, 80, 100, 100, 100, 100])
  })
})
