import { describe, expect, it } from 'vitest'
import { applyAll } from './apply.js'
import { recordsOf } from './model.js'
import type { AssetRec, ClipRec, ProjectDoc, Rec } from './model.js'
import { replaceCommands } from './replacing.js'

const FPS = { num: 25, den: 1 }

function asset(id: string, frames: number, sound = true): AssetRec {
  const audio = sound ? { sampleRate: 48_000, channels: 2, samples: frames * 1920 } : null
  return {
    ...({ id, type: 'asset', name: id, path: `media/${id}.mkv`, bytes: 1 } as const),
    info: {
      ...({ kind: 'video', width: 64, height: 36, fps: FPS, frames } as const),
      ...{ videoCodec: 'ffv1', pixelFormat: 'yuv420p', audio, notes: [] },
      colour: { matrix: 'bt709', range: 'tv' },
    },
  }
}

function clip(id: string, trackId: string, start: number, length: number, first = 0): ClipRec {
  return { id, type: 'clip', trackId, assetId: 'asset_a', start, in: first, length }
}

function project(...more: Rec[]): ProjectDoc {
  const track = { type: 'track', order: 0, muted: false } as const
  const records: Rec[] = [
    { ...track, id: 'track_v', kind: 'video', name: 'V1' },
    { ...track, id: 'track_a', kind: 'audio', name: 'A1' },
    asset('asset_a', 200),
    ...more,
  ]
  return {
    meta: {
      ...{ id: 'project_t', name: 'T', createdAt: '2025-01-01T00:00:00.000Z', fps: FPS },
      ...{ width: 64, height: 36 },
    },
    records: Object.fromEntries(records.map((record) => [record.id, record])),
  }
}

function places(doc: ProjectDoc, trackId: string): (string | number)[][] {
  return recordsOf(doc, 'clip')
    .filter((one) => one.trackId === trackId)
    .sort((a, b) => a.start - b.start)
    .map(({ assetId, start, length, in: first }) => [assetId, start, length, first])
}

const BOTH = [
  clip('clip_v', 'track_v', 0, 100),
  clip('clip_a', 'track_a', 0, 100),
  clip('clip_w', 'track_v', 100, 50, 100),
  clip('clip_b', 'track_a', 100, 50, 100),
]

describe('replacing a stretch of a clip', () => {
  it.each([
    ['longer', 40],
    ['shorter', 5],
    ['as long', 20],
  ])('%s: keeps what is before and behind, with the sound, and moves what follows', (_, frames) => {
    const doc = project(...BOTH, { id: 'marker_m', type: 'marker', frame: 120, label: '' })
    const stretch = { clipId: 'clip_v', from: 30, to: 50 }
    const placed = replaceCommands(doc, stretch, asset('asset_n', frames))
    const after = applyAll(doc, placed?.commands ?? [])
    if (!after.ok) throw new Error(after.error.message)
    for (const track of ['track_v', 'track_a']) {
      expect(places(after.doc, track)).toEqual([
        ['asset_a', 0, 30, 0],
        ['asset_n', 30, frames, 0],
        ['asset_a', 30 + frames, 50, 50],
        ['asset_a', 80 + frames, 50, 100],
      ])
    }
    expect(recordsOf(after.doc, 'marker')[0]?.frame).toBe(100 + frames)
    expect(after.doc.records[placed?.clipId ?? '']).toMatchObject({ trackId: 'track_v' })
  })

  it('replaces a whole clip, and leaves silence silent', () => {
    const doc = project(...BOTH)
    const stretch = { clipId: 'clip_v', from: 0, to: 100 }
    const placed = replaceCommands(doc, stretch, asset('asset_n', 10, false))
    const after = applyAll(doc, placed?.commands ?? [])
    if (!after.ok) throw new Error(after.error.message)
    expect(places(after.doc, 'track_v')).toEqual([
      ['asset_n', 0, 10, 0],
      ['asset_a', 10, 50, 100],
    ])
    expect(places(after.doc, 'track_a')).toEqual([['asset_a', 10, 50, 100]])
  })

  it('moves up only as far as what stays in place lets it', () => {
    // Music of its own lies under the end of the stretch, and more of it behind.
    const music = [
      clip('clip_m', 'track_a', 40, 30, 7),
      { ...clip('clip_n', 'track_a', 72, 20, 90), assetId: 'asset_a' },
    ]
    const doc = project(
      clip('clip_v', 'track_v', 0, 50),
      clip('clip_w', 'track_v', 50, 50, 100),
      ...music,
    )
    const placed = replaceCommands(doc, { clipId: 'clip_v', from: 0, to: 50 }, asset('asset_n', 10))
    const after = applyAll(doc, placed?.commands ?? [])
    if (!after.ok) throw new Error(after.error.message)
    expect(places(after.doc, 'track_v')).toEqual([
      ['asset_n', 0, 10, 0],
      ['asset_a', 48, 50, 100],
    ])
    expect(places(after.doc, 'track_a')).toEqual([
      ['asset_a', 40, 30, 7],
      ['asset_a', 70, 20, 90],
    ])
  })

  it('does nothing where the clip has changed meanwhile', () => {
    const doc = project(...BOTH)
    expect(
      replaceCommands(doc, { clipId: 'clip_x', from: 0, to: 9 }, asset('asset_n', 9)),
    ).toBeNull()
    const beyond = { clipId: 'clip_v', from: 50, to: 101 }
    expect(replaceCommands(doc, beyond, asset('asset_n', 9))).toBeNull()
  })
})
