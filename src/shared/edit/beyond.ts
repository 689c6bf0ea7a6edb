import type { Clause, Word } from './clauses.js'
import type { ColourName } from './colours.js'
import type { Unit } from './entries.js'
import { isColour } from './modifiers.js'
import type { Lexemed } from './modifiers.js'
import type { ProposingSpan, Span } from './parsed.js'

/** A clause without what edits do not do: `fade to black`, and everything after `except`. */
export function withoutBeyond(clause: Clause): {
  readonly clause: Clause
  readonly beyond: readonly ProposingSpan[]
} {
  const at = clause.words.findIndex(({ lexeme }) => lexeme?.type === 'except')
  const kept = at === -1 ? clause.words : clause.words.slice(0, at)
  const cut = at === -1 ? [] : clause.words.slice(at)
  const beyond: ProposingSpan[] = kept.flatMap(({ start, end, lexeme }) =>
    lexeme?.type === 'beyond' ? [{ start, end, near: lexeme.near }] : [],
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

const GREYS = new Set<ColourName>(['white', 'black', 'grey'])

interface ColouredTone {
  readonly words: readonly Word[]
  readonly span: ProposingSpan
}

/**
 * `blue shadows`, `warm the highlights`: colours of one range of tones are no edit, and lifting the
 * shadows instead would be something else than what was asked for.
 */
export function colouredTones(
  words: readonly Word[],
  operating: readonly Lexemed<'operation'>[],
): ColouredTone[] {
  const tones = operating.filter(
    ({ lexeme: { kind, noun } }) => noun && (kind === 'shadows' || kind === 'highlights'),
  )
  return tones.flatMap((tone): ColouredTone[] => {
    const before = words.filter(
      ({ end, lexeme }) => end <= tone.start && lexeme?.type !== 'article',
    )
    const after = words.filter(({ start }) => start >= tone.end)
    const colour = [before.at(-1), after[0]].find(
      (one) => one !== undefined && isColour(one) && !GREYS.has(one.lexeme.name),
    )
    const light = before.at(-1)
    const cast =
      colour ??
      (light?.lexeme?.type === 'operation' && light.lexeme.kind === 'temperature' ? light : null)
    if (cast === null) return []
    // `lift the blue shadows` says what to do with them.
    if (words.some(({ lexeme }) => lexeme?.type === 'direction')) return []
    const span = {
      near: [],
      start: Math.min(cast.start, tone.start),
      end: Math.max(cast.end, tone.end),
    }
    return [{ words: [cast, tone], span }]
  })
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
