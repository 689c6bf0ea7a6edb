import { describe, expect, it } from 'vitest'
import { asset, clip, documentOf, track } from '../../../tests/fixtures/documents.js'
import type { Command } from '../../shared/document/commands.js'
import { newEdit, newRegeneration, newRemoval, newReplacement, newStyle } from './editing.js'
import type { Focus } from './editing.js'

const doc = documentOf(
  track('track_v'),
  asset('asset_a'),
  clip('clip_a', { start: 10, in: 5, length: 50 }),
)
const focus = { clip: clip('clip_a', { start: 10, in: 5, length: 50 }), asset: asset('asset_a') }

/** Source frames that each verb begins on. */
function begun(range: { from: number; to: number } | null): unknown[] {
  const on = focus as Focus
  const names = { mask: () => 'Mask' }
  const made: Command[] = [
    ...newRemoval(doc, on, names, range).commands,
    newEdit(doc, on, range),
    newStyle(doc, on, range),
    ...newReplacement(doc, on, { ...names, range, seed: 1 }).commands,
    newRegeneration(doc, on, { range, seed: 1 }),
  ]
  return made.flatMap((one) =>
    one.type === 'segment.add' ? [[one.segment.verb, one.segment.from, one.segment.to]] : [],
  )
}

const VERBS = ['remove', 'edit', 'stylise', 'replace', 'regenerate']

describe('a new edit', () => {
  it('covers the part of the marked range that lies on its clip, whatever the verb', () => {
    expect(begun({ from: 0, to: 30 })).toEqual(VERBS.map((verb) => [verb, 5, 25]))
  })

  it('covers the whole clip where nothing is marked, or elsewhere', () => {
    const whole = VERBS.map((verb) => [verb, 5, 55])
    expect(begun(null)).toEqual(whole)
    expect(begun({ from: 70, to: 90 })).toEqual(whole)
  })
})
