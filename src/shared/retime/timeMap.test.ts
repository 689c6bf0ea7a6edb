import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RetimeOperation } from './operations.js'
import { EASINGS } from './operations.js'
import { buildTimeMap, sourceAt, timeOf } from './timeMap.js'

const all = (operations: readonly RetimeOperation[], frames: number): number[] => {
  const map = buildTimeMap(operations, frames)
  return Array.from({ length: map.frames }, (_, n) => sourceAt(map, n))
}
const whole = (frames: number): { from: number; to: number } => ({ from: 0, to: frames })

const lengths = fc.integer({ min: 1, max: 400 })
const factors = fc.double({ min: 0.05, max: 50, noNaN: true })
const operations = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('speed' as const),
      from: fc.nat(400),
      to: fc.nat(400),
      factor: factors,
    }),
    fc.record({
      ...{ kind: fc.constant('ramp' as const), from: fc.nat(400), to: fc.nat(400) },
      ...{ start: factors, end: factors, easing: fc.constantFrom(...EASINGS) },
    }),
    fc.record({
      kind: fc.constantFrom('reverse' as const, 'ping-pong' as const),
      from: fc.nat(400),
      to: fc.nat(400),
    }),
    fc.record({
      kind: fc.constant('freeze' as const),
      at: fc.nat(400),
      frames: fc.integer({ min: 1, max: 100 }),
    }),
  ),
  { maxLength: 5 },
)

describe('time map', () => {
  it('keeps every frame where nothing is asked for', () => {
    fc.assert(
      fc.property(lengths, (n) => {
        expect(all([], n)).toEqual(Array.from({ length: n }, (_, k) => k))
      }),
    )
  })

  it('lasts exactly as long as its pieces, rounded once', () => {
    fc.assert(
      fc.property(operations, lengths, (steps, n) => {
        const map = buildTimeMap(steps, n)
        const sum = map.pieces.reduce((time, { piece }) => time + timeOf(piece), 0)
        expect(Math.abs(map.frames - Math.max(1, sum))).toBeLessThanOrEqual(0.5 + 1e-5)
        expect(map.pieces[0]?.start).toBe(0)
        for (const [k, { start }] of map.pieces.entries()) {
          if (k > 0) expect(start).toBe(map.pieces[k - 1]?.end)
        }
      }),
    )
  })

  it('never leaves the range by more than the frame that slow motion leans on', () => {
    fc.assert(
      fc.property(operations, lengths, (steps, n) => {
        for (const at of all(steps, n)) {
          expect(at).toBeGreaterThanOrEqual(-60)
          expect(at).toBeLessThanOrEqual(n + 60)
        }
      }),
    )
  })

  it('moves one way inside each piece', () => {
    fc.assert(
      fc.property(operations, lengths, (steps, n) => {
        const map = buildTimeMap(steps, n)
        for (const { piece, start, end } of map.pieces) {
          for (let at = start + 1; at < end; at++) {
            const step = sourceAt(map, at) - sourceAt(map, at - 1)
            if (piece.kind === 'hold') expect(step).toBe(0)
            else expect(step * (piece.to - piece.from)).toBeGreaterThan(0)
          }
        }
      }),
    )
  })

  it('is itself again after two reversals', () => {
    fc.assert(
      fc.property(lengths, factors, (n, factor) => {
        const once = { kind: 'reverse', ...whole(n) } as const
        const speed = { kind: 'speed', ...whole(n), factor } as const
        expect(all([once, once], n)).toEqual(all([], n))
        expect(all([speed, once, once], n)).toEqual(all([speed], n))
      }),
    )
  })

  it('is itself again at twice half the speed', () => {
    const steps = [0.5, 2].map((factor) => ({ kind: 'speed', ...whole(30), factor }) as const)
    expect(all(steps, 30)).toEqual(all([], 30))
  })

  it('meets whole frames at whole factors', () => {
    expect(all([{ kind: 'speed', ...whole(4), factor: 0.5 }], 4)).toEqual([
      0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5,
    ])
    expect(all([{ kind: 'speed', ...whole(9), factor: 3 }], 9)).toEqual([0, 3, 6])
    expect(all([{ kind: 'reverse', ...whole(4) }], 4)).toEqual([3, 2, 1, 0])
    expect(
      all(
        [
          { kind: 'reverse', ...whole(3) },
          { kind: 'speed', ...whole(3), factor: 0.5 },
        ],
        3,
      ),
    ).toEqual([2, 1.5, 1, 0.5, 0, -0.5])
  })

  it('starts each piece on a whole frame, whatever the one before lasts', () => {
    // Three frames at double speed last 1.5: the fourth comes on frame 2, and those after it follow.
    expect(all([{ kind: 'speed', from: 0, to: 3, factor: 2 }], 6)).toEqual([0, 2, 3, 4, 5])
  })

  it('holds a frame before it plays on from it', () => {
    expect(all([{ kind: 'freeze', at: 2, frames: 3 }], 4)).toEqual([0, 1, 2, 2, 2, 2, 3])
    expect(all([{ kind: 'freeze', at: 0, frames: 2 }], 2)).toEqual([0, 0, 0, 1])
    expect(
      all(
        [
          { kind: 'reverse', ...whole(4) },
          { kind: 'freeze', at: 2, frames: 2 },
        ],
        4,
      ),
    ).toEqual([3, 2, 2, 2, 1, 0])
  })

  it('goes there and back', () => {
    expect(all([{ kind: 'ping-pong', ...whole(3) }], 3)).toEqual([0, 1, 2, 2, 1, 0])
  })

  it('changes only the range that an operation names', () => {
    expect(all([{ kind: 'speed', from: 2, to: 4, factor: 0.5 }], 6)).toEqual([
      0, 1, 2, 2.5, 3, 3.5, 4, 5,
    ])
    expect(all([{ kind: 'reverse', from: 1, to: 4 }], 5)).toEqual([0, 3, 2, 1, 4])
  })

  it.each(EASINGS)('ramps at the mean of both speeds, without a jump: %s', (easing) => {
    const ramp = { kind: 'ramp', ...whole(90), start: 1, end: 2, easing } as const
    const at = all([ramp], 90)
    expect(at).toHaveLength(60)
    const steps = at.slice(1).map((here, n) => here - (at[n] ?? 0))
    expect(steps[0]).toBeCloseTo(1, 1)
    expect(steps.at(-1)).toBeCloseTo(2, 1)
    for (const [n, step] of steps.entries()) {
      if (n > 0) expect(step).toBeGreaterThanOrEqual((steps[n - 1] ?? 0) - 1e-5)
    }
  })

  it('ramps once over what plays there and back', () => {
    const steps = [
      { kind: 'ping-pong', ...whole(30) },
      { kind: 'ramp', ...whole(30), start: 0.5, end: 1.5, easing: 'linear' },
    ] as const
    const at = all(steps, 30)
    expect(at).toHaveLength(60)
    expect(at[1]).toBeCloseTo(0.5, 1)
    expect((at[58] ?? 0) - (at[59] ?? 0)).toBeCloseTo(1.5, 1)
  })
})
