import { describe, expect, it } from 'vitest'
import type { ClipRec, ProjectDoc, Rec } from '../../shared/document/model.js'
import { fullDocument } from '../../../tests/fixtures/documents.js'
import { applyAll } from '../../shared/document/apply.js'
import { changeTrack, grabClip, moveTo } from './moveClip.js'

const clip = (id: string, trackId: string, start: number, assetId = 'a'): ClipRec => ({
  id,
  type: 'clip',
  trackId,
  assetId,
  start,
  in: 0,
  length: 50,
})
const track = (id: string, kind: 'video' | 'audio'): Rec => ({
  id,
  type: 'track',
  kind,
  name: id,
  order: 0,
  muted: false,
})
const records: Rec[] = [
  track('v', 'video'),
  track('s', 'audio'),
  clip('picture', 'v', 0),
  clip('sound', 's', 0),
  clip('other', 's', 100, 'b'),
]
const doc: ProjectDoc = {
  meta: { id: 'p', name: '', createdAt: '', fps: { num: 25, den: 1 }, width: 1, height: 1 },
  records: Object.fromEntries(records.map((record) => [record.id, record])),
}

describe('moving a clip', () => {
  const move = grabClip(doc, 'picture')
  if (move === null) throw new Error('no clip')

  it('takes picture and sound along', () => {
    expect(moveTo(doc, move, 20, null).commands).toEqual([
      { type: 'clip.move', id: 'picture', start: 20 },
      { type: 'clip.move', id: 'sound', start: 20 },
    ])
  })

  it('does nothing when it is there, and never goes before the start', () => {
    expect(moveTo(doc, move, -30, null).commands).toEqual([])
  })

  it('finds room on every track it stands on', () => {
    const { commands } = moveTo(doc, move, 80, null)
    expect(commands[0]).toMatchObject({ start: 50 })
  })

  it('snaps either end and says where', () => {
    const snap = { pixelsPerFrame: 2, range: null, playhead: 73 }
    expect(moveTo(doc, move, 22, snap)).toMatchObject({
      commands: [{ start: 23 }, { start: 23 }],
      guide: 73,
    })
  })

  it('goes to the track under the pointer, of its own kind, and its sound stays', () => {
    const above: ProjectDoc = {
      ...doc,
      records: {
        ...doc.records,
        v2: { ...track('v2', 'video'), order: 1 } as Rec,
        there: clip('there', 'v2', 30, 'c'),
      },
    }
    // Free on both tracks only behind what stands on the sound's.
    expect(moveTo(above, move, 90, null, 'v2').commands).toEqual([
      { type: 'clip.move', id: 'picture', start: 150, trackId: 'v2' },
      { type: 'clip.move', id: 'sound', start: 150 },
    ])
    expect(moveTo(above, move, 20, null, 's').commands).toEqual([
      { type: 'clip.move', id: 'picture', start: 20 },
      { type: 'clip.move', id: 'sound', start: 20 },
    ])
  })
})

describe('changing the track by key', () => {
  it('adds a track above the only one, once, and comes back', () => {
    const whole = fullDocument()
    const up = changeTrack(whole, 'clip_b', 1) ?? []
    expect(up.map(({ type }) => type)).toEqual(['track.add', 'clip.move'])
    const raised = applyAll(whole, up)
    if (!raised.ok) throw new Error(raised.error.message)
    expect(changeTrack(raised.doc, 'clip_b', 1)).toBeNull()
    const down = changeTrack(raised.doc, 'clip_b', -1) ?? []
    expect(down).toEqual([{ type: 'clip.move', id: 'clip_b', start: 60, trackId: 'track_v' }])
    expect(changeTrack(whole, 'clip_a', -1)).toBeNull()
  })
})
