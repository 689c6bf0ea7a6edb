import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Gesture, PaintToolName } from './index.js'
import { beginGesture } from './index.js'
import { finishPoints, simplify, smooth } from '../../../shared/mask/points.js'
import { constrainAngle } from './tool.js'

const at = (x: number, y: number, constrain = false) => ({ x, y, constrain })
const options = { size: 20, erase: false }

function draw(
  name: PaintToolName,
  points: readonly (readonly [number, number])[],
  constrain = false,
  erase = false,
): Gesture {
  const [first, ...rest] = points
  let gesture = beginGesture(name, at(first?.[0] ?? 0, first?.[1] ?? 0), { size: 20, erase })
  for (const [x, y] of rest) gesture = gesture.move(at(x, y, constrain))
  return gesture
}

/** Distance of a point to a polyline. */
function distanceTo(points: readonly number[], x: number, y: number): number {
  let best = Infinity
  for (let i = 0; i + 3 < points.length; i += 2) {
    const [ax = 0, ay = 0, bx = 0, by = 0] = points.slice(i, i + 4)
    const length = (bx - ax) ** 2 + (by - ay) ** 2
    const t =
      length === 0
        ? 0
        : Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length))
    best = Math.min(best, Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)))
  }
  return best
}

describe('simplify', () => {
  it('leaves only the ends of a straight line', () => {
    const line = Array.from({ length: 50 }, (_, i) => [i, 2 * i]).flat()
    expect(simplify(line)).toEqual([0, 0, 49, 98])
  })

  it('keeps corners', () => {
    expect(simplify([0, 0, 5, 0, 10, 0, 10, 5, 10, 10])).toEqual([0, 0, 10, 0, 10, 10])
  })

  it('never moves the line by more than the tolerance', () => {
    const coordinate = fc.double({ min: 0, max: 500, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(coordinate, coordinate), { minLength: 2, maxLength: 60 }),
        fc.double({ min: 0.1, max: 20, noNaN: true }),
        (pairs, tolerance) => {
          const kept = simplify(pairs.flat(), tolerance)
          for (const [x, y] of pairs) {
            expect(distanceTo(kept, x, y)).toBeLessThanOrEqual(tolerance + 1e-6)
          }
        },
      ),
    )
  })

  it('copes with a very long stroke and thins it to the limit', () => {
    const long = Array.from({ length: 20_000 }, (_, i) => [i % 1000, 300 * Math.sin(i)]).flat()
    expect(finishPoints(long, 500).length).toBeLessThanOrEqual(1000)
  })
})

describe('smooth', () => {
  it('takes jitter out and keeps both ends', () => {
    const out = smooth([0, 0, 1, 4, 2, 0, 3, 4, 4, 0])
    expect(out.slice(0, 2)).toEqual([0, 0])
    expect(out.slice(-2)).toEqual([4, 0])
    expect(out[3]).toBe(2)
  })
})

describe('constrainAngle', () => {
  it.each([
    [10, 1, 10, 0],
    [1, -10, 0, -10],
    [10, 9, 9.5, 9.5],
  ])('turns %d,%d to %d,%d', (x, y, toX, toY) => {
    const end = constrainAngle({ x: 0, y: 0 }, { x, y })
    expect(end.x).toBeCloseTo(toX)
    expect(end.y).toBeCloseTo(toY)
  })
})

describe('brush and eraser', () => {
  it('leaves a dot for a click', () => {
    expect(draw('brush', [[5, 6]]).commit()).toEqual({
      kind: 'stroke',
      erase: false,
      size: 20,
      points: [5, 6],
    })
  })

  it('commits a thinned, rounded stroke from first to last point', () => {
    const path = Array.from({ length: 40 }, (_, i) => [i + 0.123, 10.06] as const)
    expect(draw('brush', path).commit()).toMatchObject({ points: [0.1, 10.1, 39.1, 10.1] })
  })

  it('keeps one straight piece while Shift is held, and goes on freehand after it', () => {
    const held = draw(
      'brush',
      [
        [0, 0],
        [30, 2],
        [60, 3],
      ],
      true,
    )
    expect(held.commit()).toMatchObject({ points: [0, 0, 60, 0] })
    expect(held.move(at(60, 40)).preview()).toMatchObject({ points: [0, 0, 60, 0, 60, 40] })
  })

  it('is a reducer: a gesture left behind is unchanged', () => {
    const begun = beginGesture('brush', at(0, 0), options)
    begun.move(at(50, 50))
    expect(begun.commit()).toMatchObject({ points: [0, 0] })
  })

  it('erases with the eraser whatever the options say', () => {
    expect(draw('eraser', [[5, 6]]).commit()).toMatchObject({ erase: true, size: 20 })
  })
})

describe('rectangle and ellipse', () => {
  it.each(['rectangle', 'ellipse'] as const)('spans any two corners (%s)', (name) => {
    const shape = draw(name, [
      [50, 60],
      [10, 20],
    ]).commit()
    expect(shape).toEqual({ kind: name, erase: false, x: 10, y: 20, width: 40, height: 40 })
  })

  it('makes a square towards the pointer with Shift', () => {
    const shape = draw(
      'rectangle',
      [
        [50, 50],
        [20, 45],
      ],
      true,
    ).commit()
    expect(shape).toMatchObject({ x: 20, y: 20, width: 30, height: 30 })
  })

  it('commits nothing for a click', () => {
    expect(draw('ellipse', [[50, 60]]).commit()).toBeNull()
  })
})

describe('lasso', () => {
  it('encloses an area', () => {
    const shape = draw('lasso', [
      [0, 0],
      [40, 0],
      [40, 40],
      [0, 40],
    ]).commit()
    expect(shape?.kind).toBe('lasso')
  })

  it('commits nothing for a click or a line', () => {
    expect(draw('lasso', [[1, 1]]).commit()).toBeNull()
    expect(
      draw('lasso', [
        [0, 0],
        [5, 0],
        [9, 0],
      ]).commit(),
    ).toBeNull()
  })
})
