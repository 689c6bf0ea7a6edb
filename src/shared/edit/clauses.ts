import type { ParsedOperation } from './parsed.js'
import type { Token } from './lexer.js'
import type { When } from './moments.js'
import type { Language, Lexeme } from './entries.js'

/** A clause with the prompt that it is part of, and with what stands before it. */
export interface ClauseContext {
  readonly text: string
  readonly language: Language
  readonly clause: Clause
  /** `reduce` of the clause before: it still holds for `and saturation`. */
  readonly direction: 1 | -1 | null
  readonly before: readonly ParsedOperation[]
}

/** A token that is neither a time nor a break. */
export interface Word {
  readonly start: number
  readonly end: number
  readonly lexeme: Lexeme | null
}

/** A part of a prompt between breaks. */
export interface Clause {
  readonly words: readonly Word[]
  /** Hangs on the clause before it by a comma or an `and`. */
  readonly joined: boolean
  /** Joined by an `and`. */
  readonly added: boolean
  /** A comma stands before it, whatever else does. */
  readonly listed: boolean
  readonly negated: boolean
  readonly when: When | null
  readonly gradual: boolean
  /** How long something stands still. */
  readonly seconds: number | null
  /** Has a time or a `gradually` of its own. */
  readonly timed: boolean
  /** Says from when to when before it says anything else. */
  readonly timeFirst: boolean
  /** Says when, and nothing else. */
  readonly timeOnly: boolean
  /** Its time stands after everything else. */
  readonly timeLast: boolean
}

/** Splits at commas, conjunctions and full stops. */
export function readClauses(tokens: readonly Token[]): Clause[] {
  const clauses: Clause[] = []
  let part: Token[] = []
  let joined = false
  let added = false
  let listed = false
  let negated = false
  const close = (): void => {
    if (part.length === 0) return
    clauses.push(clauseOf(part, { joined, added, listed, negated }))
    part = []
    listed = false
  }
  for (const token of tokens) {
    if (token.lexeme?.type !== 'break') {
      part.push(token)
      continue
    }
    close()
    joined = !token.lexeme.strong
    added = joined && token.lexeme.comma !== true
    listed ||= token.lexeme.comma === true
    negated = token.lexeme.negated
  }
  close()
  return clauses
}

function clauseOf(
  tokens: readonly Token[],
  { joined, added, listed, negated }: Pick<Clause, 'joined' | 'added' | 'listed' | 'negated'>,
): Clause {
  const words: Word[] = []
  let when: When | null = null
  let gradual = false
  let length: { readonly when: When; readonly seconds: number } | null = null
  let timeFirst = false
  let timeLast = false
  for (const { start, end, lexeme } of tokens) {
    if (lexeme?.type === 'time') timeFirst ||= words.every(isFiller)
    if (lexeme?.type === 'time' && lexeme.seconds !== null) {
      length = { when: lexeme.when, seconds: lexeme.seconds }
      if (lexeme.gradual) gradual = true
      timeLast = words.length > 0
    } else if (lexeme?.type === 'time') {
      when = lexeme.when
      timeLast = words.length > 0
    } else if (lexeme?.type === 'gradual') {
      gradual = true
      timeLast = words.length > 0
    } else {
      words.push({ start, end, lexeme })
      if (lexeme?.type !== 'filler') timeLast = false
    }
  }
  const freezes = words.some(
    (word) => word.lexeme?.type === 'retime' && word.lexeme.kind === 'freeze',
  )
  if (length !== null && when === null && !freezes) when = length.when
  const timed = when !== null || gradual
  const timeOnly = timed && words.every(isFiller)
  return {
    ...{ words, joined, added, listed, when, gradual, timed, timeFirst, timeOnly },
    seconds: length?.seconds ?? null,
    timeLast: timeLast || timeOnly,
    negated: negated || words.some(({ lexeme }) => lexeme?.type === 'negation'),
  }
}

function isFiller({ lexeme }: Word): boolean {
  return lexeme?.type === 'filler'
}
