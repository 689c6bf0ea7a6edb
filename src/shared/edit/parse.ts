import { nearestWords } from '../text/tokenizer.js'
import { readClauses } from './clauses.js'
import { applyExceptions } from './excepted.js'
import type { Part } from './excepted.js'
import { joinExceptions } from './exceptions.js'
import { isFade } from './fades.js'
import type { Clause } from './clauses.js'
import type { Token } from './lexer.js'
import { openText, readTokens } from './lexer.js'
import type { OpenText } from './lexer.js'
import type { EditKind } from './operations.js'
import { levelOf } from './levels.js'
import { readClause } from './readClause.js'
import { EDIT_LIMITS } from './schema.js'
import { PROPOSABLE, VOCABULARY } from './vocabulary.js'
import type { Language, Level } from './entries.js'
import type { Vocabulary } from './vocabulary.js'
import type { ParsedOperation, ParsedPrompt, ParsedRetime, ProposingSpan } from './parsed.js'

/** Unknown words for which proposals are looked up; a pasted essay gets no more. */
const MAX_PROPOSED = 20

/**
 * Reads a prompt in English or Italian by a fixed grammar: the same words always mean the same
 * operations. Pure and total; at most {@link EDIT_LIMITS}.prompt characters are read.
 *
 * @param prefer the language to take where the words are as good in both
 */
export function parsePrompt(prompt: string, prefer: Language = 'en'): ParsedPrompt {
  const text = prompt.slice(0, EDIT_LIMITS.prompt)
  const other: Language = prefer === 'en' ? 'it' : 'en'
  const open = openText(text)
  const readings = [prefer, other].map((language) => ({
    language,
    tokens: readTokens(open, VOCABULARY[language]),
  }))
  const [first, second] = readings as [Reading, Reading]
  const better = missed(second.tokens) < missed(first.tokens) ? second : first
  const { language, tokens } = readMixed(open, better) ?? better
  return { language, ...readAll(text, tokens, language) }
}

interface Reading {
  readonly language: Language
  readonly tokens: Token[]
}

/**
 * With words of the other language where one does not do: `make it più caldo`. Null where that
 * finds nothing but what may be a name or a slip: single short words, and words that mean something
 * else in the language of the rest.
 */
function readMixed(text: OpenText, { language, tokens }: Reading): Reading | null {
  const gaps = tokens.filter(({ lexeme }) => lexeme === null)
  if (gaps.length === 0) return null
  const other: Language = language === 'en' ? 'it' : 'en'
  const mixed = readTokens(text, VOCABULARY[language], foreign(other))
  const found = mixed.filter(
    ({ start, end, lexeme }) =>
      lexeme !== null && gaps.some((gap) => gap.start < end && start < gap.end),
  )
  const tells = found.some(
    ({ start, end, lexeme }) =>
      TELLING.has(lexeme?.type ?? '') || (lexeme?.type !== 'number' && end - start > 3),
  )
  return tells && missed(mixed) < missed(tokens) ? { language, tokens: mixed } : null
}

const TELLING = new Set<string>(['operation', 'retime', 'colour', 'subject', 'fade'])

/** Words of this language that a sentence in the other one means otherwise. */
const FALSE_FRIENDS: Readonly<Record<Language, ReadonlySet<string>>> = {
  en: new Set(['pale', 'rose', 'fade', 'face', 'fast', 'dense', 'is', 'on', 'so', 'do']),
  it: new Set([
    'alone',
    'mare',
    'viola',
    'forte',
    'retro',
    'come',
    'massimo',
    'alba',
    'volti',
    'fa',
  ]),
}

const FOREIGN: Partial<Record<Language, Vocabulary>> = {}

function foreign(language: Language): Vocabulary {
  const friends = FALSE_FRIENDS[language]
  return (FOREIGN[language] ??= new Map(
    [...VOCABULARY[language]].map(([first, phrases]) => [
      first,
      phrases.filter(({ words }) => words.length > 1 || !friends.has(first)),
    ]),
  ))
}

/** Characters that a reading made nothing of. */
function missed(tokens: readonly Token[]): number {
  return tokens.reduce(
    (sum, { start, end, lexeme }) => sum + (lexeme === null ? end - start : 0),
    0,
  )
}

function readAll(
  text: string,
  tokens: readonly Token[],
  language: Language,
): Omit<ParsedPrompt, 'language'> {
  const parts: Part[] = []
  const before: ParsedOperation[] = []
  const retimes: ParsedRetime[] = []
  const excluded: EditKind[] = []
  const unknown: ProposingSpan[] = []
  let direction: 1 | -1 | null = null
  for (const clause of shareTimes(readClauses(joinExceptions(tokens)))) {
    const read = readClause({ text, language, clause, direction, before })
    direction = read.direction
    if (read.level !== null) relevel(parts, read.level)
    parts.push({ clause, operations: read.operations })
    before.push(...read.operations)
    retimes.push(...read.retimes)
    excluded.push(...read.excluded)
    unknown.push(...read.unknown)
  }
  const excepted = applyExceptions(parts, text)
  unknown.push(...excepted.unknown)
  const operations: ParsedOperation[] = []
  for (const operation of excepted.parts.flat()) place(operations, operation)
  return {
    operations: operations
      .filter(({ kind }) => !excluded.includes(kind))
      .slice(0, EDIT_LIMITS.operations),
    retimes,
    excluded: [...new Set(excluded)],
    unknown: unknown.map(({ start, end, near, reason }, at) => ({
      ...{ start, end, text: text.slice(start, end), reason: reason ?? null },
      proposals:
        near !== undefined
          ? near
          : at < MAX_PROPOSED
            ? nearestWords(text.slice(start, end).toLowerCase(), PROPOSABLE[language])
            : [],
    })),
  }
}

/** `brighter but not too much`, `sepia, slightly`: says how much of what was asked for last. */
function relevel(parts: Part[], level: Level): void {
  const at = parts.findLastIndex(({ operations }) => operations.length > 0)
  const part = parts[at]
  const last = part?.operations.at(-1)
  if (part === undefined || last === undefined) return
  const amount = Math.sign(last.amount) * levelOf(last.kind, level)
  parts[at] = { ...part, operations: [...part.operations.slice(0, -1), { ...last, amount }] }
}

/** A later mention of the same operation at the same time and place replaces the earlier one. */
function place(operations: ParsedOperation[], operation: ParsedOperation): void {
  const same = operations.findIndex(
    (one) =>
      one.kind === operation.kind &&
      one.only === operation.only &&
      one.subject === operation.subject &&
      one.outside === operation.outside &&
      one.to === operation.to &&
      one.tones === operation.tones &&
      String(one.except) === String(operation.except) &&
      JSON.stringify(one.when) === JSON.stringify(operation.when),
  )
  if (same === -1) operations.push(operation)
  else operations[same] = operation
}

/**
 * A time, or a `gradually`, holds for its clause and for those that hang on it by an `and`;
 * standing at the very end, it holds for those before it too.
 */
function shareTimes(clauses: readonly Clause[]): Clause[] {
  const shared: Clause[] = []
  for (const clause of clauses) {
    const before = shared.at(-1)
    // The time of a fade is its own.
    const fades = clause.words.some(isFade) || before?.words.some(isFade) === true
    const carries = before !== undefined && ((clause.joined && !fades) || before.timeOnly)
    shared.push(
      carries && !clause.timed && before.timed
        ? { ...clause, when: before.when, gradual: before.gradual, timed: true }
        : clause,
    )
  }
  const last = shared.at(-1)
  if (last?.timed === true && last.timeLast) {
    for (let at = shared.length - 2; at >= 0; at--) {
      const clause = shared[at] as Clause
      if (clause.timed || shared[at + 1]?.joined !== true) break
      if (!last.timeOnly && (clause.words.some(isFade) || last.words.some(isFade))) break
      shared[at] = { ...clause, when: last.when, gradual: last.gradual, timed: true }
    }
  }
  return shared
}
