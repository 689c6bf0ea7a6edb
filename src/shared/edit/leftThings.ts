import { BANDS, isNeutral } from './colours.js'
import type { ColourName } from './colours.js'
import type { Token } from './lexer.js'
import type { Span } from './entries.js'

/** Several things that an exception leaves as they are, with the colours named among them. */
interface LeftThings {
  readonly colours: readonly ColourName[]
  /** From the first thing to the last: one mask takes them all. */
  readonly thing: Span
  /** Index behind it. */
  readonly next: number
}

interface Member {
  /** Null for a thing, and for what a mask shows as well as a hue does. */
  readonly colour: ColourName | null
  /** No hue tells where it is. */
  readonly unseen: boolean
  readonly start: number
  readonly end: number
  readonly next: number
}

/**
 * `the car and the tree`, `the car, the tree and the dog`: a list whose last member hangs on an
 * `and`, and of which at least one needs a mask. What has a hue of its own in the grammar, the
 * tree, is then painted with the others; a colour, `the car and the red`, is left out by its hue.
 *
 * @param said something to be done stands before it in its clause, or it is what is kept: what
 *   follows the list is then about its last member, and that is no list (`darker except the car and
 *   the sky bluer`)
 */
export function readThings(
  tokens: readonly Token[],
  from: number,
  said: boolean,
): LeftThings | null {
  const members: Member[] = []
  let listed = 0
  for (let at = from; ;) {
    const one = readMember(tokens, at, said)
    if (one === null) break
    members.push(one)
    const before = tokens[at - 1]?.lexeme
    if (members.length > 1 && before?.type === 'break' && before.comma !== true) {
      listed = members.length
    }
    const link = tokens[one.next]?.lexeme
    if (link?.type !== 'break' || link.strong || link.negated) break
    at = one.next + 1
  }
  const list = members.slice(0, listed)
  const things = list.filter(({ colour }) => colour === null)
  const [first, last] = [things[0], things.at(-1)]
  const next = list.at(-1)?.next
  if (first === undefined || last === undefined || next === undefined) return null
  if (!things.some(({ unseen }) => unseen) || !isWhole(tokens, next, said)) return null
  return {
    colours: [...new Set(list.flatMap(({ colour }) => colour ?? []))],
    thing: { start: first.start, end: last.end },
    next,
  }
}

function readMember(tokens: readonly Token[], from: number, said: boolean): Member | null {
  let at = from
  while (tokens[at]?.lexeme?.type === 'article') at++
  const token = tokens[at]
  if (token === undefined) return null
  const { start, lexeme } = token
  const behind = tokens[at + 1]?.lexeme
  if (lexeme === null) {
    let next = at
    while (next < at + 3 && tokens[next] !== undefined && tokens[next]?.lexeme === null) next++
    // `la macchina rossa`: a mask shows it as well as its colour does.
    if (isAdjective(tokens, next, said)) next++
    return { colour: null, unseen: true, start, end: tokens[next - 1]?.end ?? start, next }
  }
  if (lexeme.type === 'subject') {
    const next = at + (isAdjective(tokens, at + 1, said) ? 2 : 1)
    return { colour: null, unseen: false, start, end: tokens[next - 1]?.end ?? start, next }
  }
  const colour = colourOf(lexeme)
  // `the red car`, `the blue sky` are no colours.
  if (colour === null || behind === null || behind?.type === 'subject') return null
  return { colour, unseen: false, start, end: token.end, next: at + 1 }
}

/** Not where it is what all else shall become: `everything except the car and the tree blue`. */
function isAdjective(tokens: readonly Token[], at: number, said: boolean): boolean {
  const lexeme = tokens[at]?.lexeme
  if (lexeme?.type !== 'colour' || lexeme.more) return false
  const follows = tokens[at + 1]?.lexeme
  const ends =
    follows === undefined || (follows?.type === 'break' && (follows.strong || follows.comma))
  return said || !ends
}

function colourOf(lexeme: Token['lexeme']): ColourName | null {
  if (lexeme?.type === 'operation') return lexeme.neutral ?? null
  if (lexeme?.type !== 'colour' || lexeme.more) return null
  return BANDS[lexeme.name] !== null || isNeutral(lexeme.name) ? lexeme.name : null
}

/** What says what is to be done with all else. */
const DOING = new Set<string>(['operation', 'direction', 'intensity', 'colour'])

/** Whether something else begins behind the list, which is about more than its last member. */
function isWhole(tokens: readonly Token[], from: number, said: boolean): boolean {
  let at = from
  while (tokens[at]?.lexeme?.type === 'into' || tokens[at]?.lexeme?.type === 'filler') at++
  const token = tokens[at]
  if (token === undefined) return true
  const type = token.lexeme?.type
  if (type === 'break' || type === 'time' || type === 'coloured') return true
  return !said && DOING.has(type ?? '')
}
