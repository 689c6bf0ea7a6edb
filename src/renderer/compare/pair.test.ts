import { describe, expect, it } from 'vitest'
import { after } from '../../../tests/fixtures/applying.js'
import { asset, clip, documentOf, track } from '../../../tests/fixtures/documents.js'
import { canonicalJson } from '../../shared/document/canonicalJson.js'
import { recordsOf } from '../../shared/document/model.js'
import type { AssetRec, ProjectDoc } from '../../shared/document/model.js'
import { wantedPictures } from '../player/wanted.js'
import { keepCommands } from './keep.js'
import { madeClips, pairOf, pairPicture, partnerOf } from './pair.js'
import type { Made } from './pair.js'

function made(id: string, seed: number, info: Partial<AssetRec['info']> = {}): Made {
  const still = { audio: null, frames: 80, fps: { num: 16, den: 1 }, ...info }
  const by = { task: 'generate', prompt: 'a red ball', seed, pack: null } as const
  return { ...asset(id, still), made: { ...by, recipe: `media/${id}.json` } }
}

const a = made('asset_a', 1)
const b = made('asset_b', 2)
const short = made('asset_s', 3, { frames: 20, fps: { num: 8, den: 1 } })

function film(doc: ProjectDoc): string[] {
  return recordsOf(doc, 'clip')
    .sort((one, two) => one.start - two.start)
    .map(({ assetId, start, length }) => `${assetId} ${start}+${length}`)
}

describe('two clips on one playhead', () => {
  const doc = documentOf(a, b, short, asset('asset_film'))

  it('are two that were made, and both still there', () => {
    expect(pairOf(doc, { left: 'asset_a', right: 'asset_b', frame: 0 })?.length).toBe(80)
    expect(pairOf(doc, { left: 'asset_a', right: 'asset_film', frame: 0 })).toBeNull()
    expect(pairOf(doc, { left: 'asset_a', right: 'asset_gone', frame: 0 })).toBeNull()
    expect(pairOf(doc, null)).toBeNull()
  })

  it('are at the same moment, whatever their rates; the shorter one waits at its end', () => {
    const pair = pairOf(doc, { left: 'asset_s', right: 'asset_a', frame: 0 })!
    expect(pair).toMatchObject({ fps: { num: 16, den: 1 }, length: 80 })
    expect(pairPicture(pair, 'left', 17).frame).toBe(8)
    expect(pairPicture(pair, 'right', 17).frame).toBe(17)
    expect(pairPicture(pair, 'left', 79).frame).toBe(19)
  })

  it('take the place of the film on screen, and the left one is what is held to be seen', () => {
    const editor = {
      ...{ playhead: 5, shuttle: 0, against: null, auditionTakeId: null },
      pair: { left: 'asset_a', right: 'asset_b', frame: 30 },
    }
    const wanted = wantedPictures(doc, { ...editor, compare: 'side' })
    expect(wanted.source).toMatchObject({ path: 'cache/asset_a/proxy.mp4', frame: 30 })
    expect(wanted.take).toMatchObject({ path: 'cache/asset_b/proxy.mp4', frame: 30 })
    expect(wantedPictures(doc, { ...editor, compare: 'source' }).take).toBeNull()
  })

  it('begin with the one in hand, else with the newest', () => {
    expect(partnerOf(doc, 'asset_a', 'asset_b')?.id).toBe('asset_b')
    expect(partnerOf(doc, 'asset_a', 'asset_film')?.id).toBe('asset_s')
    expect(partnerOf(doc, 'asset_s', 'asset_s')?.id).toBe('asset_b')
    expect(partnerOf(documentOf(a), 'asset_a', undefined)).toBeUndefined()
  })
})

describe('the clips that were made', () => {
  const at = (one: Made, createdAt: string): Made => ({ ...one, made: { ...one.made, createdAt } })
  const ids = (doc: ProjectDoc): string[] => madeClips(doc).map(({ id }) => id)
  const early = at(made('asset_z', 4), '2026-11-01T10:00:00.000Z')
  const late = at(made('asset_c', 5), '2026-11-01T10:00:00.500Z')

  it('stand newest first, however the records lie, and also once saved and opened again', () => {
    expect(ids(documentOf(early, late))).toEqual(['asset_c', 'asset_z'])
    expect(ids(documentOf(late, early))).toEqual(['asset_c', 'asset_z'])
    const saved = JSON.parse(canonicalJson(documentOf(early, late))) as ProjectDoc
    expect(ids(saved)).toEqual(['asset_c', 'asset_z'])
  })

  it('come last where an older version left no time, in the order of their records', () => {
    expect(ids(documentOf(a, late, b, early))).toEqual([
      ...['asset_c', 'asset_z'],
      ...['asset_b', 'asset_a'],
    ])
  })
})

describe('keeping one of two', () => {
  const size = { meta: { fps: { num: 16, den: 1 } } }
  const at = (assetId: string, start: number, length = 80) =>
    clip(`clip_${assetId}_${start}`, { assetId, start, length })
  const filmOf = (...clips: ReturnType<typeof at>[]): ProjectDoc => {
    const doc = documentOf(a, b, short, track('track_v'), ...clips)
    return { ...doc, meta: { ...doc.meta, ...size.meta } }
  }

  it('takes the other out of film and project, and closes its gap', () => {
    const doc = filmOf(at('asset_b', 0), at('asset_a', 80), at('asset_s', 160, 40))
    const { commands, clipId } = keepCommands(doc, a, b)
    const kept = after(doc, ...commands)
    expect(film(kept)).toEqual(['asset_a 0+80', 'asset_s 80+40'])
    expect(kept.records['asset_b']).toBeUndefined()
    expect(kept.records[clipId]).toMatchObject({ assetId: 'asset_a' })
  })

  it('puts one that is on no track in the place of the other', () => {
    const doc = filmOf(at('asset_b', 0), at('asset_s', 80, 40))
    const { commands, clipId } = keepCommands(doc, a, b)
    const kept = after(doc, ...commands)
    expect(film(kept)).toEqual(['asset_a 0+80', 'asset_s 80+40'])
    expect(kept.records[clipId]).toMatchObject({ assetId: 'asset_a', start: 0 })
  })

  it('puts it at the end where it does not fit there, and where the other has no place', () => {
    const doc = filmOf(at('asset_b', 0), at('asset_b', 80, 10), at('asset_a', 90))
    const kept = after(doc, ...keepCommands(doc, short, b).commands)
    expect(film(kept)).toEqual(['asset_a 90+80', 'asset_s 170+40'])
    const none = filmOf(at('asset_a', 0))
    const added = after(none, ...keepCommands(none, short, b).commands)
    expect(film(added)).toEqual(['asset_a 0+80', 'asset_s 80+40'])
  })
})
