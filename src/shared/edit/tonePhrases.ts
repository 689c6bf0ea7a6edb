import type { ColourName } from './colours.js'
import { levelOf, pushOf } from './levels.js'
import { isColour, modifiersOf, spanOf } from './modifiers.js'
import type { Lexemed, Modifiers } from './modifiers.js'
import { TONE_RANGES } from './operations.js'
import type { EditKind, ToneRange } from './operations.js'
import type { ParsedOperation, ProposingSpan } from './parsed.js'
import type { Word, ClauseContext } from './clauses.js'

type Operating = Lexemed<'operation'>

const RANGES = new Set<EditKind>(TONE_RANGES)
/** What one range of tones can have of its own; its light has sliders already. */
const CONFINED = new Set<EditKind>([
  ...(['temperature', 'tint', 'saturation', 'vibrance', 'hue', 'contrast'] as const),
  ...(['sepia', 'monochrome'] as const),
])
const GREYS = new Set<ColourName>(['grey', 'silver'])

export interface ToneReading {
  readonly operations: readonly ParsedOperation[]
  readonly unknown: readonly ProposingSpan[]
  /** Words that are done with. */
  readonly used: readonly Word[]
}

export function isTone(word: Operating): boolean {
  return word.lexeme.noun && RANGES.has(word.lexeme.kind)
}

/**
 * Colour of one range of tones: `blue shadows`, `warm the highlights`, `less saturated midtones`.
 * Null for clauses that ask for nothing of the kind.
 */
export function readTones(
  context: ClauseContext,
  operating: readonly Operating[],
): ToneReading | null {
  const { clause, before } = context
  const tones = operating.filter((word) => isTone(word))
  const [tone] = tones
  if (tone === undefined) return null
  const ranges = tones.map(({ lexeme }) => lexeme.kind as ToneRange)
  const casts = operating.filter(({ lexeme }) => CONFINED.has(lexeme.kind))
  const colours = clause.words.filter((word) => isColour(word))
  if (casts.length === 0 && colours.length === 0) return again(context, tones, before.at(-1))
  if (casts.length === 0 && isAboutLight(context, colours, tone)) return null

  const common = {
    except: [],
    subject: null,
    outside: null,
    when: clause.when,
    gradual: clause.gradual,
  }
  const operations: ParsedOperation[] = []
  const unknown: ProposingSpan[] = []
  const used = [...tones, ...casts, ...colours]
  const heads: readonly Word[] = casts.length > 0 ? casts : colours
  const only = casts.length > 0 ? (colours[0]?.lexeme.name ?? null) : null
  // `teal shadows orange highlights` is two pairs; of `the blue shadows orange` neither is said.
  const paired = heads.length > 1 && heads.length === ranges.length
  if (heads.length > 1 && !paired && casts.length === 0) {
    return { operations, unknown: used.map(({ start, end }) => ({ start, end, near: [] })), used }
  }
  for (const [at, head] of heads.entries()) {
    const modifiers = modifiersOf(clause.words, heads, head)
    const span = spanOf(head, modifiers, paired ? tones.slice(at, at + 1) : [...tones, ...colours])
    if (clause.negated && casts.length > 0) {
      // Leaving one range of tones out of a change is more than its sliders can say.
      unknown.push({ ...span, near: [] })
      continue
    }
    for (const range of paired ? ranges.slice(at, at + 1) : ranges) {
      const read = isColour(head)
        ? ofColour(head, modifiers, clause.negated)
        : ofCast(head as Operating, modifiers)
      if (read === null) unknown.push({ ...span, near: [] })
      else operations.push({ ...common, only, to: null, ...read, tones: range, span })
    }
  }
  return { operations, unknown, used }
}

type Read = Pick<ParsedOperation, 'kind' | 'amount'> & Partial<ParsedOperation>

function ofCast({ lexeme }: Operating, modifiers: Modifiers): Read | null {
  const { kind, sign } = lexeme
  const facing = sign * (modifiers.direction ?? 1) * (modifiers.excess ? -1 : 1)
  const size = sized(modifiers, (level) => levelOf(kind, level))
  const isLook = kind === 'sepia' || kind === 'monochrome'
  if (isLook && facing < 0) return null
  return { kind, amount: Math.max(-1, Math.min(1, facing * size)) }
}

function ofColour(
  { lexeme }: Lexemed<'colour'>,
  modifiers: Modifiers,
  negated: boolean,
): Read | null {
  const { name } = lexeme
  if (GREYS.has(name)) return null
  const less = modifiers.direction === -1 || modifiers.excess || negated
  if (!less) return { kind: 'tone', amount: sized(modifiers, pushOf), to: name }
  const size = negated && !modifiers.excess ? 1 : sized(modifiers, pushOf)
  return { kind: 'saturation', amount: -size, only: name }
}

function sized(
  { number, level }: Modifiers,
  scale: (level: NonNullable<Modifiers['level']> | 'plain') => number,
): number {
  return number === null ? scale(level ?? 'plain') : Math.min(1, Math.abs(number) / 100)
}

/** `lift the blue shadows`, `white highlights`: what is asked for is light. */
function isAboutLight(
  { clause, text, language }: ClauseContext,
  colours: readonly Lexemed<'colour'>[],
  tone: Operating,
): boolean {
  if (colours.some(({ lexeme }) => lexeme.name === 'white' || lexeme.name === 'black')) return true
  const [colour] = colours
  const said = clause.words.find(({ lexeme }) => lexeme?.type === 'direction')
  if (said === undefined || colour === undefined || colour.lexeme.more) return false
  // More and less are of the colour; what lifts and crushes is of the tones.
  if (/^(more|less|fewer|piu|più|meno)/i.test(text.slice(said.start, said.end))) return false
  const words = clause.words.filter(({ lexeme }) => lexeme?.type !== 'article')
  const step = language === 'en' ? 1 : -1
  const beside = words[words.indexOf(colour) + step]
  return beside === tone && said.end <= Math.min(colour.start, tone.start)
}

/** `warm the shadows and the midtones`: what was said of the one holds for the other. */
function again(
  { clause, direction }: ClauseContext,
  tones: readonly Operating[],
  last: ParsedOperation | undefined,
): ToneReading | null {
  const said = clause.words.filter(
    ({ lexeme }) => lexeme?.type !== 'article' && lexeme?.type !== 'filler',
  )
  if (!clause.joined || clause.negated || last === undefined) return null
  if (said.some((word) => !tones.some((tone) => tone === word))) return null
  const ofTones = last.tones !== null
  if (!ofTones && (!RANGES.has(last.kind) || direction !== null)) return null
  const { when, gradual } = clause
  return {
    unknown: [],
    used: tones,
    operations: tones.map(({ start, end, lexeme }) => ({
      ...last,
      ...(ofTones ? { tones: lexeme.kind as ToneRange } : { kind: lexeme.kind }),
      ...{ when, gradual, span: { start, end } },
    })),
  }
}
