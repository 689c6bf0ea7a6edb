import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asset, clip, documentOf, edit, track } from '../../../tests/fixtures/documents.js'
import { apply, applyAll } from './apply.js'
import { applyDiff } from './diff.js'
import { reformat } from './format.js'
import { recordOf } from './model.js'
import type { AssetRec, ProjectDoc } from './model.js'
import { placeCommands } from './placing.js'

const at = (rate: number) => ({ fps: { num: rate, den: 1 }, width: 320, height: 180 })

function reformatted(doc: ProjectDoc, rate: number): ProjectDoc {
  const applied = apply(doc, { type: 'project.setFormat', format: at(rate) })
  if (!applied.ok) throw new Error(applied.error.message)
  return applied.doc
}

const film = documentOf(
  track('track_v'),
  asset('asset_a'),
  clip('clip_a', { start: 0, length: 50 }),
  clip('clip_b', { start: 50, in: 50, length: 50 }),
  edit('segment_a', { clipId: 'clip_b', from: 50, to: 100 }),
  { id: 'marker_a', type: 'marker', frame: 75, label: 'here' },
)

describe('another rate for the timeline', () => {
  it('keeps clips and markers in their place in time', () => {
    const doc = reformatted(film, 50)
    expect(doc.meta).toMatchObject(at(50))
    expect(recordOf(doc, 'clip', 'clip_a')).toMatchObject({ start: 0, in: 0, length: 100 })
    expect(recordOf(doc, 'clip', 'clip_b')).toMatchObject({ start: 100, in: 50, length: 100 })
    expect(recordOf(doc, 'marker', 'marker_a')).toMatchObject({ frame: 150 })
    expect(recordOf(doc, 'segment', 'segment_a')).toMatchObject({ from: 50, to: 100 })
  })

  it('takes from an edit what no frame of its clip shows any more', () => {
    const segment = recordOf(reformatted(film, 5), 'segment', 'segment_a')
    expect(segment).toMatchObject({ from: 50, to: 96 })
  })

  it('refuses where a clip would be shorter than a frame', () => {
    const short = documentOf(track('track_v'), asset('asset_a'), clip('clip_a', { length: 2 }))
    const applied = apply(short, { type: 'project.setFormat', format: at(2) })
    expect(applied).toMatchObject({ ok: false, error: { code: 'command-rejected' } })
  })

  it('leaves a sound document, or says why not, whatever the rates', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 1, max: 120 }), (a, b) => {
        const first = apply(film, { type: 'project.setFormat', format: at(a) })
        const doc = first.ok ? first.doc : film
        const diff = reformat(doc, at(b))
        if ('message' in diff) return
        // What reformat calls possible is what apply accepts after checking every record.
        const applied = apply(doc, { type: 'project.setFormat', format: at(b) })
        expect(applied.ok ? applied.doc : applied.error).toEqual(applyDiff(doc, diff))
      }),
    )
  })
})

describe('the format of the timeline', () => {
  const made: AssetRec = {
    ...asset('asset_m', {
      width: 64,
      height: 64,
      fps: { num: 8, den: 1 },
      frames: 40,
      audio: null,
    }),
    made: { task: 'generate', prompt: 'fire', seed: 1, pack: null, recipe: 'media/fire.json' },
  }
  const place = (doc: ProjectDoc, one: AssetRec): ProjectDoc => {
    const added = { type: 'asset.add', asset: one } as const
    const applied = applyAll(doc, [added, ...placeCommands(doc, one).commands])
    if (!applied.ok) throw new Error(applied.error.message)
    return applied.doc
  }

  it('is that of the first clip, until the first filmed one comes to what was only made up', () => {
    const first = place(documentOf(), made)
    expect(first.meta).toMatchObject({ fps: { num: 8, den: 1 }, width: 64, height: 64 })
    const filmed = place(first, asset('asset_f'))
    expect(filmed.meta).toMatchObject({ fps: { num: 25, den: 1 }, width: 640, height: 360 })
    const clips = Object.values(filmed.records).filter((one) => one.type === 'clip')
    expect(clips.map(({ start, length }) => [start, length])).toEqual([
      [0, 125],
      [125, 100],
      [125, 100],
    ])
    const next = place(filmed, asset('asset_g', { fps: { num: 50, den: 1 }, width: 1280 }))
    expect(next.meta).toEqual(filmed.meta)
  })

  it('stays where a person has chosen it', () => {
    const chosen = reformatted(place(documentOf(), made), 30)
    expect(place(chosen, asset('asset_f')).meta).toEqual(chosen.meta)
  })
})
