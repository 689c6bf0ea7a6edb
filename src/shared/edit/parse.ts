import { nearestWords } from '../text/tokenizer.js'
import { readClauses } from './clauses.js'
import type { Clause } from './clauses.js'
import type { Token } from './lexer.js'
import { readTokens } from './lexer.js'
import type { EditKind } from './operations.js'
import { levelOf } from './levels.js'
import { readClause } from './readClause.js'
import { EDIT_LIMITS } from './schema.js'
import { PROPOSABLE, VOCABULARY } from './vocabulary.js'
import type { Language, Level } from './entries.js'
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
  const readings = [prefer, other].map((language) => ({
    language,
    tokens: readTokens(text, VOCABULARY[language]),
  }))
  const [first, second] = readings as [Reading, Reading]
  const { language, tokens } = missed(second.tokens) < missed(first.tokens) ? second : first
  return { language, ...readAll(text, tokens, language) }
}

interface Reading {
  readonly language: Language
  readonly tokens: Token[]
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
  const operations: ParsedOperation[] = []
  const retimes: ParsedRetime[] = []
  const excluded: EditKind[] = []
  const unknown: ProposingSpan[] = []
  let direction: 1 | -1 | null = null
  for (const clause of shareTimes(readClauses(tokens))) {
    const read = readClause({ text, language, clause, direction, before: operations })
    direction = read.direction
    if (read.level !== null) relevel(operations, read.level)
    for (const operation of read.operations) place(operations, operation)
    retimes.push(...read.retimes)
    excluded.push(...read.excluded)
    unknown.push(...read.unknown)
  }
  return {
    operations: operations
      .filter(({ kind }) => !excluded.includes(kind))
      .slice(0, EDIT_LIMITS.operations),
    retimes,
    excluded: [...new Set(excluded)],
    unknown: unknown.map(({ start, end, near }, at) => ({
      ...{ start, end, text: text.slice(start, end) },
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
function relevel(operations: ParsedOperation[], level: Level): void {
  const last = operations.pop()
  if (last === undefined) return
  operations.push({ ...last, amount: Math.sign(last.amount) * levelOf(last.kind, level) })
}

/** A later mention of the same operation at the same time and place replaces the earlier one. */
function place(operations: ParsedOperation[], operation: ParsedOperation): void {
  const same = operations.findIndex(
    (one) =>
      one.kind === operation.kind &&
      one.only === operation.only &&
      one.subject === operation.subject &&
      one.to === operation.to &&
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
    const carries = before !== undefined && (clause.joined || before.timeOnly)
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
      shared[at] = { ...clause, when: last.when, gradual: last.gradual, timed: true }
    }
  }
  return shared
}
