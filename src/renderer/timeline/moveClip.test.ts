import { describe, expect, it } from 'vitest'
import type { ClipRec, ProjectDoc, Rec } from '../../shared/document/model.js'
import { grabClip, moveTo } from './moveClip.js'

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
})
