import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ProjectDoc, Rec } from '../../shared/document/model.js'
import { freeStart, nearestTarget, snapSpan, snapTargets } from './snapping.js'

describe('snap targets', () => {
  const clip = (id: string, start: number): Rec => ({
    id,
    type: 'clip',
    trackId: 't',
    assetId: 'a',
    start,
    in: 0,
    length: 10,
  })
  const doc: ProjectDoc = {
    meta: { id: 'p', name: '', createdAt: '', fps: { num: 30, den: 1 }, width: 1, height: 1 },
    records: {
      c1: clip('c1', 5),
      c2: clip('c2', 40),
      m: { id: 'm', type: 'marker', frame: 33, label: '' },
    },
  }

  it('are cuts, markers, range and playhead, without the clip that moves', () => {
    expect(snapTargets(doc, { range: null, playhead: null })).toEqual([0, 5, 15, 33, 40, 50])
    expect(
      snapTargets(doc, { range: { from: 2, to: 60 }, playhead: 7, movingClipIds: new Set(['c2']) }),
    ).toEqual([0, 2, 5, 7, 15, 33, 60])
  })
})

describe('snapping', () => {
  it('pulls within 8 pixels at any zoom, to the nearest', () => {
    expect(nearestTarget(103, [100, 105], 2)).toBe(105)
    expect(nearestTarget(103, [100], 4)).toBeNull()
    expect(nearestTarget(103, [100], 0.1)).toBe(100)
  })

  it('lets either end of a clip meet a target', () => {
    expect(snapSpan(101, 50, [100, 400], 2)).toEqual({ start: 100, guide: 100 })
    expect(snapSpan(98, 50, [150], 2)).toEqual({ start: 100, guide: 150 })
    expect(snapSpan(70, 50, [10], 2)).toEqual({ start: 70, guide: null })
  })
})

describe('freeStart', () => {
  it('keeps a free place and slides to the nearer side of a taken one', () => {
    const others = [{ start: 50, length: 50 }]
    expect(freeStart(10, 30, others)).toBe(10)
    expect(freeStart(40, 30, others)).toBe(20)
    expect(freeStart(90, 30, others)).toBe(100)
    expect(freeStart(-5, 30, others)).toBe(0)
  })

  it('never overlaps, whatever lies on the track', () => {
    const spans = fc
      .array(fc.record({ gap: fc.nat(20), length: fc.integer({ min: 1, max: 40 }) }), {
        maxLength: 8,
      })
      .map((list) => {
        let at = 0
        return list.map(({ gap, length }) => {
          const start = at + gap
          at = start + length
          return { start, length }
        })
      })
    fc.assert(
      fc.property(
        spans,
        fc.integer({ min: -50, max: 400 }),
        fc.integer({ min: 1, max: 60 }),
        (others, wanted, length) => {
          const start = freeStart(wanted, length, others)
          expect(start).toBeGreaterThanOrEqual(0)
          expect(
            others.some(
              (other) => start < other.start + other.length && other.start < start + length,
            ),
          ).toBe(false)
        },
      ),
    )
  })
})
