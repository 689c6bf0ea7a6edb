import type { Clause, Word } from './clauses.js'
import type { ProposingSpan } from './parsed.js'
import type { Unit, Span } from './entries.js'

/** A clause without what edits do not do: a wipe, and everything after an `except` that names no colour. */
export function withoutBeyond(clause: Clause): {
  readonly clause: Clause
  readonly beyond: readonly ProposingSpan[]
} {
  const at = clause.words.findIndex(({ lexeme }) => lexeme?.type === 'except')
  const kept = at === -1 ? clause.words : clause.words.slice(0, at)
  const cut = at === -1 ? [] : clause.words.slice(at)
  const beyond: ProposingSpan[] = kept.flatMap(({ start, end, lexeme }) =>
    lexeme?.type === 'beyond' ? [{ start, end, near: lexeme.near, reason: lexeme.reason }] : [],
  )
  const [first] = cut
  const last = cut.at(-1)
  if (first !== undefined && last !== undefined) {
    beyond.push({ start: first.start, end: last.end, near: [] })
  }
  if (beyond.length === 0) return { clause, beyond }
  const words = kept.filter(({ lexeme }) => lexeme?.type !== 'beyond')
  return { clause: { ...clause, words }, beyond }
}

/** A number with a unit: `-1 stop`. */
export function figureIn(
  words: readonly Word[],
  unit: Unit,
): { readonly value: number; readonly span: Span } | null {
  for (const [at, { start, lexeme }] of words.entries()) {
    const next = words[at + 1]
    if (lexeme?.type !== 'number' || next?.lexeme?.type !== 'unit') continue
    if (next.lexeme.unit === unit) return { value: lexeme.value, span: { start, end: next.end } }
  }
  return null
}
