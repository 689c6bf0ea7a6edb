import type { AdjustKind, LookKind, SpatialKind } from './operations.js'
import type { ColourName, Neutral } from './colours.js'

/** Characters `[start, end)` of the prompt. */
export interface Span {
  readonly start: number
  readonly end: number
}

export type Language = 'en' | 'it'

export type RetimeKind = 'speed' | 'reverse' | 'freeze' | 'ping-pong' | 'ramp'

/** Why words are understood and yet are no edit. */
export type Beyond = 'transition' | 'fade'

/** What a word or phrase does in a prompt. */
export type Lexeme =
  | {
      readonly type: 'operation'
      readonly kind: AdjustKind | LookKind | SpatialKind
      readonly sign: 1 | -1
      readonly noun: boolean
      /** `the whites`: in an exception a colour, and no tone. */
      readonly neutral?: Neutral
    }
  | { readonly type: 'retime'; readonly kind: RetimeKind; readonly factor: number }
  | { readonly type: 'direction'; readonly sign: 1 | -1 }
  | { readonly type: 'intensity'; readonly level: Level }
  | { readonly type: 'colour'; readonly name: ColourName; readonly more: boolean }
  | { readonly type: 'subject'; readonly band: ColourName }
  | { readonly type: 'unit'; readonly unit: Unit }
  | { readonly type: 'number'; readonly value: number; readonly signed: boolean }
  /** Understood, but not among what edits do: marked, with words for something near it. */
  | { readonly type: 'beyond'; readonly reason: Beyond; readonly near: readonly string[] }
  /** `fade to black`, `fade in`; seconds where `slow` or `quick` is part of it. */
  | {
      readonly type: 'fade'
      readonly way: 'in' | 'out' | 'both'
      readonly to: ColourName
      readonly seconds: number | null
    }
  | BreakLexeme
  /** Takes the colours that follow it out of what is done; without any, it is what it else would be. */
  | {
      readonly type: 'except'
      /** `kept` is no `keep it warm`, but a `keep the contrast`. */
      readonly otherwise: 'nothing' | 'break' | 'negation' | 'kept' | 'less'
      /** `keep only the red`: asks for grey all around it. */
      readonly alone: boolean
    }
  /** An `except` with its colours, or with a thing, and words beside them that say nothing. */
  | {
      readonly type: 'exception'
      readonly colours: readonly ColourName[]
      /** Characters of a thing that no colour picks out. */
      readonly thing: Span | null
      readonly alone: boolean
      readonly strays: readonly { readonly start: number; readonly end: number }[]
    }
  | { readonly type: PlainType }

export interface BreakLexeme {
  readonly type: 'break'
  readonly strong: boolean
  readonly negated: boolean
  /** `only`, which may begin an exception. */
  readonly only?: true
  readonly comma?: true
}

/** `coloured`: what is said of the one thing that keeps its colour. */
type PlainType =
  'negation' | 'excess' | 'into' | 'tint' | 'gradual' | 'article' | 'filler' | 'coloured'

export type Level = 'slight' | 'much' | 'full'
export type Unit = 'percent' | 'stops' | 'degrees' | 'times'

/** Phrases split by `|`; braces stand for alternatives: `scur{o,a}`. */
export type Entry = readonly [lexeme: Lexeme, phrases: string]

export const adjective = (kind: AdjustKind, sign: 1 | -1, phrases: string): Entry => [
  { type: 'operation', kind, sign, noun: false },
  phrases,
]
export const noun = (kind: AdjustKind | LookKind | SpatialKind, phrases: string): Entry => [
  { type: 'operation', kind, sign: 1, noun: true },
  phrases,
]
/** Tones by the name of a colour: `the whites`. */
export const neutralTones = (
  kind: 'highlights' | 'shadows',
  neutral: Neutral,
  phrases: string,
): Entry => [{ type: 'operation', kind, sign: 1, noun: true, neutral }, phrases]
export const retime = (kind: RetimeKind, factor: number, phrases: string): Entry => [
  { type: 'retime', kind, factor },
  phrases,
]
export const colour = (name: ColourName, phrases: string, more = ''): readonly Entry[] => [
  [{ type: 'colour', name, more: false }, phrases],
  ...(more === '' ? [] : [[{ type: 'colour', name, more: true }, more] as Entry]),
]
export const subject = (band: ColourName, phrases: string): Entry => [
  { type: 'subject', band },
  phrases,
]
export const direction = (sign: 1 | -1, phrases: string): Entry => [
  { type: 'direction', sign },
  phrases,
]
export const intensity = (level: Level, phrases: string): Entry => [
  { type: 'intensity', level },
  phrases,
]
export const unit = (name: Unit, phrases: string): Entry => [{ type: 'unit', unit: name }, phrases]
export const number = (value: number, phrases: string): Entry => [
  { type: 'number', value, signed: false },
  phrases,
]
/** `otherwise` is what the words mean where no colour follows. */
export const except = (
  phrases: string,
  { otherwise = 'nothing', alone = false }: Partial<Extract<Lexeme, { type: 'except' }>> = {},
): Entry => [{ type: 'except', otherwise, alone }, phrases]
export const plain = (type: PlainType, phrases: string): Entry => [{ type }, phrases]
export const beyond = (reason: Beyond, phrases: string, ...near: readonly string[]): Entry => [
  { type: 'beyond', reason, near },
  phrases,
]
/** A fade that does not say which way, as it is or `slow`; `*` is its place. */
export const bareFades = (phrases: string, paces: string, ways: readonly string[]): Entry[] =>
  ['', ...paces.split('|')].map((pace) => {
    const said = (phrase: string): string => phrase.replace('*', pace).trim().replace(/ +/g, ' ')
    return beyond('fade', phrases.split('|').map(said).join('|'), ...ways.map(said))
  })
/** Going over to another clip, with or without words for that. */
export const transitions = (phrases: string, tails: string, ...near: readonly string[]): Entry =>
  beyond(
    'transition',
    phrases
      .split('|')
      .flatMap((phrase) => [phrase, ...tails.split('|').map((tail) => `${phrase} ${tail}`)])
      .join('|'),
    ...near,
  )
