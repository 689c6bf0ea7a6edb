import { FASTEST, SLOWEST } from '../retime/operations.js'
import type { Clause, Word } from './clauses.js'
import type { Lexemed } from './modifiers.js'
import { modifiersOf, spanOf } from './modifiers.js'
import type { ParsedRetime } from './parsed.js'

type Retiming = Lexemed<'retime'>

/** What a clause says about the speed and direction of time. */
export function readRetimes(clause: Clause): ParsedRetime[] {
  if (clause.negated) return []
  const words = clause.words.filter((word): word is Retiming => word.lexeme?.type === 'retime')
  const [word] = words
  if (word === undefined) return bareSpeed(clause)
  const chosen = words.find(({ lexeme }) => lexeme.kind !== 'speed') ?? word
  const read = readOne(clause, chosen, words)
  // `backwards at half speed` says two things, `slow motion at half speed` one thing twice.
  const turns = chosen.lexeme.kind === 'reverse' || chosen.lexeme.kind === 'ping-pong'
  const speed = turns ? words.find(({ lexeme }) => lexeme.kind === 'speed') : undefined
  if (speed === undefined) return [read]
  const also = readOne(
    clause,
    speed,
    words.filter((one) => one !== chosen),
  )
  return also.factor === 1 ? [read] : [read, also]
}

function readOne(clause: Clause, chosen: Retiming, words: readonly Retiming[]): ParsedRetime {
  const modifiers = modifiersOf(clause.words, [chosen], chosen)
  const plain = chosen.lexeme.kind
  const changes = plain === 'speed' || plain === 'ramp'
  const ends = changes ? endsOf(clause.words) : null
  // `speed up gradually`, or `from 1x to 3x`, is a ramp by other words.
  const kind = plain === 'speed' && (clause.gradual || ends !== null) ? 'ramp' : plain
  const stated = words.find(({ lexeme }) => lexeme.factor !== 1) ?? chosen
  const factor = changes ? (ends?.[1] ?? speedOf(stated.lexeme.factor, modifiers)) : 1
  const span = spanOf(chosen, modifiers, changes ? words : [])
  const seconds = kind === 'freeze' ? clause.seconds : null
  return { kind, factor, start: ends?.[0] ?? 1, seconds, when: clause.when, span }
}

/** Both speeds of `from 100 % to 25 %`; null where there are not two. */
function endsOf(words: readonly Word[]): readonly [number, number] | null {
  const speeds: number[] = []
  words.forEach(({ lexeme }, at) => {
    if (lexeme?.type !== 'number') return
    const after = words[at + 1]?.lexeme
    const unit = after?.type === 'unit' ? after.unit : null
    if (unit === 'percent' || unit === 'times') {
      speeds.push(held(unit === 'percent' ? lexeme.value / 100 : lexeme.value))
    }
  })
  const [first, last] = speeds
  return speeds.length === 2 && first !== undefined && last !== undefined ? [first, last] : null
}

/** `2x`, and nothing else. */
function bareSpeed(clause: Clause): ParsedRetime[] {
  const said = clause.words.filter(({ lexeme }) => lexeme?.type !== 'filler')
  const [first, second] = said
  if (said.length !== 2 || first === undefined || second === undefined) return []
  const figure = [first, second].find(({ lexeme }) => lexeme?.type === 'number')?.lexeme
  const times = said.some(({ lexeme }) => lexeme?.type === 'unit' && lexeme.unit === 'times')
  if (figure?.type !== 'number' || !times || figure.value <= 0) return []
  const span = { start: first.start, end: second.end }
  const factor = held(figure.value)
  return [{ kind: 'speed', factor, start: 1, seconds: null, when: clause.when, span }]
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
  return held(factor)
}

function held(factor: number): number {
  return Math.min(FASTEST, Math.max(SLOWEST, Math.round(factor * 1000) / 1000))
}
