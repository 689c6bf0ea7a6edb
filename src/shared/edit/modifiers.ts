import type { Word } from './clauses.js'
import type { Span, Level, Lexeme, Unit } from './entries.js'

/** A word whose meaning is of one type. */
export type Lexemed<T extends Lexeme['type']> = Word & {
  readonly lexeme: Extract<Lexeme, { type: T }>
}

/** What the words around an operation say about it. */
export interface Modifiers {
  readonly direction: 1 | -1 | null
  readonly level: Level | null
  readonly number: number | null
  readonly unit: Unit | null
  /** `too dark`. */
  readonly excess: boolean
  readonly words: readonly Word[]
}

export function isColour(word: Word): word is Lexemed<'colour'> {
  return word.lexeme?.type === 'colour'
}

/**
 * The modifiers that belong to `target` among `heads`: a word belongs to the next head, or to
 * the last one when none follows; a number that follows a head belongs to it, unless numbers lead.
 */
export function modifiersOf(
  words: readonly Word[],
  heads: readonly Word[],
  target: Word,
): Modifiers {
  const mine = words.filter((word) => ownerOf(word, words, heads) === target)
  let direction: 1 | -1 | null = null
  let level: Level | null = null
  let number: number | null = null
  let unit: Unit | null = null
  let excess = false
  const used: Word[] = []
  for (const word of mine) {
    const { lexeme } = word
    if (lexeme?.type === 'direction') direction = ((direction ?? 1) * lexeme.sign) as 1 | -1
    else if (lexeme?.type === 'intensity') level = lexeme.level
    else if (lexeme?.type === 'number') number = (number ?? 1) * lexeme.value
    else if (lexeme?.type === 'unit') unit = lexeme.unit
    else if (lexeme?.type === 'excess') excess = true
    else continue
    used.push(word)
  }
  return { direction, level, number, unit, excess, words: used }
}

function ownerOf(word: Word, words: readonly Word[], heads: readonly Word[]): Word | undefined {
  const next = heads.find((head) => head.start >= word.end)
  const before = heads.findLast((head) => head.end <= word.start)
  // `+20 contrast -10 saturation`: where the first number leads, all do.
  const leads = words.find(isFigure)?.end ?? Infinity
  const trails = isFigure(word) && !(leads <= (heads[0]?.start ?? 0))
  // `darken a bit the shadows`, whose head is the first and the last of its words.
  const around = heads.find((head) => head.start <= word.start && word.end <= head.end)
  return around ?? (trails ? (before ?? next) : (next ?? before))
}

function isFigure({ lexeme }: Word): boolean {
  return lexeme?.type === 'number' || lexeme?.type === 'unit'
}

/** From the first to the last of a head, its modifiers and what else belongs to it. */
export function spanOf(
  head: Span,
  modifiers: Modifiers,
  others: readonly (Span | null | undefined)[],
): Span {
  const all = [head, ...modifiers.words, ...others].filter(
    (one): one is Span => one !== null && one !== undefined,
  )
  return {
    start: Math.min(...all.map(({ start }) => start)),
    end: Math.max(...all.map(({ end }) => end)),
  }
}
