import { BANDS, isNeutral } from './colours.js'
import type { ColourName } from './colours.js'
import { readThings } from './leftThings.js'
import type { Token } from './lexer.js'
import type { BreakLexeme, Lexeme, Span } from './entries.js'

/** Colours that an exception names, and where the last of its tokens stands. */
interface Named {
  readonly colours: readonly ColourName[]
  readonly thing: Span | null
  readonly strays: readonly Span[]
  /** Index behind it. */
  readonly next: number
}

/**
 * Puts `except the red and the yellow`, or `except the car`, into one token, so that what it names
 * is taken for nothing else. Where neither follows, the words are what they else would be.
 */
export function joinExceptions(tokens: readonly Token[]): Token[] {
  const joined: Token[] = []
  for (let at = 0; at < tokens.length;) {
    const token = tokens[at] as Token
    const { lexeme, start } = token
    const named =
      lexeme?.type === 'except'
        ? (readSeveral(tokens, at) ?? readColours(tokens, at + 1) ?? readThing(tokens, at + 1))
        : readColoured(tokens, at)
    if (named === null) {
      joined.push(lexeme?.type === 'except' ? withoutColours(token, tokens[at + 1]) : token)
      at++
      continue
    }
    const alone = lexeme?.type !== 'except' || lexeme.alone
    const { colours, thing, strays, next } = named
    const end = (tokens[next - 1] as Token).end
    joined.push({ start, end, lexeme: { type: 'exception', colours, thing, alone, strays } })
    at = next
  }
  return joined
}

/** `except the car and the tree`. */
function readSeveral(tokens: readonly Token[], at: number): Named | null {
  const before = tokens.slice(0, at)
  const clause = before.slice(before.findLastIndex(({ lexeme }) => lexeme?.type === 'break') + 1)
  const lexeme = tokens[at]?.lexeme
  const isKept = lexeme?.type === 'except' && lexeme.otherwise === 'kept'
  const said = isKept || clause.some((one) => DOING.has(one.lexeme?.type ?? ''))
  const things = readThings(tokens, at + 1, said)
  return things === null ? null : { ...things, strays: [] }
}

/** What says that something is to be done. */
const DOING = new Set<string>(['operation', 'direction', 'colour', 'tint', 'retime', 'fade'])

/** `only the red in colour`, `the red stays in colour`. */
function readColoured(tokens: readonly Token[], at: number): Named | null {
  const first = tokens[at]?.lexeme
  const only = first?.type === 'break' && first.only === true
  if (!only && first?.type !== 'article' && first?.type !== 'colour') return null
  const named = readColours(tokens, only ? at + 1 : at)
  if (named === null) return null
  let next = named.next
  while (tokens[next]?.lexeme?.type === 'filler') next++
  return tokens[next]?.lexeme?.type === 'coloured' ? { ...named, next: next + 1 } : null
}

/** `except the car`: up to three words that say nothing else, and after which something else begins. */
function readThing(tokens: readonly Token[], from: number): Named | null {
  let first = from
  while (tokens[first]?.lexeme?.type === 'article') first++
  let next = first
  while (next < first + 3 && tokens[next] !== undefined && tokens[next]?.lexeme === null) next++
  const [begin, last] = [tokens[first], tokens[next - 1]]
  if (begin === undefined || last === undefined || next === first) return null
  const strays = tokens.slice(first, next).map(({ start, end }) => ({ start, end }))
  // `tranne la macchina rossa`: red, and a car that no hue picks out.
  const red = colourBehind(tokens, next)
  if (red !== null) return { colours: [red], thing: null, strays, next: next + 1 }
  let at = next
  while (tokens[at]?.lexeme?.type === 'into' || tokens[at]?.lexeme?.type === 'filler') at++
  const follows = tokens[at]?.lexeme
  // `keep the car red`, `darker except the car and the dog brighter`: no one thing that is left as it is.
  const ends = follows === undefined || (follows?.type === 'break' && !isList(tokens, at + 1))
  const means = follows?.type === 'operation' || follows?.type === 'direction'
  const says = follows?.type === 'intensity' || follows?.type === 'time'
  if (!ends && !means && !says) return null
  return { colours: [], thing: { start: begin.start, end: last.end }, strays: [], next }
}

/** A hue at the end of an exception. */
function colourBehind(tokens: readonly Token[], at: number): ColourName | null {
  const [colour, follows] = [tokens[at]?.lexeme, tokens[at + 1]?.lexeme]
  const ends = follows === undefined || follows?.type === 'break'
  if (!ends || colour?.type !== 'colour' || colour.more) return null
  return BANDS[colour.name] === null ? null : colour.name
}

function isList(tokens: readonly Token[], from: number): boolean {
  let at = from
  while (tokens[at]?.lexeme?.type === 'article') at++
  return tokens[at] !== undefined && tokens[at]?.lexeme === null
}

function withoutColours(token: Token, next: Token | undefined): Token {
  if (token.lexeme?.type !== 'except') return token
  const { otherwise } = token.lexeme
  if (otherwise === 'nothing') return token
  const negation: Lexeme = { type: 'negation' }
  const split: BreakLexeme = { type: 'break', strong: true, negated: true }
  if (otherwise === 'break') return { ...token, lexeme: split }
  // `tutto meno saturo` is less saturated, and `tutto meno il rosso` all but the red.
  if (otherwise === 'less') return { ...token, lexeme: { type: 'direction', sign: -1 } }
  const isKept = otherwise === 'negation' || next?.lexeme?.type === 'article'
  return { ...token, lexeme: isKept ? negation : null }
}

function readColours(tokens: readonly Token[], from: number): Named | null {
  const colours: ColourName[] = []
  const strays: Span[] = []
  let next = from
  for (let at = from; ;) {
    const one = readColour(tokens, at)
    if (one === null) break
    colours.push(...one.colours)
    strays.push(...one.strays)
    next = one.next
    const link = tokens[next]?.lexeme
    if (link?.type !== 'break' || link.strong || link.negated) break
    at = next + 1
  }
  return colours.length === 0 ? null : { colours: [...new Set(colours)], thing: null, strays, next }
}

/** `the red`, `the blue sky`, `il cielo blu`, `the skin`; `the red car` is red, and a car that no hue picks out. */
function readColour(tokens: readonly Token[], from: number): Omit<Named, 'thing'> | null {
  let at = from
  while (tokens[at]?.lexeme?.type === 'article') at++
  const [first, second] = [tokens[at]?.lexeme, tokens[at + 1]?.lexeme]
  if (first?.type === 'subject') {
    const same = second?.type === 'colour' && second.name === first.band
    return { colours: [first.band], strays: [], next: at + (same ? 2 : 1) }
  }
  if (first?.type === 'operation' && first.neutral !== undefined) {
    return { colours: [first.neutral], strays: [], next: at + 1 }
  }
  if (first?.type !== 'colour' || first.more) return null
  if (BANDS[first.name] === null && !isNeutral(first.name)) return null
  const colours = [first.name]
  if (second?.type === 'subject') return { colours, strays: [], next: at + 2 }
  // `except the red, blue shadows`: the blue belongs to what follows.
  const follows = second?.type === 'operation' && second.noun && TONES.has(second.kind)
  if (from > 0 && (follows || second?.type === 'tint')) return null
  const strays: Span[] = []
  let next = at + 1
  while (tokens[next]?.lexeme === null && strays.length < 3) {
    const { start, end } = tokens[next] as Token
    strays.push({ start, end })
    next++
  }
  return { colours, strays, next }
}

const TONES = new Set<string>(['shadows', 'midtones', 'highlights'])
