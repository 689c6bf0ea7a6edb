import { describe, expect, it } from 'vitest'
import { acceptedLayers, stackOf, stacksOf } from './layers.js'
import type { ClipRec, ProjectDoc, Rec } from './model.js'
import { idSchema } from './schema/index.js'

const CLIP: ClipRec = {
  ...{ id: 'clip_a', type: 'clip', trackId: 'track_v', assetId: 'asset_a' },
  ...{ start: 0, in: 0, length: 100 },
}

/** A segment of the clip with one accepted take, made in the given minute. */
function edit(name: string, from: number, to: number, minute: number, takeTo = to): Rec[] {
  return [
    {
      ...{ id: `segment_${name}`, type: 'segment', verb: 'remove', clipId: 'clip_a', from, to },
      ...{ maskId: 'mask_m', params: { dilate: null, feather: 2, seed: 1 } },
      acceptedTakeId: `take_${name}`,
    },
    {
      ...{ id: `take_${name}`, type: 'take', segmentId: `segment_${name}`, path: '', name },
      createdAt: `2025-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`,
      ...{ from, to: takeTo, confidence: 1, seconds: 1 },
    },
  ]
}

function project(...records: Rec[][]): ProjectDoc {
  const meta = { id: 'project_a', name: 'A', createdAt: '2025-01-01T00:00:00.000Z' }
  return {
    meta: { ...meta, fps: { num: 25, den: 1 }, width: 16, height: 16 },
    records: Object.fromEntries([CLIP, ...records.flat()].map((one) => [one.id, one])),
  }
}

const names = (doc: ProjectDoc): string[] =>
  stacksOf(doc, 'clip_a').map(
    ({ from, to, layers }) => `${from}-${to}: ${layers.map(({ take }) => take.name).join(' < ')}`,
  )

describe('accepted takes over a clip', () => {
  it('lie in the order in which they were made, whatever the order of the records', () => {
    const doc = project(edit('later', 0, 50, 9), edit('first', 20, 80, 1))
    expect(acceptedLayers(doc, 'clip_a').map(({ take }) => take.name)).toEqual(['first', 'later'])
  })

  it('count only where both their segment and the take itself reach', () => {
    const doc = project(edit('short', 10, 60, 1, 40))
    expect(acceptedLayers(doc, 'clip_a')).toMatchObject([{ from: 10, to: 40 }])
    expect(acceptedLayers(project(edit('gone', 10, 60, 1, 10)), 'clip_a')).toEqual([])
  })

  it('are stacked exactly where several lie on top of each other', () => {
    expect(names(project(edit('a', 0, 50, 1), edit('b', 50, 80, 2)))).toEqual([])
    expect(names(project(edit('a', 0, 60, 1), edit('b', 30, 90, 3), edit('c', 50, 55, 2)))).toEqual(
      ['30-50: a < b', '50-55: a < c < b', '55-60: a < b'],
    )
  })

  it('have a valid id for each stack, another one whenever it shows something else', () => {
    const ids = [
      project(edit('a', 0, 60, 1), edit('b', 30, 90, 3)),
      project(edit('a', 0, 60, 3), edit('b', 30, 90, 1)),
      project(edit('a', 0, 61, 1), edit('b', 30, 90, 3)),
      project(edit('a', 0, 60, 1), edit('c', 30, 90, 3)),
    ].map((doc) => {
      const [stack] = stacksOf(doc, 'clip_a')
      expect(stackOf(doc, stack?.id ?? '')).toEqual(stack)
      return stack?.id ?? ''
    })
    expect(new Set(ids).size).toBe(4)
    for (const id of ids) expect(idSchema.safeParse(id).success).toBe(true)
  })
})
