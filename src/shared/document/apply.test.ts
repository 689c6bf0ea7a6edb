import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  asset,
  clip,
  commandFor,
  documentOf,
  fullDocument,
  intents,
  mask,
  segment,
  stroke,
  track,
} from '../../../tests/fixtures/documents.js'
import { apply, applyAll } from './apply.js'
import { canonicalJson } from './canonicalJson.js'
import type { Command, CommandOf } from './commands.js'
import { applyDiff, reverseDiff } from './diff.js'
import { checkDocument } from './integrity.js'
import { recordOf } from './model.js'
import type { MaskKeyframe, MaskShape } from './model.js'
import { projectFileSchema } from './schema/index.js'
import { after, refusal } from '../../../tests/fixtures/applying.js'

describe('apply', () => {
  it('keeps any document sound and valid, and its diff takes it back', () => {
    fc.assert(
      fc.property(intents(60), (list) => {
        let doc = fullDocument()
        for (const intent of list) {
          const command = commandFor(doc, intent)
          const applied = apply(doc, command)
          if (!applied.ok) {
            expect(applied.error.code).toBe('command-rejected')
            continue
          }
          expect(canonicalJson(applyDiff(doc, applied.diff))).toBe(canonicalJson(applied.doc))
          const back = applyDiff(applied.doc, reverseDiff(applied.diff))
          expect(canonicalJson(back)).toBe(canonicalJson(doc))
          doc = applied.doc
        }
        expect(checkDocument(doc)).toBeNull()
        const file = { app: 'lumiere-studio', version: 1, seq: 0, ...doc }
        expect(projectFileSchema.safeParse(file).error).toBeUndefined()
      }),
      { numRuns: 60 },
    )
  })

  it('never throws, whatever it is given', () => {
    const value = fc.anything({ withBigInt: true, withMap: true, withNullPrototype: true })
    const type = fc.constantFrom(
      'mask.addShape',
      'clip.add',
      'segment.update',
      'take.accept',
      '__proto__',
    )
    const command = fc.record({
      type: fc.oneof(type, value),
      id: value,
      changes: value,
      clip: value,
    })
    fc.assert(
      fc.property(fc.oneof(value, command), (garbage) => {
        expect(apply(fullDocument(), garbage as Command).ok).toBe(false)
      }),
    )
  })

  it('keeps the identity of what it does not touch', () => {
    const doc = fullDocument()
    const next = after(doc, { type: 'asset.rename', id: 'asset_a', name: 'New' })
    expect(next.records.asset_b).toBe(doc.records.asset_b)
    expect(next.records.asset_a).not.toBe(doc.records.asset_a)
    expect(next.meta).toBe(doc.meta)
  })

  it('gives an empty diff where nothing changes', () => {
    const doc = fullDocument()
    const applied = apply(doc, { type: 'project.rename', name: 'Project' })
    expect(applied).toEqual({ ok: true, doc, diff: { added: {}, updated: {}, removed: {} } })
    expect(applied.ok && applied.doc).toBe(doc)
  })

  it('applies a batch as a whole or not at all', () => {
    const doc = fullDocument()
    const batch: Command[] = [
      { type: 'marker.add', marker: { id: 'marker_b', type: 'marker', frame: 1, label: 'b' } },
      { type: 'marker.remove', id: 'marker_a' },
      { type: 'marker.remove', id: 'marker_b' },
    ]
    const applied = applyAll(doc, batch)
    expect(applied.ok && Object.keys(applied.diff.removed)).toEqual(['marker_a'])
    expect(applied.ok && Object.keys(applied.diff.added)).toEqual([])
    expect(applyAll(doc, [...batch, { type: 'marker.remove', id: 'marker_a' }]).ok).toBe(false)
  })
})

describe('an edit', () => {
  it('takes settings of its own, a mask, and gives it up again', () => {
    const change = (changes: CommandOf<'segment.update'>['changes'], from = fullDocument()) =>
      after(from, { type: 'segment.update', id: 'segment_edit', changes })
    const told = change({ params: { prompt: 'darker', operations: [] } })
    expect(told.records.segment_edit).toMatchObject({
      params: { prompt: 'darker', operations: [], feather: 4 },
    })
    const masked = change({ maskId: 'mask_a' }, told)
    expect(masked.records.segment_edit).toMatchObject({ maskId: 'mask_a' })
    expect(change({ maskId: null }, masked)).toEqual(told)
  })
})

describe('removals', () => {
  it('of media take clips, masks, segments and takes along', () => {
    const next = after(fullDocument(), { type: 'asset.remove', id: 'asset_a' })
    expect(Object.keys(next.records).sort()).toEqual([
      'asset_b',
      'clip_b',
      'marker_a',
      'mask_b',
      'track_a',
      'track_v',
    ])
  })

  it('of a clip take segments and takes along, but not the mask', () => {
    const next = after(fullDocument(), { type: 'clip.remove', id: 'clip_a' })
    expect(recordOf(next, 'segment', 'segment_a')).toBeUndefined()
    expect(recordOf(next, 'take', 'take_b')).toBeUndefined()
    expect(recordOf(next, 'mask', 'mask_a')).toBeDefined()
  })

  it('of an accepted take go back to the source', () => {
    const next = after(fullDocument(), { type: 'take.remove', id: 'take_a' })
    expect(recordOf(next, 'segment', 'segment_a')?.acceptedTakeId).toBeNull()
  })
})

describe('clips at another rate than the timeline', () => {
  it('end with the last source frame that the timeline shows', () => {
    const slow = documentOf(asset('asset_a', { fps: { num: 10, den: 1 } }), track('track_v'))
    const add = (length: number): Command => ({
      type: 'clip.add',
      clip: clip('clip_a', { length }),
    })
    expect(apply(slow, add(250)).ok).toBe(true)
    expect(refusal(slow, add(251))).toMatch(/last frame/)
  })

  it('show a still for as long as wanted', () => {
    const still = documentOf(asset('asset_a', { kind: 'image', frames: 1 }), track('track_v'))
    const shown = after(still, { type: 'clip.add', clip: clip('clip_a', { length: 5000 }) })
    const add: Command = { type: 'segment.add', segment: segment('segment_a', { from: 0, to: 1 }) }
    expect(
      after(shown, { type: 'mask.add', mask: mask('mask_a') }, add).records.segment_a,
    ).toBeDefined()
  })
})

describe('painting on a frame without a key frame', () => {
  const a: MaskKeyframe = [stroke(1, 1)]
  const b: MaskKeyframe = [stroke(2, 2)]
  const shape = stroke(3, 3)
  const painted = (
    between: 'hold' | 'interpolate',
    frame: number,
    added: MaskShape = shape,
  ): MaskKeyframe | undefined => {
    const start = documentOf(
      asset('asset_a'),
      mask('mask_a', { between, keyframes: { '10': a, '20': b } }),
    )
    const next = after(start, { type: 'mask.addShape', id: 'mask_a', frame, shape: added })
    return recordOf(next, 'mask', 'mask_a')?.keyframes[frame]
  }

  it('starts from what a held mask shows', () => {
    expect(painted('hold', 10)).toEqual([...a, shape])
    expect(painted('hold', 15)).toEqual([...a, shape])
    expect(painted('hold', 5)).toEqual([...a, shape])
    expect(painted('hold', 25)).toEqual([...b, shape])
  })

  it('starts from the interpolated mask between two key frames', () => {
    const between = { kind: 'between', erase: false, before: a, after: b, t: 0.3 }
    expect(painted('interpolate', 13)).toEqual([between, shape])
  })

  it('starts afresh where a moving mask is only held, unless it erases', () => {
    expect(painted('interpolate', 5)).toEqual([shape])
    expect(painted('interpolate', 25)).toEqual([shape])
    const eraser = { ...stroke(3, 3), erase: true } as MaskShape
    expect(painted('interpolate', 25, eraser)).toEqual([...b, eraser])
  })

  it('copies instead where interpolations would nest too deeply', () => {
    let doc = documentOf(
      asset('asset_a', { frames: 1000 }),
      mask('mask_a', { between: 'interpolate', keyframes: { '0': a, '512': b } }),
    )
    for (let frame = 256; frame >= 1; frame /= 2) {
      doc = after(doc, { type: 'mask.addShape', id: 'mask_a', frame, shape })
    }
    const keyframes = recordOf(doc, 'mask', 'mask_a')?.keyframes ?? {}
    expect(keyframes['32']?.[0]?.kind).toBe('between')
    expect(keyframes['16']).toEqual([...a, shape])
    const file = { app: 'lumiere-studio', version: 1, seq: 0, ...doc }
    expect(projectFileSchema.safeParse(file).success).toBe(true)
  })
})
