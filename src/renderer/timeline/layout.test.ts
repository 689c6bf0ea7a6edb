import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ProjectDoc, Rec } from '../../shared/document/model.js'
import { recordOf } from '../../shared/document/model.js'
import {
  clampScroll,
  fitScale,
  follow,
  frameToX,
  hitTest,
  rowsOf,
  segmentSpan,
  xToFrame,
  zoomAt,
} from './layout.js'

const RECORDS: readonly Rec[] = [
  { id: 'a1', type: 'track', kind: 'audio', name: 'A1', order: 0, muted: false },
  { id: 'v1', type: 'track', kind: 'video', name: 'V1', order: 0, muted: false },
  { id: 'v2', type: 'track', kind: 'video', name: 'V2', order: 1, muted: false },
  {
    id: 'asset',
    type: 'asset',
    name: 'a',
    path: 'media/a.mp4',
    bytes: 1,
    info: {
      kind: 'video',
      width: 640,
      height: 360,
      fps: { num: 25, den: 1 },
      frames: 200,
      videoCodec: 'h264',
      pixelFormat: 'yuv420p',
      colour: { matrix: 'bt709', range: 'tv' },
      audio: null,
      notes: [],
    },
  },
  { id: 'clip', type: 'clip', trackId: 'v1', assetId: 'asset', start: 10, in: 0, length: 100 },
  {
    id: 'segment',
    type: 'segment',
    clipId: 'clip',
    verb: 'remove',
    from: 20,
    to: 40,
    maskId: 'm',
    params: { dilate: null, feather: 3, seed: 0 },
    acceptedTakeId: null,
  },
]
const doc: ProjectDoc = {
  meta: { id: 'p', name: '', createdAt: '', fps: { num: 25, den: 1 }, width: 640, height: 360 },
  records: Object.fromEntries(RECORDS.map((record) => [record.id, record])),
}
const view = { scale: 4, scroll: 0, width: 800 }

describe('rows', () => {
  it('stack video above audio, the highest video track on top', () => {
    const rows = rowsOf(doc)
    expect(rows.map(({ track }) => track.id)).toEqual(['v2', 'v1', 'a1'])
    for (const [n, row] of rows.entries()) {
      const next = rows[n + 1]
      if (next) expect(next.top).toBeGreaterThanOrEqual(row.top + row.height)
    }
  })
})

it('an edit of a still is as long as the still stands', () => {
  const still = RECORDS.map((one) =>
    one.type === 'asset'
      ? { ...one, info: { ...one.info, kind: 'image' as const, frames: 1 } }
      : one,
  )
  const records = Object.fromEntries(still.map((one) => [one.id, one]))
  const segment = { ...recordOf(doc, 'segment', 'segment')!, from: 0, to: 1 }
  expect(segmentSpan({ ...doc, records }, segment)).toMatchObject({ from: 10, to: 110 })
})

describe('hit test', () => {
  const rows = rowsOf(doc)
  const row = rows[1]
  const top = row?.top ?? 0
  const bottom = top + (row?.height ?? 0) - 4

  it('finds ruler, clip, edit and nothing', () => {
    expect(hitTest(doc, rows, view, 100, 5)).toEqual({ kind: 'ruler' })
    expect(hitTest(doc, rows, view, 60, top + 30)).toEqual({ kind: 'clip', id: 'clip' })
    expect(hitTest(doc, rows, view, 30, top + 30)).toEqual({ kind: 'nothing' })
    expect(hitTest(doc, rows, view, 130, bottom)).toEqual({ kind: 'confidence', id: 'segment' })
    expect(hitTest(doc, rows, view, 160, bottom - 20)).toEqual({ kind: 'segment', id: 'segment' })
    expect(hitTest(doc, rows, view, 210, bottom)).toEqual({ kind: 'clip', id: 'clip' })
  })

  it('finds the ends of an edit from both sides, and those of the range in the ruler', () => {
    const span = segmentSpan(doc, recordOf(doc, 'segment', 'segment')!)!
    const lane = bottom - 20
    for (const edge of ['from', 'to'] as const) {
      const x = frameToX(span[edge], view)
      for (const near of [x - 4, x, x + 4]) {
        const found = { kind: 'segment-edge', id: 'segment', edge }
        expect(hitTest(doc, rows, view, near, lane)).toEqual(found)
      }
      const range = { from: 10, to: 30 }
      const found = { kind: 'range-edge', edge }
      expect(hitTest(doc, rows, view, frameToX(range[edge], view), 20, range)).toEqual(found)
    }
    expect(hitTest(doc, rows, view, 100, 20, null)).toEqual({ kind: 'ruler' })
  })
})

describe('view', () => {
  it('keeps the frame under the pointer while zooming in', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 800 }),
        fc.double({ min: 1, max: 4, noNaN: true }),
        (x, factor) => {
          const start = { ...view, scroll: 500 }
          const zoomed = zoomAt(start, x, factor, 5000)
          expect(xToFrame(x, zoomed)).toBeCloseTo(xToFrame(x, start), 6)
        },
      ),
    )
  })

  it('never zooms out beyond the whole timeline', () => {
    expect(zoomAt(view, 0, 0.0001, 500).scale).toBeCloseTo(fitScale(500, 800))
  })

  it('stays on the timeline while scrolling', () => {
    expect(clampScroll({ ...view, scroll: -50 }, 500).scroll).toBe(0)
    expect(clampScroll({ ...view, scroll: 1e6 }, 500).scroll).toBe(500 * 4 - 400)
  })

  it('turns the page when the playhead leaves', () => {
    expect(follow(100, view)).toBe(0)
    expect(follow(250, view)).toBe(250 * 4 - 80)
  })
})
