import type { Clause, Word } from './clauses.js'
import { modifiersOf, spanOf } from './modifiers.js'
import type { Lexemed } from './modifiers.js'
import type { Moment, When } from './moments.js'
import type { ParsedOperation } from './parsed.js'

/** Seconds of a fade whose prompt does not say, and of one that is to go slowly. */
const PLAIN = 1
const SLOW = 2

export function isFade(word: Word): word is Lexemed<'fade'> {
  return word.lexeme?.type === 'fade'
}

/** What a clause fades in and out of, each with its time. */
export function readFades(clause: Clause): ParsedOperation[] {
  const heads = clause.words.filter((word) => isFade(word))
  return heads.flatMap((word) => {
    const { way, to, seconds } = word.lexeme
    const modifiers = modifiersOf(clause.words, heads, word)
    const number = modifiers.unit === 'percent' ? modifiers.number : null
    const amount = number === null ? 1 : Math.min(1, Math.abs(number) / 100)
    const length = clause.seconds ?? seconds ?? (clause.gradual ? SLOW : PLAIN)
    // `over 2 s` says how long, which every time before an end would be read as as well.
    const when = clause.seconds !== null && isLength(clause) ? null : clause.when
    const span = spanOf(word, modifiers, [])
    const common = {
      only: null,
      tones: null,
      except: [],
      subject: null,
      outside: null,
      gradual: false,
    }
    const fade = (kind: 'fade-in' | 'fade-out'): ParsedOperation => ({
      ...common,
      ...{ kind, amount, to, span },
      when: kind === 'fade-in' ? opening(when, length) : closing(when, length, clause),
    })
    if (way === 'both') return [fade('fade-in'), fade('fade-out')]
    return [fade(way === 'in' ? 'fade-in' : 'fade-out')]
  })
}

function isLength({ when, seconds }: Clause): boolean {
  return when?.from === null && when.to !== null && isAt(when.to, 'start', seconds)
}

function isAt(moment: Moment, from: 'start' | 'end', seconds: number | null): boolean {
  return 'from' in moment && moment.from === from && moment.seconds === seconds
}

function opening(when: When | null, seconds: number): When {
  const from = when?.from ?? null
  if (when !== null && when.to !== null) return when
  if (from === null) return { from: null, to: { from: 'start', seconds } }
  return { from, to: later(from, seconds) }
}

function closing(when: When | null, seconds: number, clause: Clause): When {
  if (when === null) return { from: { from: 'end', seconds }, to: null }
  const { from, to } = when
  // `until 4 s`: over by then.
  if (from === null && to !== null) {
    return 'from' in to && to.from === 'start'
      ? { from: { from: 'start', seconds: Math.max(0, to.seconds - seconds) }, to }
      : when
  }
  if (from !== null && to === null && clause.seconds !== null) {
    if ('from' in from && from.from === 'end') return { from: { from: 'end', seconds }, to: null }
    return { from, to: later(from, seconds) }
  }
  return when
}

/** Null, the end, where it can't be said before the clip is known. */
function later(moment: Moment, seconds: number): Moment | null {
  if (!('from' in moment) || moment.from === 'end') return null
  return { from: 'start', seconds: moment.seconds + seconds }
}
