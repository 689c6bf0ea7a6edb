import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MaskKeyframe, MaskRec, MaskShape } from '../document/model.js'
import { maskAt, rasteriseShapes } from './rasterise.js'

const size = { width: 40, height: 30 }

const baseMask: MaskRec = {
  id: 'mask_a',
  type: 'mask',
  assetId: 'asset_a',
  name: 'Mask',
  keyframes: {},
  between: 'hold',
  feather: 0,
  grow: 0,
  inverted: false,
  overlay: { colour: '#ff0000', opacity: 0.5 },
}

const rectangle = (x: number, y: number, width: number, height: number): MaskShape => ({
  kind: 'rectangle',
  erase: false,
  x,
  y,
  width,
  height,
})

/** Coverage by counting sample points inside: slow, and right. */
function sampled(inside: (x: number, y: number) => boolean, { width, height } = size): number[] {
  const n = 8
  return Array.from({ length: width * height }, (_, at) => {
    let count = 0
    for (let sy = 0; sy < n; sy++) {
      for (let sx = 0; sx < n; sx++) {
        const x = (at % width) + (sx + 0.5) / n
        const y = Math.floor(at / width) + (sy + 0.5) / n
        if (inside(x, y)) count++
      }
    }
    return (count / (n * n)) * 255
  })
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = 0
  for (let at = 0; at < a.length; at++) most = Math.max(most, Math.abs((a[at] ?? 0) - (b[at] ?? 0)))
  return most
}

const area = (data: Uint8Array): number => data.reduce((sum, value) => sum + value, 0) / 255

/** Winding number by crossings, for the non-zero rule. */
function winding(points: readonly number[], x: number, y: number): number {
  let turns = 0
  const count = points.length / 2
  for (let at = 0; at < count; at++) {
    const next = (at + 1) % count
    const [x0, y0] = [points[at * 2] ?? 0, points[at * 2 + 1] ?? 0]
    const [x1, y1] = [points[next * 2] ?? 0, points[next * 2 + 1] ?? 0]
    if (y0 <= y === y1 <= y) continue
    if (x0 + ((y - y0) / (y1 - y0)) * (x1 - x0) < x) turns += y1 > y0 ? 1 : -1
  }
  return turns
}

describe('rasteriseShapes', () => {
  it('draws a stroke as all points within the brush radius', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -50, max: 450 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 20, max: 150 }),
        (numbers, diameter) => {
          const points = numbers.flatMap((n, at) => [n / 10, ((n * 7 + at * 90) % 300) / 10])
          const shape: MaskShape = { kind: 'stroke', erase: false, size: diameter / 10, points }
          const drawn = rasteriseShapes([shape], size, size)
          const radius = diameter / 20
          const truth = sampled((x, y) => distanceToLine(points, x, y) <= radius)
          // Coverage from the distance differs from the area where the rim is strongly curved, and by
          // half of a pixel at most where two arms of the stroke meet in it: the nearer one counts.
          expect(largestDifference(drawn, truth)).toBeLessThan(130)
          expect(Math.abs(area(drawn) - truth.reduce((a, b) => a + b, 0) / 255)).toBeLessThan(6)
        },
      ),
      { numRuns: 12 },
    )
  })

  it('covers a pixel by exactly the share of a polygon in it, also across the border', () => {
    const coordinate = fc.integer({ min: -150, max: 550 }).map((n) => n / 10)
    fc.assert(
      fc.property(fc.array(coordinate, { minLength: 6, maxLength: 6 }), (points) => {
        const drawn = rasteriseShapes([{ kind: 'lasso', erase: false, points }], size, size)
        const truth = sampled((x, y) => winding(points, x, y) !== 0)
        expect(largestDifference(drawn, truth)).toBeLessThan(40)
      }),
      { numRuns: 20 },
    )
  })

  it('fills a self-crossing lasso without holes where it runs round twice', () => {
    const loop = [5, 5, 35, 5, 35, 25, 5, 25]
    const points = [...loop, ...loop]
    const drawn = rasteriseShapes([{ kind: 'lasso', erase: false, points }], size, size)
    expect(drawn[15 * 40 + 20]).toBe(255)
    expect(area(drawn)).toBeCloseTo(600, 0)
  })

  it('draws rectangles and ellipses with their exact area', () => {
    const box = { x: 4.25, y: 3.5, width: 20.5, height: 15.25, erase: false }
    expect(area(rasteriseShapes([{ kind: 'rectangle', ...box }], size, size))).toBeCloseTo(
      20.5 * 15.25,
      0,
    )
    const ellipse = area(rasteriseShapes([{ kind: 'ellipse', ...box }], size, size))
    expect(Math.abs(ellipse - (Math.PI / 4) * 20.5 * 15.25)).toBeLessThan(2)
  })

  it('erases in order', () => {
    const shapes: MaskKeyframe = [
      rectangle(0, 0, 40, 30),
      { kind: 'stroke', erase: true, size: 10, points: [20, 15] },
      { kind: 'stroke', erase: false, size: 2, points: [20.5, 15.5] },
    ]
    const drawn = rasteriseShapes(shapes, size, size)
    expect(drawn[15 * 40 + 20]).toBe(255)
    expect(drawn[15 * 40 + 23]).toBe(0)
    expect(drawn[15 * 40 + 30]).toBe(255)
  })

  it('scales shapes with the picture', () => {
    const shapes: MaskKeyframe = [
      rectangle(8, 6, 16, 12),
      { kind: 'stroke', erase: false, size: 6, points: [30, 20, 34, 24] },
    ]
    const one = area(rasteriseShapes(shapes, size, size))
    const half = area(rasteriseShapes(shapes, size, { width: 20, height: 15 }))
    expect(Math.abs(half - one / 4)).toBeLessThan(2)
  })

  it('stretches a bitmap over the frame and redraws when it arrives', () => {
    const shapes: MaskKeyframe = [{ kind: 'bitmap', erase: false, path: 'masks/a.png' }]
    const data = new Uint8Array(80 * 60)
    for (let y = 0; y < 60; y++) data.fill(200, y * 80, y * 80 + 40)
    expect(area(rasteriseShapes(shapes, size, size))).toBe(0)
    const bitmap = { width: 80, height: 60, data }
    const drawn = rasteriseShapes(shapes, size, size, () => bitmap)
    expect(drawn[10 * 40 + 10]).toBe(200)
    expect(drawn[10 * 40 + 30]).toBe(0)
    const large = rasteriseShapes(shapes, size, { width: 160, height: 120 }, () => bitmap)
    expect(large[60 * 160 + 40]).toBe(200)
    expect(large[60 * 160 + 120]).toBe(0)
  })

  it('draws one more shape on top of the last drawing, and draws anew after many others', () => {
    const shapes: MaskShape[] = Array.from({ length: 12 }, (_, at) => ({
      kind: 'stroke',
      erase: at % 3 === 2,
      size: 6,
      points: [at * 3, 5, 20, at * 2],
    }))
    const copies = structuredClone(shapes)
    for (let count = 1; count <= shapes.length; count++) {
      const drawn = rasteriseShapes(shapes.slice(0, count), size, size)
      expect(drawn).toEqual(rasteriseShapes(structuredClone(copies.slice(0, count)), size, size))
    }
    // The same last shape after other ones before it.
    const swapped = [shapes[2], ...shapes.slice(5)].filter((shape) => shape !== undefined)
    expect(rasteriseShapes(swapped, size, size)).toEqual(
      rasteriseShapes(structuredClone(swapped), size, size),
    )
  })

  it('hands out a copy that the caller may change', () => {
    const shapes: MaskKeyframe = [rectangle(0, 0, 10, 10)]
    rasteriseShapes(shapes, size, size).fill(7)
    expect(rasteriseShapes(shapes, size, size)[0]).toBe(255)
  })
})

function distanceToLine(points: readonly number[], x: number, y: number): number {
  let least = Infinity
  for (let at = 0; at < points.length; at += 2) {
    const [ax, ay] = [points[at] ?? 0, points[at + 1] ?? 0]
    const [bx, by] = [points[at + 2] ?? ax, points[at + 3] ?? ay]
    const length2 = (bx - ax) ** 2 + (by - ay) ** 2
    const along = length2 === 0 ? 0 : ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length2
    const t = Math.min(1, Math.max(0, along))
    least = Math.min(least, Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)))
  }
  return least
}

describe('maskAt', () => {
  const moving: MaskRec = {
    ...baseMask,
    between: 'interpolate',
    keyframes: { '10': [rectangle(2, 5, 8, 8)], '20': [rectangle(22, 15, 8, 8)] },
  }
  const at = (mask: MaskRec, frame: number): Uint8Array => maskAt(mask, frame, size, size)

  it('is empty without key frames, and full when inverted', () => {
    expect(area(at(baseMask, 3))).toBe(0)
    expect(area(at({ ...baseMask, inverted: true }, 3))).toBe(40 * 30)
  })

  it('holds the earlier key frame, the first before it and the last after it', () => {
    const mask: MaskRec = { ...moving, between: 'hold' }
    expect(at(mask, 0)).toEqual(at(mask, 10))
    expect(at(mask, 19)).toEqual(at(mask, 10))
    expect(at(mask, 99)).toEqual(at(mask, 20))
    expect(at(mask, 19)).not.toEqual(at(mask, 20))
  })

  it('moves the shape halfway between two key frames and keeps its size', () => {
    const middle = at(moving, 15)
    const truth = rasteriseShapes([rectangle(12, 10, 8, 8)], size, size)
    expect(largestDifference(middle, truth)).toBeLessThan(2)
    expect(at(moving, 10)).toEqual(at(moving, 5))
    expect(at(moving, 20)).toEqual(rasteriseShapes([rectangle(22, 15, 8, 8)], size, size))
  })

  it('reshapes a small mask towards a large one', () => {
    const mask: MaskRec = {
      ...moving,
      keyframes: { '0': [rectangle(18, 13, 4, 4)], '10': [rectangle(10, 5, 20, 20)] },
    }
    expect(Math.abs(area(at(mask, 5)) - 144)).toBeLessThan(30)
  })

  it('holds next to an empty key frame, which has nothing to move towards', () => {
    const mask: MaskRec = { ...moving, keyframes: { '0': [rectangle(2, 2, 8, 8)], '10': [] } }
    expect(at(mask, 9)).toEqual(at(mask, 0))
    expect(area(at(mask, 10))).toBe(0)
    // Painted and erased again is just as empty, but only the drawing shows it.
    const erased: MaskKeyframe = [
      rectangle(2, 2, 8, 8),
      { ...rectangle(0, 0, 40, 30), erase: true } as MaskShape,
    ]
    expect(at({ ...mask, keyframes: { ...mask.keyframes, '10': erased } }, 9)).toEqual(at(mask, 0))
  })

  it('blends with a mask that covers the whole picture', () => {
    const mask: MaskRec = {
      ...moving,
      keyframes: { '0': [rectangle(10, 10, 10, 10)], '10': [rectangle(0, 0, 40, 30)] },
    }
    expect(area(at(mask, 5))).toBe(40 * 30)
  })

  it('draws a between shape as the interpolated mask it was made from', () => {
    const [before, after] = [moving.keyframes['10'] ?? [], moving.keyframes['20'] ?? []]
    const shapes: MaskKeyframe = [{ kind: 'between', erase: false, before, after, t: 0.3 }]
    expect(rasteriseShapes(shapes, size, size)).toEqual(at(moving, 13))
  })

  it('grows and shrinks by source pixels', () => {
    const mask: MaskRec = { ...baseMask, keyframes: { '0': [rectangle(10, 10, 10, 10)] } }
    const grown = area(at({ ...mask, grow: 3 }, 0))
    expect(Math.abs(grown - (100 + 4 * 30 + Math.PI * 9))).toBeLessThan(6)
    expect(area(at({ ...mask, grow: -3 }, 0))).toBeCloseTo(16, 0)
    const half = maskAt({ ...mask, grow: 4 }, 0, size, { width: 20, height: 15 })
    expect(Math.abs(area(half) - (25 + 4 * 10 + Math.PI * 4))).toBeLessThan(4)
  })

  it('feathers after inverting, half to each side', () => {
    const mask: MaskRec = { ...baseMask, keyframes: { '0': [rectangle(0, 0, 20, 30)] } }
    const row = [...at({ ...mask, feather: 12 }, 0)].slice(15 * 40, 16 * 40)
    expect(row.slice(0, 13).every((value) => value === 255)).toBe(true)
    expect(row.slice(27).every((value) => value === 0)).toBe(true)
    const edge = row.slice(13, 27)
    expect(edge).toEqual([...edge].sort((a, b) => b - a))
    expect(new Set(edge).size).toBeGreaterThan(8)
    expect((row[19] ?? 0) + (row[20] ?? 0)).toBe(255)
    const inverted = [...at({ ...mask, feather: 12, inverted: true }, 0)].slice(15 * 40, 16 * 40)
    expect(inverted).toEqual(row.map((value) => 255 - value))
  })
})
