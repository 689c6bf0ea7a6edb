import { describe, expect, it } from 'vitest'
import { stacksOf } from '../../shared/document/layers.js'
import { linkedClips } from '../../shared/document/linking.js'
import type { AssetRec, ClipRec, ProjectDoc, Rec, TakeRec } from '../../shared/document/model.js'
import { timelineLength } from '../../shared/document/timing.js'
import { takePreview } from '../../shared/projectPaths.js'
import {
  edits,
  neighbourEdit,
  pictureAt,
  sourceFrameAt,
  soundsOf,
  timelineFrameOf,
} from './timelineMap.js'
import { wantedPictures } from './wanted.js'

const RATE_30 = { num: 30, den: 1 }

function asset(id: string, fps: { num: number; den: number }, frames = 100): AssetRec {
  return {
    id,
    type: 'asset',
    name: id,
    path: `media/${id}.mp4`,
    bytes: 1,
    info: {
      kind: 'video',
      width: 640,
      height: 360,
      fps,
      frames,
      videoCodec: 'h264',
      pixelFormat: 'yuv420p',
      colour: { matrix: 'bt709', range: 'tv' },
      audio: { sampleRate: 48000, channels: 2, samples: 48000 },
      notes: [],
    },
  }
}

function clip(id: string, changes: Partial<ClipRec> = {}): ClipRec {
  return {
    id,
    type: 'clip',
    trackId: 'track_v',
    assetId: 'asset_a',
    start: 0,
    in: 0,
    length: 50,
    ...changes,
  }
}

function project(...records: Rec[]): ProjectDoc {
  const all: Rec[] = [
    { id: 'track_v', type: 'track', kind: 'video', name: 'V1', order: 0, muted: false },
    { id: 'track_a', type: 'track', kind: 'audio', name: 'A1', order: 0, muted: false },
    asset('asset_a', RATE_30),
    ...records,
  ]
  return {
    meta: { id: 'p', name: 'p', createdAt: '', fps: RATE_30, width: 640, height: 360 },
    records: Object.fromEntries(all.map((record) => [record.id, record])),
  }
}

const SEGMENT: Rec = {
  id: 'segment_s',
  type: 'segment',
  clipId: 'clip_1',
  verb: 'remove',
  from: 20,
  to: 40,
  maskId: 'mask_m',
  params: { dilate: null, feather: 4, seed: 0 },
  acceptedTakeId: 'take_1',
}
const take = (id: string, from = 20, to = 40): TakeRec => ({
  id,
  type: 'take',
  segmentId: 'segment_s',
  path: `takes/segment_s/${id}`,
  createdAt: '',
  name: id,
  from,
  to,
  confidence: 1,
  seconds: 1,
})

describe('mapping of timeline frames to source frames', () => {
  it('maps one to one at equal rates, from the in point', () => {
    const doc = project(clip('clip_1', { start: 10, in: 5 }))
    expect(pictureAt(doc, 9)).toBeNull()
    expect(pictureAt(doc, 10)?.sourceFrame).toBe(5)
    expect(pictureAt(doc, 59)?.sourceFrame).toBe(54)
    expect(pictureAt(doc, 60)).toBeNull()
  })

  it.each([
    [{ num: 24, den: 1 }, [0, 0, 1, 2, 3, 4]],
    [{ num: 60, den: 1 }, [0, 2, 4, 6, 8, 10]],
    [{ num: 15, den: 1 }, [0, 0, 1, 1, 2, 2]],
  ])('repeats or skips source frames of rate %o', (fps, expected) => {
    const record = asset('asset_a', fps)
    const shown = expected.map((_, frame) => sourceFrameAt(clip('c'), record, RATE_30, frame))
    expect(shown).toEqual(expected)
  })

  it.each([{ num: 24, den: 1 }, { num: 30000, den: 1001 }, { num: 60, den: 1 }, RATE_30])(
    'finds the first timeline frame that reaches a source frame (%o)',
    (fps) => {
      const record = asset('asset_a', fps, 10_000)
      const placed = clip('c', { start: 7, in: 3 })
      for (let source = 3; source < 200; source += 1) {
        const frame = timelineFrameOf(placed, record, RATE_30, source)
        expect(sourceFrameAt(placed, record, RATE_30, frame)).toBeGreaterThanOrEqual(source)
        if (frame > placed.start) {
          expect(sourceFrameAt(placed, record, RATE_30, frame - 1)).toBeLessThan(source)
        }
      }
    },
  )

  it('never asks for a frame beyond the asset', () => {
    const record = asset('asset_a', RATE_30, 40)
    expect(sourceFrameAt(clip('c'), record, RATE_30, 49)).toBe(39)
  })
})

describe('takes', () => {
  it('shows the accepted take inside its range only', () => {
    const doc = project(clip('clip_1'), SEGMENT, take('take_1'))
    expect(pictureAt(doc, 19)?.take).toBeNull()
    expect(pictureAt(doc, 20)?.take).toMatchObject({ frame: 0, record: { id: 'take_1' } })
    expect(pictureAt(doc, 39)?.take?.frame).toBe(19)
    expect(pictureAt(doc, 40)?.segment).toBeNull()
  })

  it('prefers the take being auditioned', () => {
    const doc = project(clip('clip_1'), SEGMENT, take('take_1'), take('take_2'))
    expect(pictureAt(doc, 25, 'take_2')?.take?.record.id).toBe('take_2')
    expect(pictureAt(doc, 25, 'take_gone')?.take?.record.id).toBe('take_1')
  })

  it('shows several accepted takes together, as the export lays them over each other', () => {
    const above: Rec[] = [
      { ...SEGMENT, id: 'segment_t', from: 30, to: 60, acceptedTakeId: 'take_3' },
      { ...take('take_3', 30, 60), segmentId: 'segment_t', createdAt: '2' },
    ]
    const doc = project(clip('clip_1', { length: 80 }), SEGMENT, take('take_1'), ...above)
    expect(pictureAt(doc, 25)?.take?.previewId).toBe('take_1')
    expect(pictureAt(doc, 45)?.take).toMatchObject({ previewId: 'take_3', frame: 15 })
    const both = pictureAt(doc, 35)
    const [stack] = stacksOf(doc, 'clip_1')
    expect(both?.take).toMatchObject({ record: { id: 'take_3' }, frame: 5 })
    expect(both?.take?.previewId).toBe(stack?.id)
    expect(both?.segment?.id).toBe('segment_t')
    const editor = {
      playhead: 35,
      shuttle: 0,
      compare: 'off',
      against: null,
      pair: null,
      auditionTakeId: null,
    } as const
    expect(wantedPictures(doc, editor).take).toMatchObject({
      path: takePreview(stack?.id ?? ''),
      instead: { path: takePreview('take_3'), frame: 5 },
    })
    expect(wantedPictures(doc, { ...editor, playhead: 25 }).take?.instead).toBeUndefined()
  })

  it('falls back to the source where the take has no frame', () => {
    const doc = project(clip('clip_1'), SEGMENT, take('take_1', 20, 30))
    expect(pictureAt(doc, 35)).toMatchObject({ take: null, segment: { id: 'segment_s' } })
  })
})

describe('edits and sound', () => {
  const doc = project(clip('clip_1', { length: 50 }), clip('clip_2', { start: 60, length: 20 }))

  it('lists cuts and steps between them', () => {
    expect(edits(doc)).toEqual([0, 50, 60, 80])
    expect(timelineLength(doc)).toBe(80)
    expect(neighbourEdit(doc, 50, 1)).toBe(60)
    expect(neighbourEdit(doc, 55, -1)).toBe(50)
    expect(neighbourEdit(doc, 80, 1)).toBe(80)
  })

  it('hears audio tracks only, unless they are muted', () => {
    expect(soundsOf(doc)).toEqual([])
    const sound = clip('clip_s', { trackId: 'track_a' })
    expect(soundsOf(project(clip('clip_1'), sound)).map((one) => one.clip.id)).toEqual(['clip_s'])
    const muted: Rec = {
      id: 'track_a',
      type: 'track',
      kind: 'audio',
      name: 'A1',
      order: 0,
      muted: true,
    }
    expect(soundsOf(project(sound, muted))).toEqual([])
  })

  it('links picture and sound of the same stretch', () => {
    const picture = clip('clip_1')
    const linked = project(
      picture,
      clip('clip_s', { trackId: 'track_a' }),
      clip('clip_2', { start: 60 }),
      clip('clip_o', { trackId: 'track_a', start: 60, in: 3 }),
    )
    expect(linkedClips(linked, picture).map((one) => one.id)).toEqual(['clip_1', 'clip_s'])
  })
})
