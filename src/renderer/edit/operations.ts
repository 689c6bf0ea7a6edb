import type { Command } from '../../shared/document/commands.js'
import type { MaskRec } from '../../shared/document/model.js'
import type { EditParams, EditOperation } from '../../shared/edit/operations.js'
import { parsePrompt } from '../../shared/edit/parse.js'
import type { ParsedOperation, ParsedPrompt } from '../../shared/edit/parsed.js'
import { toEditOperation } from '../../shared/edit/resolve.js'
import type { EditRange } from '../../shared/edit/resolve.js'

/** What the slider of an operation shows: the value it reaches, -1..1. */
export function peakOf({ keys }: EditOperation): number {
  return keys.reduce((peak, { value }) => (Math.abs(value) > Math.abs(peak) ? value : peak), 0)
}

/** The least that an animated operation keeps, so that its course is not lost at 0. */
const LEAST = 0.01

/** The operation with its slider moved; its course in time keeps its shape. */
export function withPeak(operation: EditOperation, peak: number): EditOperation {
  const before = peakOf(operation)
  if (operation.keys.length === 1 || before === 0) {
    return { ...operation, keys: operation.keys.map((key) => ({ ...key, value: peak })) }
  }
  const next = Math.abs(peak) < LEAST ? Math.sign(before) * LEAST : peak
  const keys = operation.keys.map((key) => ({ ...key, value: (key.value / before) * next }))
  return { ...operation, keys }
}

export interface Derived {
  readonly operations: readonly EditOperation[]
  /** Operations whose time lies outside of the range. */
  readonly outside: readonly ParsedOperation[]
}

/**
 * The operations of a prompt on a range. A slider that was moved by hand stays where it is as
 * long as the words for it stay the same.
 */
export function deriveOperations(
  parsed: ParsedPrompt,
  range: EditRange,
  previous: EditParams,
): Derived {
  const before = parsePrompt(previous.prompt).operations
  const outside: ParsedOperation[] = []
  const operations = parsed.operations.flatMap((one) => {
    const operation = toEditOperation(one, range)
    if (operation === null) {
      outside.push(one)
      return []
    }
    const unchanged = before.some((old) => wordsOf(old) === wordsOf(one))
    const kept = previous.operations.find((old) => identity(old) === identity(operation))
    return [unchanged && kept !== undefined ? withPeak(operation, peakOf(kept)) : operation]
  })
  // A matched picture did not come from words, so words do not take it away.
  const matches = previous.operations.filter(({ kind }) => kind === 'match')
  return { operations: [...matches, ...operations], outside }
}

/**
 * The thing that a prompt wants painted and that no colour picks out, as typed; null without one.
 * Until a mask says where it is, painting it would paint everything.
 */
export function subjectToPaint({ operations }: ParsedPrompt): string | null {
  return operations.find((one) => one.subject !== null && one.only === null)?.subject ?? null
}

/** The thing that a prompt leaves as it is, as typed: the edit is everywhere outside of its mask. */
export function leftOut({ operations }: ParsedPrompt): string | null {
  return operations.find(({ outside }) => outside !== null)?.outside ?? null
}

/** Turns a mask over when the words begin or cease to leave a thing out; null where it stays. */
export function turnedMask(
  mask: MaskRec | undefined,
  before: ParsedPrompt,
  now: ParsedPrompt,
): Command | null {
  const inverted = leftOut(now) !== null
  if (mask === undefined || inverted === (leftOut(before) !== null)) return null
  return mask.inverted === inverted
    ? null
    : { type: 'mask.update', id: mask.id, changes: { inverted } }
}

let latest: { readonly prompt: string; readonly waits: boolean; readonly all: boolean } = {
  prompt: '',
  waits: false,
  all: false,
}

const NOTHING: readonly EditOperation[] = []

/**
 * The operations that can be shown: without paint for a thing whose place is not known yet, and none
 * while one is to be left out that has no place.
 */
export function placedOperations(
  { prompt, operations }: EditParams,
  masked: boolean,
): readonly EditOperation[] {
  if (masked) return operations
  if (latest.prompt !== prompt) {
    const parsed = parsePrompt(prompt)
    latest = { prompt, waits: subjectToPaint(parsed) !== null, all: leftOut(parsed) !== null }
  }
  if (latest.all) return NOTHING
  const waits = (one: EditOperation): boolean => one.kind === 'recolour' && one.only === null
  return latest.waits && operations.some(waits)
    ? operations.filter((one) => !waits(one))
    : operations
}

function wordsOf(parsed: ParsedOperation): string {
  const { kind, amount, only, tones, except, to, subject, outside } = parsed
  return JSON.stringify([kind, amount, only, tones, except, to, subject, outside])
}

function identity(operation: EditOperation): string {
  const { keys, ...rest } = operation
  return JSON.stringify(rest) + String(keys.length)
}
