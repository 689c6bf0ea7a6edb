import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { asset, clip, documentOf, segment, track } from '../../../tests/fixtures/documents.js'
import { useEditor } from './editor.js'
import { clipToFollow, followPlayhead } from './followPlayhead.js'
import { useProject } from './project.js'

/** Two clips after each other, a gap of ten frames, and another track over the second. */
const doc = documentOf(
  asset('asset_a'),
  track('track_v'),
  track('track_o', { order: 1 }),
  clip('clip_a', { start: 0, length: 50 }),
  clip('clip_b', { start: 50, length: 50 }),
  clip('clip_c', { start: 110, length: 50 }),
  clip('clip_o', { trackId: 'track_o', start: 60, length: 20 }),
  segment('segment_a', { clipId: 'clip_a' }),
)

describe('the clip in hand', () => {
  it('is the one that the playhead has come to', () => {
    expect(clipToFollow(doc, 'clip_a', 10, 55)).toBe('clip_b')
    expect(clipToFollow(doc, 'clip_b', 99, 49)).toBe('clip_a')
    expect(clipToFollow(doc, 'clip_a', 105, 110)).toBe('clip_c')
  })

  it('stays where the playhead still shows it, or shows no other', () => {
    expect(clipToFollow(doc, 'clip_a', 0, 49)).toBeNull()
    expect(clipToFollow(doc, 'clip_a', 10, 105)).toBeNull()
    expect(clipToFollow(doc, 'clip_o', 10, 65)).toBeNull()
    expect(clipToFollow(doc, null, 10, 55)).toBeNull()
  })

  it('stays what was chosen elsewhere while the playhead moves within one clip', () => {
    expect(clipToFollow(doc, 'clip_a', 55, 56)).toBeNull()
  })
})

describe('following', () => {
  let stop: () => void
  const { set } = useEditor.getState()
  beforeEach(() => {
    useProject.setState({ doc })
    set({ playhead: 0, shuttle: 0, selectedClipId: 'clip_a', selectedSegmentId: 'segment_a' })
    stop = followPlayhead()
  })
  afterEach(() => stop())

  it('lets go of the edit along with its clip', () => {
    set({ playhead: 55 })
    expect(useEditor.getState()).toMatchObject({
      selectedClipId: 'clip_b',
      selectedSegmentId: null,
    })
  })

  it('waits for the end of playback', () => {
    set({ shuttle: 1 })
    for (const playhead of [20, 60, 120]) set({ playhead })
    expect(useEditor.getState().selectedClipId).toBe('clip_a')
    set({ shuttle: 0 })
    expect(useEditor.getState().selectedClipId).toBe('clip_c')
  })
})
