import type { Language, Span } from './entries.js'
import { readTokens } from './lexer.js'
import type { OpenText, Token } from './lexer.js'
import { VOCABULARY } from './vocabulary.js'
import type { Vocabulary } from './vocabulary.js'

/** A prompt's tokens, with the languages that they were read in. */
export interface Reading {
  /** That of the most of it. */
  readonly language: Language
  readonly tokens: readonly Token[]
  /** That of the part that a token stands in. */
  readonly languageAt: (start: number) => Language
}

const OTHER: Readonly<Record<Language, Language>> = { en: 'it', it: 'en' }

/**
 * Reads a text in the language that knows more of it, and where that leaves gaps with words of the
 * other: `make it più caldo`. Parts of a sentence that the other language knows better are read in
 * it alone: `rendi blu la macchina rossa, slightly brighter`.
 *
 * @param prefer the language to take where the words are as good in both
 */
export function readLanguages(text: OpenText, prefer: Language): Reading {
  const tokens = { en: readTokens(text, VOCABULARY.en), it: readTokens(text, VOCABULARY.it) }
  const language = missed(tokens[OTHER[prefer]]) < missed(tokens[prefer]) ? OTHER[prefer] : prefer
  const own = tokens[language]
  const mixed = readMixed(text, language, own)
  if (mixed === null) return { language, tokens: own, languageAt: () => language }
  const other = OTHER[language]
  const parts = partsOf(mixed)
  const owns = alongParts(parts, own)
  const others = alongParts(parts, tokens[other])
  const alone = alongParts(parts, readMixed(text, other, tokens[other]) ?? tokens[other])
  const languages = new Map<number, Language>()
  const read = parts.flatMap((part, at) => {
    const better = missed(others[at] ?? []) < missed(owns[at] ?? [])
    const inOther = alone[at] ?? []
    if (!better || !isInside(inOther, part)) return part
    for (const { start } of inOther) languages.set(start, other)
    return inOther
  })
  return { language, tokens: read, languageAt: (start) => languages.get(start) ?? language }
}

/** Characters that a reading made nothing of. */
function missed(tokens: readonly Token[]): number {
  return tokens.reduce(
    (sum, { start, end, lexeme }) => sum + (lexeme === null ? end - start : 0),
    0,
  )
}

/**
 * With words of the other language where one does not do. Null where that finds nothing but what
 * may be a name or a slip: single short words, and words that mean something else in the language
 * of the rest.
 */
function readMixed(text: OpenText, language: Language, tokens: readonly Token[]): Token[] | null {
  const gaps = tokens.filter(({ lexeme }) => lexeme === null)
  if (gaps.length === 0) return null
  const mixed = readTokens(text, VOCABULARY[language], foreign(OTHER[language]))
  const found = mixed.filter(
    ({ start, end, lexeme }) =>
      lexeme !== null && gaps.some((gap) => gap.start < end && start < gap.end),
  )
  const tells = found.some(
    ({ start, end, lexeme }) =>
      TELLING.has(lexeme?.type ?? '') || (lexeme?.type !== 'number' && end - start > 3),
  )
  return tells && missed(mixed) < missed(tokens) ? mixed : null
}

const TELLING = new Set<string>(['operation', 'retime', 'colour', 'subject', 'fade'])

/** Words of this language that a sentence in the other one means otherwise. */
const FALSE_FRIENDS: Readonly<Record<Language, ReadonlySet<string>>> = {
  en: new Set(['pale', 'rose', 'fade', 'face', 'fast', 'dense', 'is', 'on', 'so', 'do']),
  it: new Set([
    'alone',
    'mare',
    'viola',
    'forte',
    'retro',
    'come',
    'massimo',
    'alba',
    'volti',
    'fa',
  ]),
}

const FOREIGN: Partial<Record<Language, Vocabulary>> = {}

function foreign(language: Language): Vocabulary {
  const friends = FALSE_FRIENDS[language]
  return (FOREIGN[language] ??= new Map(
    [...VOCABULARY[language]].map(([first, phrases]) => [
      first,
      phrases.filter(({ words }) => words.length > 1 || !friends.has(first)),
    ]),
  ))
}

/** What stands between breaks; every break, and all else, in one part. */
function partsOf(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]]
  for (const token of tokens) {
    if (token.lexeme?.type === 'break') parts.push([token], [])
    else parts.at(-1)?.push(token)
  }
  return parts.filter((part) => part.length > 0)
}

/** The tokens of another reading, where each of the parts stands. */
function alongParts(parts: readonly Token[][], tokens: readonly Token[]): Token[][] {
  let from = 0
  return parts.map((part) => {
    const { start, end } = boundsOf(part)
    while ((tokens[from]?.end ?? Infinity) <= start) from++
    let to = from
    while ((tokens[to]?.start ?? Infinity) < end) to++
    return tokens.slice(from, to)
  })
}

/** No phrase of another reading reaches over a break. */
function isInside(tokens: readonly Token[], part: readonly Token[]): boolean {
  const { start, end } = boundsOf(part)
  return tokens.every((token) => start <= token.start && token.end <= end)
}

function boundsOf(part: readonly Token[]): Span {
  return { start: part[0]?.start ?? 0, end: part.at(-1)?.end ?? 0 }
}
