import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commandFor, fullDocument, intents } from '../../../tests/fixtures/documents.js'
import { convertFrame } from '../rational.js'
import { apply, applyAll } from './apply.js'
import { canonicalJson } from './canonicalJson.js'
import { applyDiff, reverseDiff } from './diff.js'
import { checkDocument } from './integrity.js'
import { acceptedLayers } from './layers.js'
import { recordOf, recordsOf } from './model.js'
import type { ClipRec, ProjectDoc } from './model.js'
import { trimCommands } from './trimming.js'

/** Documents as people make them: a full one, changed at random. */
const documents = intents(25).map((list) =>
  list.reduce((doc, intent) => {
    const applied = apply(doc, commandFor(doc, intent))
    return applied.ok ? applied.doc : doc
  }, fullDocument()),
)

/** What a clip shows on each of its frames from `first` on: source frame, and the takes over it. */
function shown(doc: ProjectDoc, clip: ClipRec, first: number, count: number): string[] {
  const asset = recordOf(doc, 'asset', clip.assetId)
  return Array.from({ length: count }, (_, n) => {
    const fps = asset?.info.fps ?? doc.meta.fps
    const source = clip.in + convertFrame(first + n, doc.meta.fps, fps)
    const takes = acceptedLayers(doc, clip.id)
      .filter(({ from, to }) => source >= from && source < to)
      .map(({ take }) => take.id)
    return `${String(source)} ${takes.sort().join(' ')}`
  })
}

const sameRate = (doc: ProjectDoc, clip: ClipRec): boolean => {
  const { fps } = recordOf(doc, 'asset', clip.assetId)?.info ?? doc.meta
  return fps.num * doc.meta.fps.den === doc.meta.fps.num * fps.den
}

describe('trimming to the playhead', () => {
  it.each(['start', 'end'] as const)(
    'keeps what is left of the clip, with its takes, and closes the gap: %s',
    (side) => {
      let trimmed = 0
      fc.assert(
        fc.property(documents, fc.nat(), fc.nat(), (doc, which, where) => {
          const clips = recordsOf(doc, 'clip').filter(({ length }) => length > 1)
          const clip = clips[which % Math.max(1, clips.length)]
          if (clip === undefined) return
          const before = 1 + (where % (clip.length - 1))
          const { commands, frame } = trimCommands(doc, [clip.id], clip.start + before, side)
          const applied = applyAll(doc, commands)
          if (!applied.ok) throw new Error(applied.error.message)
          expect(checkDocument(applied.doc)).toBeNull()
          const now = recordOf(applied.doc, 'clip', clip.id)
          if (now === undefined) throw new Error('The clip is gone.')
          const kept = side === 'start' ? clip.length - before : before
          expect(now.length).toBe(kept)
          expect(frame).toBe(side === 'start' ? now.start : clip.start + before)
          const moved = recordsOf(doc, 'clip')
            .filter(({ start, trackId }) => trackId === clip.trackId && start > clip.start)
            .map((one) => one.start - (recordOf(applied.doc, 'clip', one.id)?.start ?? NaN))
          expect(new Set(moved).size).toBeLessThanOrEqual(1)
          if (sameRate(doc, clip)) {
            const from = side === 'start' ? before : 0
            expect(shown(applied.doc, now, 0, kept)).toEqual(shown(doc, clip, from, kept))
          }
          const back = applyDiff(applied.doc, reverseDiff(applied.diff))
          expect(canonicalJson(back)).toBe(canonicalJson(doc))
          trimmed++
        }),
        { numRuns: 150 },
      )
      expect(trimmed).toBeGreaterThan(20)
    },
  )

  it('does nothing at the ends of the clip or outside of it', () => {
    const doc = fullDocument()
    const [clip] = recordsOf(doc, 'clip')
    for (const frame of [clip!.start, clip!.start + clip!.length, clip!.start - 1]) {
      expect(trimCommands(doc, [clip!.id], frame, 'start')).toEqual({ commands: [], frame })
      expect(trimCommands(doc, [clip!.id], frame, 'end')).toEqual({ commands: [], frame })
    }
  })
})
