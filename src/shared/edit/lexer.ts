import type { FoundTime, When } from './moments.js'
import { findTimes } from './moments.js'
import type { Lexeme } from './entries.js'
import type { Vocabulary } from './vocabulary.js'

/** A piece of a prompt: characters `[start, end)` and what they mean; null when not understood. */
export interface Token {
  readonly start: number
  readonly end: number
  readonly lexeme:
    | Lexeme
    | {
        readonly type: 'time'
        readonly when: When
        readonly seconds: number | null
        readonly gradual: boolean
      }
    | null
}

/** Lower case, accents and typographic quotes gone, every character still in its place. */
export function plainText(text: string): string {
  let plain = ''
  for (let at = 0; at < text.length; at++) {
    const one = text.charAt(at)
    const base = one.normalize('NFD').charAt(0).toLowerCase()
    plain += base.length !== 1 ? one : base === '’' || base === '‘' || base === '`' ? "'" : base
  }
  return plain
}

const PIECE = /\p{L}+|\d+(?:[.,]\d+)?|[^\s\p{L}\d]/gu

interface Piece {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** A text with what every reading of it begins with. */
export interface OpenText {
  readonly plain: string
  readonly times: readonly FoundTime[]
  readonly pieces: readonly Piece[]
}

export function openText(text: string): OpenText {
  const plain = plainText(text)
  const times = findTimes(plain)
  return { plain, times, pieces: piecesOf(plain, times) }
}

/**
 * Cuts a prompt into phrases of the vocabulary, numbers, times and words that it does not know.
 *
 * @param second is asked for what the vocabulary does not know
 */
export function readTokens(text: OpenText, vocabulary: Vocabulary, second?: Vocabulary): Token[] {
  const { plain, times, pieces } = text
  const tokens: Token[] = times.map(({ start, end, when, seconds, gradual }) => ({
    ...{ start, end },
    lexeme: { type: 'time', when, seconds, gradual },
  }))
  for (let at = 0; at < pieces.length;) {
    const phrase = longestPhrase(pieces, at, vocabulary, second)
    const first = pieces[at] as Piece
    const last = pieces[at + Math.max(phrase?.length ?? 1, 1) - 1] as Piece
    const lexeme = phrase?.lexeme ?? numberOf(plain, first)
    // An apostrophe or a bracket says nothing; it is no unknown word either.
    if (lexeme !== null || /[\p{L}\d]/u.test(first.text)) {
      tokens.push({ start: first.start, end: last.end, lexeme })
    }
    at += phrase?.length ?? 1
  }
  return tokens.sort((a, b) => a.start - b.start)
}

function piecesOf(plain: string, times: readonly FoundTime[]): Piece[] {
  const pieces: Piece[] = []
  for (const match of plain.matchAll(PIECE)) {
    const start = match.index
    const end = start + match[0].length
    if (times.some((time) => start < time.end && time.start < end)) continue
    // Apostrophes and hyphens join words: don't, teal-orange.
    const joins =
      match[0] === "'" ||
      match[0] === '_' ||
      (match[0] === '-' && /\p{L}/u.test(plain.charAt(start - 1)))
    if (!joins) pieces.push({ start, end, text: match[0] })
  }
  return pieces
}

function longestPhrase(
  pieces: readonly Piece[],
  at: number,
  vocabulary: Vocabulary,
  second?: Vocabulary,
): { readonly length: number; readonly lexeme: Lexeme } | null {
  const first = pieces[at]?.text ?? ''
  const own = vocabulary.get(first) ?? []
  const others = second?.get(first)
  for (const { words, lexeme } of others === undefined ? own : [...own, ...others]) {
    if (words.every((word, offset) => pieces[at + offset]?.text === word)) {
      // `fade to black`, but not of `fade to black and white`.
      const last = at + words.length - 1
      if ((lexeme.type === 'beyond' || lexeme.type === 'fade') && at < last) {
        if ((longestPhrase(pieces, last, vocabulary)?.length ?? 0) > 1) continue
      }
      return { length: words.length, lexeme }
    }
  }
  return null
}

function numberOf(plain: string, piece: Piece): Lexeme | null {
  if (!/^\d/.test(piece.text)) return null
  const before = plain.charAt(piece.start - 1)
  const value = Number(piece.text.replace(',', '.'))
  return before === '-'
    ? { type: 'number', value: -value, signed: true }
    : { type: 'number', value, signed: before === '+' }
}
