import { nearestWords } from '../text/tokenizer.js'
import { readClauses } from './clauses.js'
import { applyExceptions } from './excepted.js'
import type { Part } from './excepted.js'
import { joinExceptions } from './exceptions.js'
import { readLanguages } from './languages.js'
import type { Reading } from './languages.js'
import { openText } from './lexer.js'
import type { EditKind } from './operations.js'
import { levelOf } from './levels.js'
import { readClause } from './readClause.js'
import { EDIT_LIMITS } from './schema.js'
import { shareTimes } from './sharedTimes.js'
import { PROPOSABLE } from './vocabulary.js'
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
  const reading = readLanguages(openText(text), prefer)
  return { language: reading.language, ...readAll(text, reading) }
}

function readAll(text: string, { tokens, languageAt }: Reading): Omit<ParsedPrompt, 'language'> {
  const parts: Part[] = []
  const before: ParsedOperation[] = []
  const retimes: ParsedRetime[] = []
  const excluded: EditKind[] = []
  const unknown: ProposingSpan[] = []
  let direction: 1 | -1 | null = null
  for (const clause of shareTimes(readClauses(joinExceptions(tokens)))) {
    const language = languageAt(clause.words[0]?.start ?? 0)
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
            ? nearestWords(text.slice(start, end).toLowerCase(), PROPOSABLE[languageAt(start)])
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
