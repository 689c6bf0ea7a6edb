import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commandFor, fullDocument, intents } from '../../../tests/fixtures/documents.js'
import { convertFrame } from '../rational.js'
import { apply, applyAll } from './apply.js'
import { canonicalJson } from './canonicalJson.js'
import { rippleCommands } from './cutting.js'
import { applyDiff, reverseDiff } from './diff.js'
import { checkDocument } from './integrity.js'
import { acceptedLayers } from './layers.js'
import { recordOf, recordsOf } from './model.js'
import type { ClipRec, ProjectDoc } from './model.js'
import { timelineLength } from './timing.js'

/** Documents as people make them: a full one, changed at random. */
const documents = intents(25).map((list) =>
  list.reduce((doc, intent) => {
    const applied = apply(doc, commandFor(doc, intent))
    return applied.ok ? applied.doc : doc
  }, fullDocument()),
)

/** What a track shows on a timeline frame: source frame, and the takes over it. */
function shownAt(doc: ProjectDoc, trackId: string, frame: number): string {
  const clip = recordsOf(doc, 'clip').find(
    (one) => one.trackId === trackId && frame >= one.start && frame < one.start + one.length,
  )
  const asset = recordOf(doc, 'asset', clip?.assetId)
  if (clip === undefined || asset === undefined) return 'nothing'
  const source = clip.in + convertFrame(frame - clip.start, doc.meta.fps, asset.info.fps)
  const takes = acceptedLayers(doc, clip.id)
    .filter(({ from, to }) => source >= from && source < to)
    .map(({ take }) => take.path)
  return `${asset.id} ${String(source)} ${takes.sort().join(' ')}`
}

const sameRate = (doc: ProjectDoc, clip: ClipRec): boolean => {
  const { fps } = recordOf(doc, 'asset', clip.assetId)?.info ?? doc.meta
  return fps.num * doc.meta.fps.den === doc.meta.fps.num * fps.den
}

describe('splitting a clip', () => {
  it('leaves every frame showing what it showed, and is taken back whole', () => {
    let split = 0
    fc.assert(
      fc.property(documents, fc.nat(), fc.nat(), (doc, which, where) => {
        const clips = recordsOf(doc, 'clip').filter(
          (clip) => clip.length > 1 && sameRate(doc, clip),
        )
        const clip = clips[which % Math.max(1, clips.length)]
        if (clip === undefined) return
        const frame = clip.start + 1 + (where % (clip.length - 1))
        const command = { type: 'clip.split', id: clip.id, frame, newId: 'clip_cut' } as const
        const applied = apply(doc, command)
        if (!applied.ok) throw new Error(applied.error.message)
        expect(checkDocument(applied.doc)).toBeNull()
        expect(recordOf(applied.doc, 'clip', 'clip_cut')?.start).toBe(frame)
        for (let at = clip.start - 1; at <= clip.start + clip.length; at++) {
          expect(shownAt(applied.doc, clip.trackId, at)).toBe(shownAt(doc, clip.trackId, at))
        }
        const back = applyDiff(applied.doc, reverseDiff(applied.diff))
        expect(canonicalJson(back)).toBe(canonicalJson(doc))
        split++
      }),
      { numRuns: 150 },
    )
    expect(split).toBeGreaterThan(20)
  })

  it('is sound at any other rate too', () => {
    fc.assert(
      fc.property(documents, fc.nat(), fc.nat(), (doc, which, where) => {
        const clips = recordsOf(doc, 'clip').filter(({ length }) => length > 1)
        const clip = clips[which % Math.max(1, clips.length)]
        if (clip === undefined) return
        const frame = clip.start + 1 + (where % (clip.length - 1))
        const applied = apply(doc, { type: 'clip.split', id: clip.id, frame, newId: 'clip_cut' })
        if (!applied.ok) throw new Error(applied.error.message)
        expect(checkDocument(applied.doc)).toBeNull()
      }),
      { numRuns: 100 },
    )
  })

  it('refuses a cut that is not inside the clip', () => {
    const doc = fullDocument()
    const [clip] = recordsOf(doc, 'clip')
    for (const frame of [clip!.start, clip!.start + clip!.length]) {
      const command = { type: 'clip.split', id: clip!.id, frame, newId: 'clip_cut' } as const
      expect(apply(doc, command)).toMatchObject({ ok: false, error: { code: 'command-rejected' } })
    }
  })
})

describe('ripple delete', () => {
  it('closes the gap and moves everything behind it by the same amount, on every track', () => {
    fc.assert(
      fc.property(documents, fc.nat(), (doc, which) => {
        const clips = recordsOf(doc, 'clip')
        const clip = clips[which % Math.max(1, clips.length)]
        if (clip === undefined) return
        const applied = applyAll(doc, rippleCommands(doc, [clip.id]))
        if (!applied.ok) throw new Error(applied.error.message)
        expect(checkDocument(applied.doc)).toBeNull()
        expect(recordOf(applied.doc, 'clip', clip.id)).toBeUndefined()
        const end = clip.start + clip.length
        const moved = new Set<number>()
        for (const other of clips) {
          if (other.id === clip.id) continue
          const now = recordOf(applied.doc, 'clip', other.id)
          if (other.start >= end) moved.add(other.start - (now?.start ?? NaN))
          else expect(now?.start).toBe(other.start)
        }
        expect(moved.size).toBeLessThanOrEqual(1)
        for (const by of moved) {
          expect(by).toBeGreaterThanOrEqual(0)
          expect(by).toBeLessThanOrEqual(clip.length)
          if (clips.every(({ trackId }) => trackId === clip.trackId)) expect(by).toBe(clip.length)
        }
        expect(timelineLength(applied.doc)).toBeLessThanOrEqual(timelineLength(doc))
      }),
      { numRuns: 150 },
    )
  })
})
