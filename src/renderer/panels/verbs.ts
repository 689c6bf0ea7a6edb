import type { LucideIcon } from 'lucide-react'
import { Brush, Palette, RefreshCw, Replace, WandSparkles } from 'lucide-react'
import { isStyleInWords } from '../../shared/document/model.js'
import type { SegmentRec } from '../../shared/document/model.js'
import {
  startEdit,
  startRegeneration,
  startRemoval,
  startReplacement,
  startStyle,
} from '../state/startVerb.js'

interface Verb {
  readonly name: SegmentRec['verb']
  readonly icon: LucideIcon
  /** Begins with paint on the picture: not for a clip that lies over another. */
  readonly paints: boolean
  readonly start: () => Promise<void>
}

/** What can be done with a clip, in the order of the inspector. Texts: `inspector.verb.<name>`. */
export const VERBS: readonly Verb[] = [
  { name: 'remove', icon: WandSparkles, paints: true, start: startRemoval },
  { name: 'replace', icon: Replace, paints: true, start: startReplacement },
  { name: 'edit', icon: Palette, paints: false, start: startEdit },
  { name: 'stylise', icon: Brush, paints: false, start: startStyle },
  { name: 'regenerate', icon: RefreshCw, paints: false, start: startRegeneration },
]

/** What an edit is called: `timeline.verb.<this>`. */
export function verbOf(segment: SegmentRec): SegmentRec['verb'] | 'words' {
  return isStyleInWords(segment) ? 'words' : segment.verb
}

/** The picture that stands for an edit. */
export function verbIcon(segment: SegmentRec): LucideIcon {
  const name = isStyleInWords(segment) ? 'stylise' : segment.verb
  return VERBS.find((verb) => verb.name === name)?.icon ?? WandSparkles
}
