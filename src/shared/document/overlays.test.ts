import { describe, expect, it } from 'vitest'
import { asset, clip, documentOf, track } from '../../../tests/fixtures/documents.js'
import { PLAIN_LOOK } from '../blend.js'
import { apply, applyAll } from './apply.js'
import { recordOf, recordsOf } from './model.js'
import type { ClipRec } from './model.js'
import { liesOver, visibleClips } from './overlays.js'
import { overlayCommands, soundCommands, soundOf } from './placing.js'

const base = [
  asset('asset_a'),
  asset('asset_square', { width: 512, height: 512, frames: 40 }),
  track('track_v'),
  track('track_v2', { order: 1 }),
  track('track_a', { kind: 'audio' }),
  clip('clip_a'),
]
const over = (changes: Partial<ClipRec> = {}): ClipRec =>
  clip('clip_over', { trackId: 'track_v2', start: 10, length: 20, ...changes })
const seen = (doc: ReturnType<typeof documentOf>, frame: number): string[] =>
  visibleClips(doc, frame).map(({ id }) => id)

describe('what is seen at a frame', () => {
  it('is everything, from the lowest to the highest', () => {
    const look = { blend: 'screen', opacity: 0.8, fit: 'fill' } as const
    const doc = documentOf(...base, over({ overlay: look }))
    expect(seen(doc, 9)).toEqual(['clip_a'])
    expect(seen(doc, 10)).toEqual(['clip_a', 'clip_over'])
    expect(seen(doc, 30)).toEqual(['clip_a'])
    expect(seen(doc, 60)).toEqual([])
    expect(liesOver(doc, over())).toBe(true)
    expect(liesOver(doc, clip('clip_a'))).toBe(false)
  })

  it('leaves out what a clip hides altogether: of the same shape, not see-through', () => {
    expect(seen(documentOf(...base, over()), 15)).toEqual(['clip_over'])
    const faint = { ...PLAIN_LOOK, opacity: 0.9 }
    expect(seen(documentOf(...base, over({ overlay: faint })), 15)).toHaveLength(2)
    expect(seen(documentOf(...base, over({ assetId: 'asset_square' })), 15)).toHaveLength(2)
  })
})

describe('commands', () => {
  it('lay media over the film on a track of their own, at the first free place', () => {
    const doc = documentOf(...base.filter(({ id }) => id !== 'track_v2'))
    const first = overlayCommands(doc, asset('asset_square', { frames: 40 }), 5)
    const once = applyAll(doc, first.commands)
    if (!once.ok) throw new Error(once.error.message)
    const made = recordOf(once.doc, 'clip', first.clipId)
    expect(made).toMatchObject({ start: 5, length: 40, overlay: { blend: 'normal', fit: 'fill' } })
    expect(recordOf(once.doc, 'track', made?.trackId)).toMatchObject({ name: 'V2', order: 1 })
    const second = overlayCommands(once.doc, asset('asset_square', { frames: 40 }), 20)
    // Picture and sound, on the tracks that are there.
    expect(second.commands).toHaveLength(2)
    expect(second.commands.map((one) => one.type)).toEqual(['clip.add', 'clip.add'])
    expect(second.commands).toMatchObject([{ clip: { start: 45 } }, { clip: { start: 45 } }])
    const fire = {
      ...asset('asset_square'),
      made: { task: 'generate', prompt: 'fire', seed: 1, pack: null, recipe: 'media/x.json' },
    } as const
    expect(overlayCommands(doc, fire, 0).commands.at(-1)).toMatchObject({
      clip: { overlay: { blend: 'screen' } },
    })
  })

  it('bring the sound of an overlay, on a track that is not the film’s own', () => {
    const film = [track('track_a', { kind: 'audio' }), clip('clip_film', { trackId: 'track_a' })]
    const doc = documentOf(...base, ...film)
    const placed = overlayCommands(doc, asset('asset_square', { frames: 40 }), 5)
    const once = applyAll(doc, placed.commands)
    if (!once.ok) throw new Error(once.error.message)
    const picture = recordOf(once.doc, 'clip', placed.clipId) as ClipRec
    const sound = soundOf(once.doc, picture)
    expect(sound).toMatchObject({ start: 5, in: 0, length: 40, assetId: 'asset_square' })
    expect(recordOf(once.doc, 'track', sound?.trackId)).toMatchObject({ name: 'A2', order: 1 })

    const off = apply(once.doc, { type: 'clip.remove', id: sound?.id ?? '' })
    if (!off.ok) throw new Error(off.error.message)
    expect(soundOf(off.doc, picture)).toBeUndefined()
    const on = applyAll(off.doc, soundCommands(off.doc, picture))
    expect(on.ok && soundOf(on.doc, picture)).toMatchObject({ trackId: sound?.trackId })
    // Where that track is taken there, a third one.
    const more = applyAll(once.doc, soundCommands(once.doc, picture))
    expect(more.ok && recordsOf(more.doc, 'track').map(({ name }) => name)).toContain('A3')
  })

  it('keep the film’s own sound apart from that of the same picture laid over it', () => {
    const film = [track('track_a', { kind: 'audio' }), clip('clip_film', { trackId: 'track_a' })]
    const doc = documentOf(...base, ...film)
    const same = overlayCommands(doc, asset('asset_a'), 0)
    const once = applyAll(doc, same.commands)
    if (!once.ok) throw new Error(once.error.message)
    const picture = recordOf(once.doc, 'clip', same.clipId) as ClipRec
    expect(soundOf(once.doc, picture)?.id).not.toBe('clip_film')
  })

  it('move clips between tracks of a kind, and nowhere else', () => {
    const doc = documentOf(...base)
    const up = apply(doc, { type: 'clip.move', id: 'clip_a', start: 3, trackId: 'track_v2' })
    expect(up.ok && recordOf(up.doc, 'clip', 'clip_a')).toMatchObject({
      trackId: 'track_v2',
      start: 3,
    })
    const wrong = apply(doc, { type: 'clip.move', id: 'clip_a', start: 3, trackId: 'track_a' })
    expect(wrong).toMatchObject({ ok: false, error: { code: 'command-rejected' } })
  })

  it('change a look, and know when there is nothing to change', () => {
    const overlay = { blend: 'add', opacity: 0.5, fit: 'fill' } as const
    const command = { type: 'clip.update', id: 'clip_a', changes: { overlay } } as const
    const once = apply(documentOf(...base), command)
    if (!once.ok) throw new Error(once.error.message)
    expect(recordOf(once.doc, 'clip', 'clip_a')?.overlay).toEqual(overlay)
    const again = apply(once.doc, { ...command, changes: { overlay: { ...overlay } } })
    expect(again.ok && Object.keys(again.diff.updated)).toEqual([])
  })
})
