import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clip, documentOf, segment, take } from '../../../tests/fixtures/documents.js'
import { applyAll } from './apply.js'
import type { Command } from './commands.js'
import { layerOrder } from './layerOrder.js'
import { acceptedLayers, layersBelow } from './layers.js'
import { fullDocument } from '../../../tests/fixtures/documents.js'
import { recordOf, recordsOf } from './model.js'
import type { Id, ProjectDoc } from './model.js'
import { beneathNow, fitsBeneath, staleBelow, staleLayers } from './stale.js'

const EMPTY = { ...fullDocument().records }
for (const id of Object.keys(EMPTY)) {
  if (EMPTY[id]?.type === 'segment' || EMPTY[id]?.type === 'take') Reflect.deleteProperty(EMPTY, id)
}

function run(doc: ProjectDoc, ...commands: readonly Command[]): ProjectDoc {
  const applied = applyAll(doc, commands)
  if (!applied.ok) throw new Error(applied.error.message)
  return applied.doc
}

/** What a job does: a take made on what lies below now, put in use. */
function make(doc: ProjectDoc, segmentId: Id, name: string): ProjectDoc {
  const own = recordOf(doc, 'segment', segmentId)
  if (own === undefined) throw new Error(segmentId)
  const { from, to } = own
  const made = take(`take_${name}`, segmentId, { from, to, under: beneathNow(doc, own, own) })
  return run(
    doc,
    { type: 'take.add', take: made },
    { type: 'take.accept', segmentId, takeId: made.id },
  )
}

function project(ranges: readonly (readonly [number, number])[]): ProjectDoc {
  const doc = { ...fullDocument(), records: EMPTY }
  return ranges.reduce((before, [from, to], n) => {
    const id = `segment_${n}`
    const added = run(before, { type: 'segment.add', segment: segment(id, { from, to }) })
    return make(added, id, `${n}`)
  }, doc)
}

const staleIds = (doc: ProjectDoc): Id[] =>
  staleLayers(doc, 'clip_a').map(({ segment: { id } }) => id)
const order = (doc: ProjectDoc): Id[] => layerOrder(doc, 'clip_a').map(({ id }) => id)
const move = (id: Id, above: Id | null): Command => ({ type: 'segment.move', id, above })

describe('the order of layers', () => {
  it('is that in which their first takes were made, and stays when they are made again', () => {
    const doc = make(
      project([
        [0, 40],
        [0, 40],
      ]),
      'segment_0',
      'again',
    )
    expect(order(doc)).toEqual(['segment_0', 'segment_1'])
    const later = run(doc, { type: 'segment.add', segment: segment('segment_a0') })
    expect(order(later).at(-1)).toBe('segment_a0')
    expect(layersBelow(later, segment('segment_a0'))).toHaveLength(2)
  })

  it('can be changed, above another or below all', () => {
    const doc = project([
      [0, 40],
      [0, 40],
      [0, 40],
    ])
    expect(order(run(doc, move('segment_0', 'segment_1')))).toEqual([
      ...['segment_1', 'segment_0', 'segment_2'],
    ])
    expect(order(run(doc, move('segment_2', null)))[0]).toBe('segment_2')
    expect(run(doc, move('segment_1', 'segment_0'))).toBe(doc)
    expect(applyAll(doc, [move('segment_0', 'segment_0')]).ok).toBe(false)
    expect(applyAll(doc, [move('segment_0', 'segment_none')]).ok).toBe(false)
    const other = run(doc, {
      ...({ type: 'segment.add' } as const),
      segment: segment('segment_b', { clipId: 'clip_b', maskId: 'mask_b', from: 0, to: 9 }),
    })
    expect(applyAll(other, [move('segment_0', 'segment_b')]).ok).toBe(false)
  })

  it('decides what lies on what', () => {
    const doc = run(
      project([
        [0, 40],
        [0, 40],
      ]),
      move('segment_1', null),
    )
    expect(acceptedLayers(doc, 'clip_a').map(({ take: { id } }) => id)).toEqual([
      ...['take_1', 'take_0'],
    ])
  })
})

describe('a take that was made on something else', () => {
  it('is stale when what lies below is undone, replaced, moved or new', () => {
    const doc = project([
      [0, 40],
      [0, 40],
    ])
    expect(staleIds(doc)).toEqual([])
    const undone = run(doc, { type: 'take.accept', segmentId: 'segment_0', takeId: null })
    expect(staleIds(undone)).toEqual(['segment_1'])
    expect(staleIds(make(doc, 'segment_0', 'other'))).toEqual(['segment_1'])
    const moved = run(doc, move('segment_0', 'segment_1'))
    expect(staleIds(moved)).toEqual(['segment_1', 'segment_0'])
    expect(staleIds(run(moved, move('segment_0', null)))).toEqual([])
  })

  it('is not where nothing below it shows on its frames', () => {
    const doc = project([
      [0, 10],
      [10, 40],
    ])
    expect(staleIds(run(doc, move('segment_0', 'segment_1')))).toEqual([])
    const undone = run(doc, { type: 'take.accept', segmentId: 'segment_0', takeId: null })
    expect(staleIds(undone)).toEqual([])
  })

  it('stays up to date when its range is shortened, and those beside each other have no order', () => {
    const doc = project([
      [0, 20],
      [20, 40],
      [0, 40],
    ])
    const shorter = run(doc, {
      ...({ type: 'segment.update', id: 'segment_2' } as const),
      changes: { from: 5, to: 15 },
    })
    expect(staleIds(shorter)).toEqual([])
    expect(staleIds(run(doc, move('segment_0', 'segment_1')))).toEqual([])
    const gone = run(shorter, { type: 'segment.remove', id: 'segment_1' })
    expect(staleIds(gone)).toEqual([])
  })

  it('is stale too when what it rests on is', () => {
    const doc = project([
      [0, 40],
      [0, 40],
      [0, 40],
      [40, 45],
    ])
    const undone = run(doc, { type: 'take.accept', segmentId: 'segment_0', takeId: null })
    expect(staleIds(undone)).toEqual(['segment_1', 'segment_2'])
    const stale = staleLayers(undone, 'clip_a')
    expect(staleBelow(stale, 'segment_1').map(({ take: { id } }) => id)).toEqual(['take_1'])
    expect(staleBelow(stale, 'segment_2')).toEqual(stale)
    expect(staleBelow(stale, 'segment_0')).toEqual([])
  })

  it('is not when nobody knows what it was made on', () => {
    const doc = documentOf(
      ...[clip('clip_a'), segment('segment_a', { acceptedTakeId: 'take_a', layer: 0 })],
      ...[segment('segment_b', { acceptedTakeId: 'take_b', layer: 1 })],
      ...[take('take_a', 'segment_a'), take('take_b', 'segment_b')],
    )
    expect(staleIds(doc)).toEqual([])
  })

  it('is up to date in both halves of a clip that is cut', () => {
    const doc = run(
      project([
        [0, 40],
        [5, 30],
      ]),
      {
        ...({ type: 'clip.split', id: 'clip_a', frame: 20, newId: 'clip_half' } as const),
      },
    )
    expect(acceptedLayers(doc, 'clip_half')).toHaveLength(2)
    expect(staleIds(doc)).toEqual([])
    expect(staleLayers(doc, 'clip_half')).toEqual([])
  })

  it('is never one that was just made, whatever happened before; updating upwards ends it', () => {
    const ranges = fc.array(fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 18 })), {
      ...{ minLength: 1, maxLength: 5 },
    })
    const steps = fc.array(fc.tuple(fc.nat(2), fc.nat(9), fc.nat(9)), { maxLength: 8 })
    fc.assert(
      fc.property(ranges, steps, (lengths, changes) => {
        let doc = project(lengths.map(([from, length]) => [from, from + length] as const))
        let made = 0
        for (const [kind, a, b] of changes) {
          const ids = order(doc)
          const [id, other] = [ids[a % ids.length] ?? '', ids[b % ids.length] ?? '']
          if (kind === 0 && id !== other) doc = run(doc, move(id, other))
          if (kind === 1) doc = make(doc, id, `more-${made++}`)
          if (kind === 2) doc = run(doc, { type: 'take.accept', segmentId: id, takeId: null })
        }
        const before = new Map(recordsOf(doc, 'segment').map((one) => [one.id, one.acceptedTakeId]))
        const stale = staleIds(doc)
        for (const id of stale) {
          doc = make(doc, id, `update-${id}`)
          const takeId = recordOf(doc, 'segment', id)?.acceptedTakeId
          expect(fitsBeneath(doc, recordOf(doc, 'take', takeId) ?? take('take_none', ''))).toBe(
            true,
          )
        }
        expect(staleIds(doc)).toEqual([])
        // Nothing else was made again.
        for (const { id, acceptedTakeId } of recordsOf(doc, 'segment')) {
          if (!stale.includes(id)) expect(acceptedTakeId).toBe(before.get(id))
        }
      }),
      { numRuns: 150 },
    )
  })
})
