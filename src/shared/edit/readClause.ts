import { figureIn, withoutBeyond } from './beyond.js'
import { BANDS } from './colours.js'
import type { ClauseContext, Word } from './clauses.js'
import { readColours } from './colourPhrases.js'
import { isException } from './excepted.js'
import { isFade, readFades } from './fades.js'
import { levelOf } from './levels.js'
import { ADJUST_KINDS } from './operations.js'
import type { EditKind } from './operations.js'
import type { ParsedOperation, ParsedRetime, ProposingSpan } from './parsed.js'
import { readRetimes } from './retimePhrases.js'
import { isTone, readTones } from './tonePhrases.js'
import { isColour, modifiersOf, spanOf } from './modifiers.js'
import type { Lexemed, Modifiers } from './modifiers.js'
import type { Level, Span } from './entries.js'

export interface ClauseReading {
  readonly operations: readonly ParsedOperation[]
  readonly retimes: readonly ParsedRetime[]
  readonly excluded: readonly EditKind[]
  readonly unknown: readonly ProposingSpan[]
  readonly direction: 1 | -1 | null
  /** `but not too much`, `…, slightly`: how much of what was asked for last. */
  readonly level: Level | null
}

const ADJUSTS = new Set<EditKind>(ADJUST_KINDS)
type Operating = Lexemed<'operation'>

/** Makes operations of one clause. */
export function readClause(whole: ClauseContext): ClauseReading {
  const { clause, beyond } = withoutBeyond(whole.clause)
  const context = { ...whole, clause }
  const { direction } = context
  const retimes = readRetimes(clause)
  const all = mergeTones(
    clause.words.filter((word): word is Operating => isOperating(word)),
    clause.words.filter((word) => isColour(word)),
  )
  const fades = clause.negated ? [] : readFades(clause)
  const toned = readTones(context, all)
  const isFree = (word: Word): boolean => toned?.used.includes(word) !== true
  const operating = all.filter(isFree)
  const adjusts = operating.filter(({ lexeme }) => ADJUSTS.has(lexeme.kind))
  const colours = clause.words.filter((word) => isColour(word)).filter(isFree)
  const takesSubject = (adjusts.length > 0 || colours.length > 0) && fades.length === 0
  const { subject, unknown } = findSubject(clause.words, takesSubject && retimes.length === 0)
  const subjectText = subject === null ? null : context.text.slice(subject.start, subject.end)
  const band = clause.words.find(
    (word): word is Lexemed<'subject'> => word.lexeme?.type === 'subject',
  )

  const excluded: EditKind[] = clause.negated ? excludedFades(clause.words) : []
  const operations: ParsedOperation[] = [...(toned?.operations ?? []), ...fades]
  let level: Level | null = null
  const own = clause.words.filter(
    (word): word is Lexemed<'direction'> => word.lexeme?.type === 'direction',
  )
  const carried = clause.joined && own.length === 0 ? direction : null
  const common = {
    ...{ only: null, tones: null, except: [], to: null, subject: null, outside: null },
    ...{ when: clause.when, gradual: clause.gradual },
  }
  const hasRange =
    band?.lexeme.band ?? colours.find(({ lexeme }) => BANDS[lexeme.name] !== null)?.lexeme.name

  for (const word of operating) {
    const { kind } = word.lexeme
    const modifiers = modifiersOf(clause.words, operating, word)
    const isAdjust = ADJUSTS.has(kind)
    const negated = clause.negated
    if (negated && !modifiers.excess) {
      excluded.push(kind)
      continue
    }
    if (negated && context.before.some((one) => one.kind === kind)) {
      level = 'slight'
      continue
    }
    const amount = amountOf(word, modifiers, isAdjust ? carried : null)
    if (!isAdjust && amount <= 0) {
      excluded.push(kind)
      continue
    }
    operations.push({
      ...common,
      ...(isAdjust ? { only: hasRange ?? null, subject: subjectText } : {}),
      ...{
        kind,
        amount,
        span: spanOf(word, modifiers, isAdjust ? [...colours, band, subject] : []),
      },
    })
  }

  // `fade from black to white`: two colours are one too many.
  const strayColours = fades.length === 0 ? [] : colours
  if (strayColours.length > 0) {
    // Marked below.
  } else if (adjusts.length === 0 && colours.length > 0) {
    operations.push(...readColours(context, { colours, band, subject, subjectText }))
  } else if (operations.length + operating.length + retimes.length + unknown.length === 0) {
    const stops = figureIn(clause.words, 'stops')
    if (stops !== null) {
      const amount = Math.max(-1, Math.min(1, stops.value / 2))
      operations.push({ ...common, kind: 'exposure', amount, span: stops.span })
    }
    // `the sky more dramatic` is about the sky, and not about what came before it.
    const said = (band === undefined && stops === null ? clause.words : []).find(
      ({ lexeme }) => lexeme?.type === 'intensity' || (clause.negated && lexeme?.type === 'excess'),
    )
    if (said?.lexeme?.type === 'intensity') level = clause.negated ? 'slight' : said.lexeme.level
    else if (said !== undefined) level = 'slight'
  }
  const strays = operations.length + retimes.length + excluded.length === 0
  return {
    ...{ operations, retimes, excluded, level },
    unknown: [
      ...unknown,
      ...beyond,
      ...(toned?.unknown ?? []),
      ...strayColours.map(({ start, end }) => ({ start, end, near: [] })),
      ...clause.words
        .filter((word) => isException(word))
        .flatMap(({ lexeme }) => lexeme.strays.map((stray) => ({ ...stray, near: [] }))),
      // `sepia sky`: looks and grain cover the whole frame, whatever they were asked to cover.
      ...(band !== undefined && !strays && adjusts.length + colours.length === 0 && toned === null
        ? [{ start: band.start, end: band.end, near: [] }]
        : []),
      ...(strays
        ? leftOver(clause.words, (toned?.unknown.length ?? 0) + unknown.length === 0)
        : []),
    ],
    direction: own.at(-1)?.lexeme.sign ?? (clause.joined ? direction : null),
  }
}

function excludedFades(words: readonly Word[]): EditKind[] {
  return words
    .filter((word) => isFade(word))
    .flatMap(({ lexeme: { way } }): EditKind[] =>
      way === 'both' ? ['fade-in', 'fade-out'] : [way === 'in' ? 'fade-in' : 'fade-out'],
    )
}

function isOperating(word: Word): word is Operating {
  return word.lexeme?.type === 'operation'
}

/**
 * `brighter shadows` is about shadows, and `warm temperature` says the same thing twice: an
 * adjective beside the noun that it belongs to gives it its direction.
 */
function mergeTones(
  words: readonly Operating[],
  colours: readonly Lexemed<'colour'>[],
): Operating[] {
  const tone = words.find((word) => isTone(word))
  const light = words.find(({ lexeme }) => lexeme.kind === 'exposure' && !lexeme.noun)
  // `black shadows`, `white highlights`: paint on tones is light.
  const paint = colours.find(({ lexeme }) => lexeme.name === 'black' || lexeme.name === 'white')
  const said = light ?? paint
  const sign = light?.lexeme.sign ?? (paint?.lexeme.name === 'black' ? -1 : 1)
  const merged =
    tone === undefined || said === undefined
      ? [...words]
      : words
          .filter((word) => word !== light)
          .map((word) =>
            word === tone
              ? {
                  start: Math.min(tone.start, said.start),
                  end: Math.max(tone.end, said.end),
                  lexeme: { ...tone.lexeme, sign, noun: false },
                }
              : word,
          )
  return merged.filter(
    (word) =>
      !word.lexeme.noun ||
      !merged.some((other) => other !== word && other.lexeme.kind === word.lexeme.kind),
  )
}

function amountOf(word: Operating, modifiers: Modifiers, carried: 1 | -1 | null): number {
  const { kind, sign } = word.lexeme
  const explicit = explicitAmount(kind, modifiers)
  const direction =
    modifiers.direction ?? (word.lexeme.noun && explicit === null && carried !== null ? carried : 1)
  const facing = sign * direction * (modifiers.excess ? -1 : 1)
  const size = explicit ?? levelOf(kind, modifiers.level ?? 'plain')
  return Math.max(-1, Math.min(1, facing * size))
}

/** A number that says how far: in percent, stops or degrees; null without one. */
function explicitAmount(kind: EditKind, { number, unit }: Modifiers): number | null {
  if (number === null) return null
  if (kind === 'hue') return number / (unit === 'percent' ? 100 : 180)
  if (unit === 'stops') return number / 2
  return unit === null || unit === 'percent' ? number / 100 : null
}

/** The thing that a clause is about: the first run of unknown words that hangs on words that say what to do. */
function findSubject(
  words: readonly Word[],
  wanted: boolean,
): { readonly subject: Span | null; readonly unknown: Span[] } {
  const unknown: Span[] = []
  let subject: { start: number; end: number; words: number } | null = null
  let previous: Word | undefined
  words.forEach((word, at) => {
    if (word.lexeme === null) {
      const hangs = [previous, words[at + 1]].some((one) => one !== undefined && holds(one))
      if (
        subject !== null &&
        previous?.lexeme === null &&
        subject.end === previous.end &&
        subject.words < 3
      ) {
        subject = { start: subject.start, end: word.end, words: subject.words + 1 }
      } else if (wanted && subject === null && hangs) {
        subject = { start: word.start, end: word.end, words: 1 }
      } else unknown.push({ start: word.start, end: word.end })
    }
    previous = word
  })
  return { subject, unknown }
}

function holds({ lexeme }: Word): boolean {
  const type = lexeme?.type
  return type === 'article' || type === 'colour' || type === 'operation' || type === 'into'
}

/** Signed numbers that belong to nothing, and where nothing else is marked, a thing to which nothing is done. */
function leftOver(words: readonly Word[], all: boolean): ProposingSpan[] {
  return words
    .filter(
      ({ lexeme }) =>
        (lexeme?.type === 'number' && lexeme.signed) || (all && lexeme?.type === 'subject'),
    )
    .map(({ start, end }) => ({ start, end, near: [] }))
}
