import { FASTEST, SLOWEST } from '../retime/operations.js'
import type { Clause } from './clauses.js'
import type { Lexemed } from './modifiers.js'
import { modifiersOf, spanOf } from './modifiers.js'
import type { ParsedRetime } from './parsed.js'

/** What a clause says about the speed and direction of time. */
export function readRetimes(clause: Clause): ParsedRetime[] {
  if (clause.negated) return []
  const words = clause.words.filter(
    (word): word is Lexemed<'retime'> => word.lexeme?.type === 'retime',
  )
  const [word] = words
  if (word === undefined) return []
  // One change a clause: `slow motion at half speed` says one thing twice.
  const chosen = words.find(({ lexeme }) => lexeme.kind !== 'speed') ?? word
  const modifiers = modifiersOf(clause.words, [chosen], chosen)
  const plain = chosen.lexeme.kind
  // `speed up gradually` is a ramp by other words.
  const kind = plain === 'speed' && clause.gradual ? 'ramp' : plain
  const stated = words.find(({ lexeme }) => lexeme.factor !== 1) ?? chosen
  const factor = kind === 'speed' || kind === 'ramp' ? speedOf(stated.lexeme.factor, modifiers) : 1
  const span = spanOf(chosen, modifiers, words)
  const seconds = kind === 'freeze' ? clause.seconds : null
  return [{ kind, factor, seconds, when: clause.when, span }]
}

function speedOf(
  plain: number,
  { number, unit, direction }: ReturnType<typeof modifiersOf>,
): number {
  const slower = plain < 1 || direction === -1
  let factor = plain !== 1 ? plain : direction === null ? 1 : slower ? 0.5 : 2
  if (number !== null && number > 0) {
    if (unit === 'percent') factor = number / 100
    else factor = slower && number > 1 ? 1 / number : number
  }
  return Math.min(FASTEST, Math.max(SLOWEST, Math.round(factor * 1000) / 1000))
}
