import { describe, expect, it } from 'vitest'
import { clip, documentOf, edit, segment, take } from '../../../tests/fixtures/documents.js'
import { withLayers } from './layerMigration.js'
import { acceptedLayers } from './layers.js'
import type { ProjectDoc, Rec } from './model.js'
import { staleLayers } from './stale.js'

const at = (minute: number): string => `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`

function migrated(...records: Rec[]): ProjectDoc {
  const doc = documentOf(clip('clip_a'), ...records)
  return { ...doc, records: withLayers({ ...doc.records }) as ProjectDoc['records'] }
}

const names = (doc: ProjectDoc): string[] =>
  acceptedLayers(doc, 'clip_a').map(({ segment: { id } }) => id)

describe('takes that lay in the order of their making', () => {
  const REMOVAL = segment('segment_a', { acceptedTakeId: 'take_a' })
  const EDIT = edit('segment_edit', { acceptedTakeId: 'take_edit' })
  const EDITED = take('take_edit', 'segment_edit', { createdAt: at(5), from: 12, to: 20 })

  it('keep it, and an edit that was made over a removal is up to date', () => {
    const doc = migrated(REMOVAL, EDIT, EDITED, take('take_a', 'segment_a', { createdAt: at(1) }))
    expect(names(doc)).toEqual(['segment_a', 'segment_edit'])
    expect(doc.records.take_edit).toMatchObject({
      under: [{ path: 'takes/segment_a/take_a', from: 12, to: 20 }],
    })
    expect(staleLayers(doc, 'clip_a')).toEqual([])
  })

  it('show that a removal above an edit never saw it', () => {
    const doc = migrated(REMOVAL, EDIT, EDITED, take('take_a', 'segment_a', { createdAt: at(9) }))
    expect(names(doc)).toEqual(['segment_edit', 'segment_a'])
    expect(staleLayers(doc, 'clip_a')).toMatchObject([{ segment: { id: 'segment_a' } }])
  })

  it('leave edits without takes where they are, and whatever is malformed', () => {
    const doc = migrated(EDIT, EDITED, segment('segment_b', { acceptedTakeId: 'take_gone' }))
    expect(doc.records.segment_b).not.toHaveProperty('layer')
    expect(withLayers({ a: 1, b: { type: 'take' }, c: { type: 'segment' } })).toMatchObject({
      ...{ a: 1, b: { type: 'take' }, c: { type: 'segment' } },
    })
  })

  it('take no time even in a file that nobody made', () => {
    const many = Array.from({ length: 8000 }, (_, n) => [
      segment(`segment_${n}`, { acceptedTakeId: `take_${n}` }),
      take(`take_${n}`, `segment_${n}`),
    ]).flat()
    // Of this process alone: other work on the machine must not fail it.
    const before = process.cpuUsage()
    migrated(...many)
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1000).toBeLessThan(1000)
  })
})
