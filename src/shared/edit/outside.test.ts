import { describe, expect, it } from 'vitest'
import { notation } from '../../../tests/fixtures/prompts/notation.js'
import { OUTSIDE } from '../../../tests/fixtures/prompts/outside.js'
import { TWO_THINGS, TWO_THINGS_LATER } from '../../../tests/fixtures/prompts/twoThings.js'
import { parsePrompt } from './parse.js'

/** With why words are marked, and what is proposed for those that are understood. */
function whole(prompt: string): string {
  const parsed = parsePrompt(prompt)
  return parsed.unknown.reduce(
    (text, { text: word, reason, proposals }) =>
      reason === null
        ? text
        : text.replace(`?${word}`, `?${word} (${reason}) >${proposals.join(',')}`),
    notation(parsed),
  )
}

describe('what lies outside of edits, or of a mask', () => {
  it.each([...OUTSIDE, ...TWO_THINGS, ...TWO_THINGS_LATER])('%s', (prompt, meaning) => {
    expect(whole(prompt)).toBe(meaning)
  })
})
