import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dilate, erode, signedDistance } from './distance.js'
import { featherEdge } from './feather.js'

const picture = fc
  .tuple(fc.integer({ min: 1, max: 14 }), fc.integer({ min: 1, max: 12 }))
  .chain(([width, height]) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      data: fc
        .array(fc.boolean(), { minLength: width * height, maxLength: width * height })
        .map((bits) => Uint8Array.from(bits, (bit) => (bit ? 255 : 0))),
    }),
  )

/** Nearest pixel of the other kind, by looking at all of them. */
function bruteForce(data: Uint8Array, width: number): number[] {
  return Array.from(data, (value, at) => {
    let least = Infinity
    data.forEach((other, there) => {
      if (other === value) return
      const dx = (there % width) - (at % width)
      const dy = Math.floor(there / width) - Math.floor(at / width)
      least = Math.min(least, Math.hypot(dx, dy))
    })
    return value === 255 ? 0.5 - least : least - 0.5
  })
}

describe('signedDistance', () => {
  it('is the exact Euclidean distance to the edge', () => {
    fc.assert(
      fc.property(picture, ({ data, width, height }) => {
        const distance = signedDistance(data, width, height)
        bruteForce(data, width).forEach((expected, at) => {
          if (Number.isFinite(expected)) expect(distance[at]).toBeCloseTo(expected, 4)
          else expect(distance[at]).toBe(expected)
        })
      }),
    )
  })
})

describe('dilate and erode', () => {
  it('leave the mask alone at radius 0 and only ever grow or shrink', () => {
    fc.assert(
      fc.property(picture, fc.double({ min: 0, max: 4, noNaN: true }), (image, radius) => {
        const { data, width, height } = image
        expect(dilate(data, width, height, 0)).toEqual(data)
        const grown = dilate(data, width, height, radius)
        const shrunk = erode(data, width, height, radius)
        data.forEach((value, at) => {
          expect(grown[at]).toBeGreaterThanOrEqual(value)
          expect(shrunk[at]).toBeLessThanOrEqual(value)
        })
      }),
    )
  })

  it('give the same whether the mask fills its picture or lies in a corner of a large one', () => {
    fc.assert(
      fc.property(picture, fc.double({ min: 0.5, max: 5, noNaN: true }), (image, radius) => {
        const pad = 9
        const [width, height] = [image.width + 2 * pad, image.height + 2 * pad]
        const embed = (margin: number): Uint8Array => {
          const wide = new Uint8Array((width + margin) * (height + margin))
          for (let y = 0; y < image.height; y++) {
            const row = image.data.subarray(y * image.width, (y + 1) * image.width)
            wide.set(row, (y + pad) * (width + margin) + pad)
          }
          return wide
        }
        const cut = (data: Uint8Array, margin: number): number[] =>
          [...data].filter((_, at) => {
            const x = at % (width + margin)
            return x < width && Math.floor(at / (width + margin)) < height
          })
        for (const filter of [dilate, erode, featherEdge]) {
          const small = filter(embed(0), width, height, radius)
          const large = filter(embed(30), width + 30, height + 30, radius)
          expect(cut(large, 30)).toEqual([...small])
        }
      }),
      { numRuns: 30 },
    )
  })

  it('are each other mirrored', () => {
    fc.assert(
      fc.property(picture, fc.integer({ min: 1, max: 4 }), (image, radius) => {
        const { data, width, height } = image
        const flip = (values: Uint8Array): Uint8Array => values.map((value) => 255 - value)
        const viaErode = flip(erode(flip(data), width, height, radius))
        dilate(data, width, height, radius).forEach((value, at) => {
          expect(Math.abs(value - (viaErode[at] ?? 0))).toBeLessThanOrEqual(1)
        })
      }),
    )
  })

  it('do not shrink a mask at the border of the picture', () => {
    expect(erode(new Uint8Array(12).fill(255), 4, 3, 2)).toEqual(new Uint8Array(12).fill(255))
  })
})

describe('featherEdge', () => {
  it('keeps even areas even and ends after half its width', () => {
    const width = 60
    const data = new Uint8Array(width * 3)
    for (let y = 0; y < 3; y++) data.fill(255, y * width + 30, (y + 1) * width)
    for (const feather of [0.5, 3, 7, 20]) {
      const soft = featherEdge(data, width, 3, feather)
      const reach = Math.ceil(feather / 2) + 3
      for (let x = 0; x < width; x++) {
        if (x < 30 - reach) expect(soft[x]).toBe(0)
        if (x >= 30 + reach) expect(soft[x]).toBe(255)
      }
      expect([...soft.subarray(0, width)]).toEqual([...soft.subarray(width, 2 * width)])
    }
  })
})
