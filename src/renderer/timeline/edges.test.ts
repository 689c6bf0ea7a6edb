import { describe, expect, it } from 'vitest'
import { clip, documentOf, asset, mask, segment, track } from '../../../tests/fixtures/documents.js'
import { apply } from '../../shared/document/apply.js'
import { recordOf } from '../../shared/document/model.js'
import { dragRangeEdge, dragSegmentEdge } from './dragEdge.js'
import { lanesOf } from './lanes.js'

const doc = documentOf(
  asset('asset_a'),
  track('track_v'),
  clip('clip_a', { start: 100, in: 10, length: 50 }),
  mask('mask_a'),
  segment('segment_a', { from: 20, to: 40 }),
  segment('segment_b', { from: 40, to: 50 }),
  segment('segment_c', { from: 30, to: 45 }),
)

describe('the ends of an edit', () => {
  it.each([
    ['from', 115, 25],
    ['from', 0, 10],
    ['from', 149, 39],
    ['to', 120, 30],
    ['to', 400, 60],
    ['to', 0, 21],
  ] as const)('%s dragged to timeline frame %i is source frame %i', (edge, frame, expected) => {
    const command = dragSegmentEdge(doc, 'segment_a', edge, frame)
    if (command === null) throw new Error('no command')
    const applied = apply(doc, command)
    expect(applied.ok && recordOf(applied.doc, 'segment', 'segment_a')?.[edge]).toBe(expected)
  })

  it('need no command where they are', () => {
    expect(dragSegmentEdge(doc, 'segment_a', 'from', 110)).toBeNull()
    expect(dragSegmentEdge(doc, 'segment_a', 'to', 130)).toBeNull()
  })
})

describe('the ends of the range', () => {
  it('never meet and stay on the timeline', () => {
    const range = { from: 10, to: 20 }
    expect(dragRangeEdge(range, 'from', 25, 100)).toEqual({ from: 19, to: 20 })
    expect(dragRangeEdge(range, 'from', -5, 100)).toEqual({ from: 0, to: 20 })
    expect(dragRangeEdge(range, 'to', 3, 100)).toEqual({ from: 10, to: 11 })
    expect(dragRangeEdge(range, 'to', 500, 100)).toEqual({ from: 10, to: 100 })
  })
})

describe('lanes of edits', () => {
  it('give one of its own to each edit that overlaps another', () => {
    const lanes = lanesOf(doc, 'clip_a')
    const [a, b, c] = ['segment_a', 'segment_b', 'segment_c'].map((id) => lanes.of(id))
    expect(a).toEqual(b)
    expect([c?.top, a?.top]).toEqual([0, c?.height])
    expect(lanes.height).toBe(2 * (a?.height ?? 0))
  })

  it('stand in the order of the layers, the uppermost first', () => {
    const layers = ['segment_x', 'segment_z', 'segment_y'].map((id, layer) => ({
      ...segment(id),
      layer,
    }))
    const stacked = documentOf(asset('asset_a'), track('track_v'), clip('clip_a'), ...layers)
    const lanes = lanesOf(stacked, 'clip_a')
    const tops = ['segment_y', 'segment_z', 'segment_x'].map((id) => lanes.of(id).top)
    expect(tops).toEqual([0, 12, 24])
  })

  it('are none without edits, and three at most', () => {
    expect(lanesOf(doc, 'clip_none').height).toBe(0)
    const many = ['p', 'q', 'r', 's', 't'].map((name) => segment(`segment_${name}`))
    const full = documentOf(asset('asset_a'), track('track_v'), clip('clip_a'), ...many)
    const lanes = lanesOf(full, 'clip_a')
    expect(new Set(many.map(({ id }) => lanes.of(id).top)).size).toBe(3)
    expect(lanes.height).toBeLessThanOrEqual(36)
  })
})
