import { describe, expect, it } from 'vitest'
import {
  asset,
  clip,
  documentOf,
  fullDocument,
  mask,
  segment,
  stroke,
  take,
  track,
} from '../../../tests/fixtures/documents.js'
import { LIMITS } from './schema/index.js'
import { after, refusal } from '../../../tests/fixtures/applying.js'

describe('apply refuses', () => {
  const doc = fullDocument()
  const cases: [string, unknown, RegExp][] = [
    ['an unknown id', { type: 'asset.rename', id: 'asset_x', name: 'x' }, /no media asset_x/],
    ['an id of another type', { type: 'asset.remove', id: 'clip_a' }, /no media clip_a/],
    ['the id of an inherited property', { type: 'asset.remove', id: 'constructor' }, /not valid/],
    ['a prototype key', { type: 'asset.remove', id: '__proto__' }, /not valid/],
    ['a duplicate id', { type: 'asset.add', asset: asset('clip_a') }, /clip_a is in use/],
    ['an empty name', { type: 'project.rename', name: '  ' }, /name is empty/],
    ['a name with control characters', { type: 'project.rename', name: 'a\u0000b' }, /control/],
    ['a negative start', { type: 'clip.move', id: 'clip_a', start: -1 }, /start/],
    ['a fraction of a frame', { type: 'clip.move', id: 'clip_a', start: 1.5 }, /start/],
    ['NaN', { type: 'mask.update', id: 'mask_a', changes: { grow: Number.NaN } }, /grow/],
    ['a huge number', { type: 'clip.move', id: 'clip_a', start: 1e300 }, /start/],
    ['an unknown field', { type: 'clip.remove', id: 'clip_a', force: true }, /force/],
    [
      'undefined for a value',
      { type: 'mask.update', id: 'mask_a', changes: { name: undefined } },
      /name/,
    ],
    [
      'a path with ..',
      { type: 'asset.add', asset: { ...asset('asset_c'), path: 'media/../x' } },
      /media/,
    ],
    [
      'an absolute path',
      { type: 'asset.add', asset: { ...asset('asset_c'), path: '/etc/passwd' } },
      /media/,
    ],
    [
      'a backslash path',
      { type: 'asset.add', asset: { ...asset('asset_c'), path: 'media\\x' } },
      /media/,
    ],
    ['two tracks in one place', { type: 'track.add', track: track('track_w') }, /this place/],
    [
      'a clip on an unknown track',
      { type: 'clip.add', clip: clip('clip_c', { trackId: 'track_x' }) },
      /no track/,
    ],
    [
      'a clip of unknown media',
      { type: 'clip.add', clip: clip('clip_c', { assetId: 'asset_x' }) },
      /no media/,
    ],
    [
      'an overlapping clip',
      { type: 'clip.add', clip: clip('clip_c', { start: 49, length: 5 }) },
      /already there/,
    ],
    ['a move onto another clip', { type: 'clip.move', id: 'clip_a', start: 30 }, /already there/],
    [
      'a clip past the end of its media',
      { type: 'clip.add', clip: clip('clip_c', { start: 200, in: 60, length: 41 }) },
      /last frame/,
    ],
    [
      'a trim past the end of its media',
      { type: 'clip.trim', id: 'clip_b', start: 60, in: 51, length: 50 },
      /last frame/,
    ],
    [
      'a silent clip on an audio track',
      { type: 'clip.add', clip: clip('clip_c', { trackId: 'track_a', assetId: 'asset_b' }) },
      /no sound/,
    ],
    [
      'a trim that cuts a segment',
      { type: 'clip.trim', id: 'clip_a', start: 0, in: 0, length: 20 },
      /outside its clip/,
    ],
    [
      'a mask of unknown media',
      { type: 'mask.add', mask: mask('mask_c', { assetId: 'asset_x' }) },
      /no media/,
    ],
    [
      'a stroke after the last frame',
      { type: 'mask.addShape', id: 'mask_a', frame: 100, shape: stroke() },
      /no frame 100/,
    ],
    [
      'removing a key frame that is not there',
      { type: 'mask.removeKeyframe', id: 'mask_a', frame: 11 },
      /not painted/,
    ],
    ['removing a mask in use', { type: 'mask.remove', id: 'mask_a' }, /segment uses/],
    [
      'an odd number of coordinates',
      { type: 'mask.addShape', id: 'mask_a', frame: 1, shape: stroke(1, 2, 3) },
      /points/,
    ],
    [
      'an empty segment',
      { type: 'segment.add', segment: segment('segment_b', { to: 10 }) },
      /empty/,
    ],
    [
      'a segment outside its clip',
      { type: 'segment.add', segment: segment('segment_b', { to: 51 }) },
      /outside its clip/,
    ],
    [
      'a segment of an unknown clip',
      { type: 'segment.add', segment: segment('segment_b', { clipId: 'clip_x' }) },
      /no clip/,
    ],
    [
      'a segment with an unknown mask',
      { type: 'segment.update', id: 'segment_a', changes: { maskId: 'mask_x' } },
      /no mask/,
    ],
    [
      "other media's mask",
      { type: 'segment.update', id: 'segment_a', changes: { maskId: 'mask_b' } },
      /other media/,
    ],
    [
      'a take of an unknown segment',
      { type: 'take.add', take: take('take_c', 'segment_x') },
      /no segment/,
    ],
    [
      'a take past the end of its media',
      { type: 'take.add', take: take('take_c', 'segment_a', { to: 101 }) },
      /last frame/,
    ],
    [
      'accepting an unknown take',
      { type: 'take.accept', segmentId: 'segment_a', takeId: 'take_x' },
      /no take/,
    ],
    ['an update of nothing', { type: 'marker.update', id: 'marker_x', changes: {} }, /no marker/],
    [
      'a removal without a mask',
      { type: 'segment.update', id: 'segment_a', changes: { maskId: null } },
      /“remove” cannot/,
    ],
    [
      'settings of another verb',
      { type: 'segment.update', id: 'segment_a', changes: { params: { prompt: 'warmer' } } },
      /“remove” cannot/,
    ],
    [
      'key frames of an edit out of order',
      {
        type: 'segment.update',
        id: 'segment_edit',
        changes: {
          params: {
            operations: [
              {
                kind: 'fog',
                keys: [
                  { frame: 9, value: 0 },
                  { frame: 9, value: 1 },
                ],
              },
            ],
          },
        },
      },
      /changes.params/,
    ],
  ]
  it.each(cases)('%s', (_, command, message) => {
    expect(refusal(doc, command)).toMatch(message)
  })

  it("another segment's take", () => {
    const two = after(doc, { type: 'segment.add', segment: segment('segment_b') })
    const command = { type: 'take.accept', segmentId: 'segment_b', takeId: 'take_a' }
    expect(refusal(two, command)).toMatch(/another segment/)
  })

  it('a frame with too many shapes', () => {
    const full = documentOf(
      asset('asset_a'),
      mask('mask_a', {
        keyframes: { '0': Array.from({ length: LIMITS.shapesPerKeyframe }, () => stroke()) },
      }),
    )
    const command = { type: 'mask.addShape', id: 'mask_a', frame: 0, shape: stroke() }
    expect(refusal(full, command)).toMatch(/at most/)
  })
})
