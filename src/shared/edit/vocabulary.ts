import { noun, retime, direction, unit, plain } from './entries.js'
import type { Entry, Language, Lexeme } from './entries.js'
import { ENGLISH } from './english.js'
import { ITALIAN } from './italian.js'

/** Signs, and words that both languages share. */
const SHARED: readonly Entry[] = [
  [{ type: 'break', strong: false, negated: false, comma: true }, ','],
  [{ type: 'break', strong: true, negated: false }, ';|.|:|!|?'],
  unit('percent', '%'),
  unit('times', 'x'),
  unit('stops', 'stop|stops|ev'),
  direction(1, '+'),
  noun('monochrome', 'b & w|bw|b / w'),
  noun('sepia', 'sepia'),
  retime('ping-pong', 1, 'ping pong|boomerang'),
  plain('filler', '"|(|)|\'|video|clip|film|ok'),
]

/** `a{b,c}` written out: `ab`, `ac`. */
function written(phrase: string): string[] {
  const brace = /\{([^}]*)\}/.exec(phrase)
  if (brace === null) return [phrase]
  const [whole, choices = ''] = brace
  return choices.split(',').flatMap((choice) => written(phrase.replace(whole, choice)))
}

/** Phrases by their first word, each list longest first. */
export type Vocabulary = ReadonlyMap<string, readonly Phrase[]>

export interface Phrase {
  readonly words: readonly string[]
  readonly lexeme: Lexeme
}

function build(entries: readonly Entry[]): Vocabulary {
  const vocabulary = new Map<string, Phrase[]>()
  for (const [lexeme, phrases] of entries) {
    const separated = phrases === '|' ? [phrases] : phrases.split('|')
    for (const text of separated.flatMap(written)) {
      const words = text.split(' ')
      const [first = ''] = words
      const list = vocabulary.get(first) ?? []
      list.push({ words, lexeme })
      vocabulary.set(first, list)
    }
  }
  for (const list of vocabulary.values()) list.sort((a, b) => b.words.length - a.words.length)
  return vocabulary
}

export const VOCABULARY: Readonly<Record<Language, Vocabulary>> = {
  en: build([...ENGLISH, ...SHARED]),
  it: build([...ITALIAN, ...SHARED]),
}

/** Single words that name something to do, one form of each, to propose for what is not understood. */
export const PROPOSABLE: Readonly<Record<Language, readonly string[]>> = {
  en: proposable([...ENGLISH, ...SHARED]),
  it: proposable([...ITALIAN, ...SHARED]),
}

function proposable(entries: readonly Entry[]): string[] {
  const says = new Set<Lexeme['type']>(['operation', 'retime', 'colour', 'subject'])
  return entries
    .filter(([lexeme]) => says.has(lexeme.type))
    .flatMap(([, phrases]) => phrases.split('|').map((phrase) => written(phrase)[0] ?? ''))
    .filter((word) => word.length > 2 && !word.includes(' '))
}
