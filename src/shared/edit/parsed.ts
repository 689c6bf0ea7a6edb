import type { ColourName } from './colours.js'
import type { When } from './moments.js'
import type { EditKind, ToneRange } from './operations.js'
import type { Span, Beyond, Language, RetimeKind } from './entries.js'

/** Not understood, or not among what edits do; then with words for something near it, and why. */
export interface ProposingSpan extends Span {
  readonly near?: readonly string[]
  readonly reason?: Beyond
}

/** One operation that a prompt asks for, before it is put on a clip's frames. */
export interface ParsedOperation {
  readonly kind: EditKind
  /** -1..1 as the slider has it. */
  readonly amount: number
  readonly only: ColourName | null
  /** The tones that it is confined to, or colours. */
  readonly tones: ToneRange | null
  /** Colours that it leaves as they are. */
  readonly except: readonly ColourName[]
  /** The paint of a recolour, what tones are coloured with, what is faded to; else null. */
  readonly to: ColourName | null
  /** A thing that no colour picks out: it takes a mask. As typed. */
  readonly subject: string | null
  /** A thing that is left as it is: it takes a mask, too, outside of which the operation acts. */
  readonly outside: string | null
  readonly when: When | null
  /** Grows from nothing to `amount` over its time. */
  readonly gradual: boolean
  readonly span: Span
}

/** A change of time, which is understood but is not an operation on colour. */
export interface ParsedRetime {
  readonly kind: RetimeKind
  /** 2 plays twice as fast, a ramp at its end; 1 for what is no change of speed. */
  readonly factor: number
  /** Speed at which a ramp begins; 1 for all others. */
  readonly start: number
  /** How long a freeze stands still, where the prompt says so. */
  readonly seconds: number | null
  readonly when: When | null
  readonly span: Span
}

export interface UnknownWord extends Span {
  readonly text: string
  /** Words that may have been meant, nearest first. */
  readonly proposals: readonly string[]
  /** Why they are no edit, where they are understood; null where they are not. */
  readonly reason: Beyond | null
}

/** What a prompt means, with all that it did not say clearly. */
export interface ParsedPrompt {
  readonly language: Language
  readonly operations: readonly ParsedOperation[]
  readonly retimes: readonly ParsedRetime[]
  /** What the prompt asks to leave as it is. */
  readonly excluded: readonly EditKind[]
  readonly unknown: readonly UnknownWord[]
}
