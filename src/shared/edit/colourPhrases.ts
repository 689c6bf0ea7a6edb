import { BANDS } from './colours.js'
import type { ColourName } from './colours.js'
import { levelOf, pushOf } from './levels.js'
import { modifiersOf, spanOf } from './modifiers.js'
import type { Lexemed, Modifiers } from './modifiers.js'
import type { AdjustKind } from './operations.js'
import type { ParsedOperation } from './parsed.js'
import type { Span } from './entries.js'
import type { Word, ClauseContext } from './clauses.js'

/** `bluer`, of a whole picture, is a matter of its light. */
const CASTS: Partial<Record<ColourName, readonly [kind: AdjustKind, sign: 1 | -1]>> = {
  blue: ['temperature', -1],
  yellow: ['temperature', 1],
  orange: ['temperature', 1],
  gold: ['temperature', 1],
  green: ['tint', -1],
  magenta: ['tint', 1],
  pink: ['tint', 1],
}

interface Parts {
  readonly colours: readonly Lexemed<'colour'>[]
  readonly band: Lexemed<'subject'> | undefined
  readonly subject: Span | null
  readonly subjectText: string | null
}

/** A clause that names colours and no slider: a coat of paint, or a push towards a colour. */
export function readColours(
  { clause, language }: ClauseContext,
  { colours, band, subject, subjectText }: Parts,
): ParsedOperation[] {
  const target = targetOf(clause.words, colours, language)
  const modifiers = modifiersOf(clause.words, [target], target)
  const other = colours.find((one) => one !== target)
  const only = band?.lexeme.band ?? (other && BANDS[other.lexeme.name] ? other.lexeme.name : null)
  const common = {
    tones: null,
    except: [],
    outside: null,
    when: clause.when,
    gradual: clause.gradual,
    span: spanOf(target, modifiers, [...colours, band, subject]),
  }
  const { name } = target.lexeme
  // `too blue`, and `not too blue` as well.
  const less = modifiers.direction === -1 || clause.negated || modifiers.excess
  const pushed = target.lexeme.more || modifiers.direction !== null || less
  const tint = clause.words.some(({ lexeme }) => lexeme?.type === 'tint')
  const whole = band === undefined && subject === null && other === undefined
  const cast = CASTS[name]
  if (whole && cast !== undefined && (tint || modifiers.excess || (pushed && !less))) {
    const amount = cast[1] * (less ? -1 : 1) * sizeOf(modifiers, pushOf)
    return [{ ...common, kind: cast[0], amount, only: null, to: null, subject: null }]
  }
  if (pushed && (less || whole)) {
    const size = clause.negated && !modifiers.excess ? 1 : sizeOf(modifiers, pushOf)
    const named = BANDS[name] === null ? null : name
    const amount = less ? -size : size
    return [{ ...common, kind: 'saturation', amount, only: named, to: null, subject: subjectText }]
  }
  const size = tint
    ? pushOf(modifiers.level ?? 'slight')
    : sizeOf(modifiers, pushed ? pushOf : (level) => levelOf('recolour', level))
  return [{ ...common, kind: 'recolour', amount: size, only, to: name, subject: subjectText }]
}

function sizeOf(
  { number, level }: Modifiers,
  scale: (level: NonNullable<Modifiers['level']> | 'plain') => number,
): number {
  return number === null ? scale(level ?? 'plain') : Math.min(1, Math.abs(number) / 100)
}

/**
 * Which of the colours is the paint: the one after `to`; else the one that does not stand with
 * a noun, before it in English (the red car blue), after it in Italian (blu la macchina rossa).
 */
function targetOf(
  words: readonly Word[],
  colours: readonly Lexemed<'colour'>[],
  language: ClauseContext['language'],
): Lexemed<'colour'> {
  const led = colours.find((one) => words[words.indexOf(one) - 1]?.lexeme?.type === 'into')
  const step = language === 'en' ? 1 : -1
  const free = colours.findLast((one) => {
    const neighbour = words[words.indexOf(one) + step]
    return neighbour === undefined || !isNoun(neighbour)
  })
  return led ?? free ?? (colours.at(-1) as Lexemed<'colour'>)
}

function isNoun({ lexeme }: Word): boolean {
  return lexeme === null || lexeme.type === 'subject'
}
