import type { Clause, Word } from './clauses.js'
import type { ColourName } from './colours.js'
import type { Lexemed } from './modifiers.js'
import { ADJUST_KINDS, LOOK_KINDS } from './operations.js'
import type { EditKind } from './operations.js'
import type { ParsedOperation, ProposingSpan } from './parsed.js'
import type { Span } from './entries.js'

export function isException(word: Word): word is Lexemed<'exception'> {
  return word.lexeme?.type === 'exception'
}

/** Operations that look at single colours, and so can leave some of them alone. */
const SELECTIVE = new Set<EditKind>([...ADJUST_KINDS, ...LOOK_KINDS, 'recolour', 'tone'])

/** What a clause asked for, before it is known which of it holds everywhere. */
export interface Part {
  readonly clause: Clause
  readonly operations: readonly ParsedOperation[]
}

interface Exception extends Span {
  readonly colours: readonly ColourName[]
  /** A thing that is left out, as typed. */
  readonly thing: string | null
  readonly alone: boolean
}

/**
 * Takes colours out of what they are excepted from: the rest of their clause; where there is none,
 * the clause before, or else the one behind (`keep the blue, everything else in grey`). `only the
 * red in colour` makes all else grey where nothing did. A thing that is left out is outside of all that
 * is done or of nothing: an edit has one mask.
 */
export function applyExceptions(
  parts: readonly Part[],
  text: string,
): {
  readonly parts: readonly (readonly ParsedOperation[])[]
  readonly unknown: readonly ProposingSpan[]
} {
  const made = parts.map(({ operations }) => [...operations])
  const unknown: ProposingSpan[] = []
  parts.forEach(({ clause }, at) => {
    for (const exception of exceptionsOf(clause, text)) {
      const places = placesOf(parts, at, exception)
      for (const place of places) {
        made[place] = (made[place] ?? []).map((one) => without(one, exception, place === at))
      }
      if (places.length === 0 && exception.alone) made[at]?.push(greyAround(exception, clause))
      else if (places.length === 0) {
        unknown.push({ start: exception.start, end: exception.end, near: [] })
      }
    }
  })
  const all = made.flat()
  const [first] = all.flatMap(({ outside }) => outside ?? [])
  if (first === undefined || all.every(({ outside }) => outside === first)) {
    return { parts: made, unknown }
  }
  // What was asked for without it would act outside of the mask as well.
  const things = parts.flatMap(({ clause }) =>
    exceptionsOf(clause, text).filter(({ thing }) => thing !== null),
  )
  return {
    parts: made.map((some) => some.map((one) => ({ ...one, outside: null }))),
    unknown: [...unknown, ...things.map(({ start, end }) => ({ start, end, near: [] }))],
  }
}

function exceptionsOf({ words }: Clause, text: string): Exception[] {
  return words
    .filter((word) => isException(word))
    .map(({ start, end, lexeme: { colours, thing, alone } }) => ({
      ...{ start, end, colours, alone },
      thing: thing === null ? null : text.slice(thing.start, thing.end),
    }))
}

/** Indices of the parts that an exception is about. */
function placesOf(parts: readonly Part[], at: number, exception: Exception): number[] {
  const takes = (place: number): boolean =>
    parts[place]?.operations.some((one) =>
      exception.alone
        ? isGreying(one)
        : exception.thing !== null
          ? one.subject === null
          : SELECTIVE.has(one.kind),
    ) === true
  if (takes(at)) {
    const places = [at]
    // `darker and less saturated except the skin`: standing last, it is about both.
    const last = parts[at]?.clause.words.at(-1)
    const isLast = last?.start === exception.start
    for (let to = at; isLast && to > 0 && parts[to]?.clause.added === true && takes(to - 1); to--) {
      places.push(to - 1)
    }
    return places
  }
  if (at > 0 && takes(at - 1)) return [at - 1]
  return takes(at + 1) ? [at + 1] : []
}

function isGreying({ kind, amount, only }: ParsedOperation): boolean {
  return only === null && (kind === 'monochrome' || (kind === 'saturation' && amount < 0))
}

/** @param beside the exception stands in the operation's own clause, and is part of its words */
function without(one: ParsedOperation, exception: Exception, beside: boolean): ParsedOperation {
  if (exception.thing === null && !SELECTIVE.has(one.kind)) return one
  const except = [...new Set([...one.except, ...exception.colours])]
  const { start, end } = one.span
  const span = beside
    ? { start: Math.min(start, exception.start), end: Math.max(end, exception.end) }
    : one.span
  return { ...one, except, outside: exception.thing ?? one.outside, span }
}

function greyAround({ start, end, colours, thing }: Exception, clause: Clause): ParsedOperation {
  return {
    ...{ kind: 'monochrome', amount: 1, only: null, tones: null, to: null, subject: null },
    ...{ when: clause.when, gradual: clause.gradual, except: colours, outside: thing },
    span: { start, end },
  }
}
