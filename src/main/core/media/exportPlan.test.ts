import { describe, expect, it } from 'vitest'
import type {
  AssetRec,
  ClipRec,
  MediaInfo,
  ProjectDoc,
  Rec,
  SegmentRec,
  TakeRec,
} from '../../../shared/document/model.js'
import { fitInside } from './canvas.js'
import { planExport } from './exportPlan.js'
import { samplesAt } from '../../../shared/rational.js'
import { filmstripOf } from './prepare.js'
import { estimateExportBytes } from './presets.js'

function info(fps: number, frames: number, audio = true): MediaInfo {
  return {
    ...{ kind: 'video', width: 64, height: 48, fps: { num: fps, den: 1 }, frames },
    ...{ videoCodec: 'h264', pixelFormat: 'yuv420p', colour: { matrix: 'bt601', range: 'tv' } },
    audio: audio ? { sampleRate: 48_000, channels: 2, samples: 1 } : null,
    notes: [],
  }
}

function asset(id: string, media: MediaInfo): AssetRec {
  return { id, type: 'asset', name: id, path: `media/${id}.mp4`, bytes: 1, info: media }
}

function clip(
  id: string,
  trackId: string,
  assetId: string,
  start: number,
  length: number,
  from = 0,
): ClipRec {
  return { id, type: 'clip', trackId, assetId, start, in: from, length }
}

function doc(records: readonly Rec[]): ProjectDoc {
  const tracks: Rec[] = [
    { id: 'track_v1', type: 'track', kind: 'video', name: 'V1', order: 0, muted: false },
    { id: 'track_v2', type: 'track', kind: 'video', name: 'V2', order: 1, muted: true },
    { id: 'track_a1', type: 'track', kind: 'audio', name: 'A1', order: 0, muted: false },
    { id: 'track_a2', type: 'track', kind: 'audio', name: 'A2', order: 1, muted: true },
  ]
  return {
    meta: {
      ...{ id: 'project_x', name: 'x', createdAt: '', fps: { num: 24, den: 1 } },
      ...{ width: 64, height: 48 },
    },
    records: Object.fromEntries([...tracks, ...records].map((record) => [record.id, record])),
  }
}

const pathOf = (path: string): string => `/p/${path}`

describe('planExport', () => {
  const a = asset('asset_a', info(24, 100))
  const b = asset('asset_b', info(30, 50))

  it('lays clips and gaps end to end, with the higher track on top', () => {
    const plan = planExport(
      doc([a, b, clip('clip_1', 'track_v1', a.id, 5, 20), clip('clip_2', 'track_v2', b.id, 10, 4)]),
      { from: 2, to: 30 },
      pathOf,
    )
    expect(plan.frames).toBe(28)
    const shown = plan.pictures.map(({ length, picture }) => [
      length,
      picture?.source.path ?? null,
      picture?.frames[0] ?? null,
      picture?.frames.at(-1) ?? null,
    ])
    expect(shown).toEqual([
      [3, null, null, null],
      [5, '/p/media/asset_a.mp4', 0, 4],
      [4, '/p/media/asset_b.mp4', 0, 3],
      [11, '/p/media/asset_a.mp4', 9, 19],
      [5, null, null, null],
    ])
  })

  it('shows the nearest earlier frame of another rate, and holds the last', () => {
    const plan = planExport(
      doc([b, clip('clip_1', 'track_v1', b.id, 0, 50, 2)]),
      { from: 0, to: 50 },
      pathOf,
    )
    const frames = plan.pictures[0]?.picture?.frames ?? []
    expect(frames.slice(0, 6)).toEqual([2, 3, 4, 5, 7, 8])
    expect(frames.slice(-13)).toEqual([48, ...Array.from({ length: 12 }, () => 49)])
  })

  it('takes sound from audio tracks that are not muted, from the right second on', () => {
    const plan = planExport(
      doc([
        b,
        clip('clip_v', 'track_v1', b.id, 0, 40),
        clip('clip_a', 'track_a1', b.id, 6, 24, 15),
        clip('clip_m', 'track_a2', b.id, 0, 40),
      ]),
      { from: 12, to: 40 },
      pathOf,
    )
    expect(plan.sounds).toHaveLength(1)
    // 15 frames at 30 a second, and 6 timeline frames at 24 a second that the range cuts off.
    expect(plan.sounds[0]).toMatchObject({ from: 0, to: 18, fromSeconds: 0.75 })
  })

  it('lays only accepted takes over, where both the segment and the take reach', () => {
    const segment = (
      id: string,
      from: number,
      to: number,
      acceptedTakeId: string | null,
    ): SegmentRec => ({
      ...{ id, from, to, acceptedTakeId, clipId: 'clip_1', maskId: 'mask_1' },
      ...{ type: 'segment', verb: 'remove', params: { dilate: null, feather: 2, seed: 1 } },
    })
    const take = (
      id: string,
      segmentId: string,
      path: string,
      from: number,
      to: number,
    ): TakeRec => ({
      ...{ id, segmentId, path, from, to, createdAt: '2025-01-01' },
      ...{ type: 'take', name: 't', confidence: 1, seconds: 1 },
    })
    const plan = planExport(
      doc([
        a,
        clip('clip_1', 'track_v1', a.id, 0, 40),
        segment('segment_1', 4, 9, 'take_1'),
        segment('segment_2', 20, 30, null),
        take('take_1', 'segment_1', 'takes/s/1', 2, 12),
        take('take_2', 'segment_2', 'takes/s/2', 20, 30),
      ]),
      { from: 0, to: 40 },
      pathOf,
    )
    expect(plan.pictures[0]?.picture?.takes).toEqual([
      { path: '/p/takes/s/1/take.mkv', from: 2, to: 12, shown: { from: 4, to: 9 } },
    ])
  })
})

it('samplesAt never drifts: pieces add up to the whole', () => {
  const fps = { num: 30000, den: 1001 }
  expect(samplesAt(30000, fps, 44_100)).toBe(1001 * 44_100)
  let sum = 0
  for (let n = 0; n < 1000; n++) sum += samplesAt(n + 1, fps, 44_100) - samplesAt(n, fps, 44_100)
  expect(sum).toBe(samplesAt(1000, fps, 44_100))
})

it('fitInside keeps the shape, fills one side, and stands on even places', () => {
  expect(fitInside({ width: 1920, height: 1080 }, { width: 640, height: 360 })).toEqual({
    ...{ width: 640, height: 360, x: 0, y: 0 },
  })
  expect(fitInside({ width: 1080, height: 1920 }, { width: 640, height: 360 })).toEqual({
    ...{ width: 202, height: 360, x: 218, y: 0 },
  })
  expect(fitInside({ width: 100, height: 100 }, { width: 161, height: 91 })).toEqual({
    ...{ width: 90, height: 91, x: 34, y: 0 },
  })
})

it('filmstripOf never makes more than 120 thumbnails, and long steps fall on key frames', () => {
  expect(filmstripOf(info(25, 1))).toMatchObject({ count: 1, frameStep: 1, columns: 1 })
  expect(filmstripOf(info(25, 121))).toMatchObject({ count: 61, frameStep: 2, columns: 10 })
  expect(filmstripOf(info(25, 90_000))).toMatchObject({ frameStep: 750, count: 120 })
  expect(filmstripOf(info(25, 2000)).frameStep % 15).toBe(0)
})

it('estimateExportBytes grows with size, length and losslessness', () => {
  const meta = { width: 1920, height: 1080, fps: { num: 25, den: 1 } }
  const [mp4, prores, ffv1] = (['mp4', 'prores', 'ffv1'] as const).map((preset) =>
    estimateExportBytes(meta, 250, preset),
  )
  expect(mp4).toBeLessThan(prores ?? 0)
  expect(prores).toBeLessThan(ffv1 ?? 0)
  expect(estimateExportBytes(meta, 500, 'mp4')).toBe(2 * (mp4 ?? 0))
})
