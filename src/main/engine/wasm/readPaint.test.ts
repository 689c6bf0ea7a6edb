import { describe, expect, it } from 'vitest'
import { bicubicChannels } from '../vision/sample.js'
import { readInVectors } from './readPaint.js'

function picture(width: number, height: number, seed: number) {
  const data = Uint8Array.from({ length: width * height * 4 }, (_, n) => (n * 7919 + seed) >> 3)
  return { width, height, data }
}

/** Places over all of a picture, its edges and corners among them. */
function placesOf({ width, height }: { width: number; height: number }): Float32Array {
  const inner = Array.from({ length: 1500 }, (_, n) => [
    ((n * 0.618) % 1) * (width - 1),
    ((n * 0.7548) % 1) * (height - 1),
  ])
  const edges = [0, 0.3, width - 1.2, width - 1].flatMap((x) =>
    [0, 0.6, height - 1.5, height - 1].map((y) => [x, y]),
  )
  return Float32Array.from([...inner, ...edges].flat())
}

function differs(from: ReturnType<typeof picture>): number {
  const places = placesOf(from)
  const out = new Float32Array(places.length * 2)
  expect(readInVectors(from, places, places.length / 2, out)).toBe(true)
  const one = new Float32Array(4)
  let most = 0
  for (let n = 0; n < places.length / 2; n++) {
    bicubicChannels(from, 4, places[n * 2]!, places[n * 2 + 1]!, one)
    for (let c = 0; c < 4; c++) most = Math.max(most, Math.abs(one[c]! - out[n * 4 + c]!))
  }
  return most
}

describe('paint read in vectors', () => {
  it('is what is read one by one, in turn from three pictures and of another size', () => {
    const [a, b, c] = [picture(61, 43, 1), picture(61, 43, 222), picture(61, 43, 3)]
    for (const from of [a, b, a, c, a, picture(90, 20, 5), b, picture(1, 1, 9)]) {
      expect(differs(from)).toBeLessThan(0.001)
    }
  })

  it('is the pixel itself, to the bit, where a place is one', () => {
    const from = picture(16, 9, 77)
    const places = Float32Array.from([0, 0, 5, 3, 15, 8])
    const out = new Float32Array(12)
    readInVectors(from, places, 3, out)
    expect([...out]).toEqual(
      [0, 3 * 16 + 5, 8 * 16 + 15].flatMap((n) => [...from.data.subarray(n * 4, n * 4 + 4)]),
    )
  })
})
