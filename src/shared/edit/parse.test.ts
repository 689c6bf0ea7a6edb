import { describe, expect, it } from 'vitest'
import { KEPT_ASIDE } from '../../../tests/fixtures/prompts/keptAside.js'
import { LATER, LATER_KEPT_ASIDE } from '../../../tests/fixtures/prompts/later.js'
import { MIXED } from '../../../tests/fixtures/prompts/mixed.js'
import { notation } from '../../../tests/fixtures/prompts/notation.js'
import { SPECIFICATION } from '../../../tests/fixtures/prompts/specification.js'
import { TIMES } from '../../../tests/fixtures/prompts/times.js'
import { parsePrompt } from './parse.js'

describe('the grammar of prompts', () => {
  it.each(SPECIFICATION)('%s', (prompt, meaning) => {
    expect(notation(parsePrompt(prompt))).toBe(meaning)
  })

  it.each(LATER)('%s', (prompt, meaning) => {
    expect(notation(parsePrompt(prompt))).toBe(meaning)
  })

  it.each(MIXED)('%s', (prompt, meaning) => {
    expect(notation(parsePrompt(prompt))).toBe(meaning)
  })

  it.each(TIMES)('%s', (prompt, meaning) => {
    expect(notation(parsePrompt(prompt))).toBe(meaning)
  })

  // Typed once the above were read as meant.
  it.each([
    [
      'darker and warmer gradually, sepia',
      'exposure -50 gradual; temperature 50 gradual; sepia 100',
    ],
    ['darker over 2 seconds, warmer', 'exposure -50 @[,2s] gradual; temperature 50'],
    ['gradually darker from 2 s to 4 s, sepia', 'exposure -50 @[2s,4s] gradual; sepia 100'],
    [
      'from 2 s to 4 s gradually darker and sepia, warmer',
      'exposure -50 @[2s,4s] gradual; sepia 100 @[2s,4s] gradual; temperature 50 @[2s,4s]',
    ],
    ['slow motion in the last second, warmer', 'speed 0.5x @[end-1s,]; temperature 50'],
  ])('%s', (prompt, meaning) => {
    expect(notation(parsePrompt(prompt))).toBe(meaning)
  })

  it('proposes words of the language of a part', () => {
    const { unknown } = parsePrompt('scalda tutto, poi più contrastx, then add grian to it all')
    expect(unknown.map(({ text }) => text)).toEqual(['contrastx', 'grian'])
    expect(unknown[0]?.proposals).toContain('contrasto')
    expect(unknown[1]?.proposals).toContain('grain')
  })

  it('reads the 20 later prompts that were put aside', () => {
    const missed = LATER_KEPT_ASIDE.filter(
      ([prompt, meaning]) => notation(parsePrompt(prompt)) !== meaning,
    )
    expect(LATER_KEPT_ASIDE).toHaveLength(20)
    expect(missed).toEqual([])
  })

  it.each(['sepia sky', 'make the sky black and white', 'cielo seppia'])(
    'marks the thing that a look cannot keep to: %s',
    (prompt) => {
      const { operations, unknown } = parsePrompt(prompt)
      expect(operations).toHaveLength(1)
      expect(unknown.map(({ text }) => text)).toEqual([prompt.includes('cielo') ? 'cielo' : 'sky'])
    },
  )

  it('reads at least 95 of the 100 prompts that it was not written for', () => {
    const missed = KEPT_ASIDE.filter(
      ([prompt, meaning]) => notation(parsePrompt(prompt)) !== meaning,
    )
    expect(KEPT_ASIDE).toHaveLength(100)
    expect(missed.length).toBeLessThanOrEqual(5)
  })

  it('marks what it does not understand where it stands, and proposes near words', () => {
    const { unknown } = parsePrompt('Make it WARMR, and add grian')
    expect(unknown.map(({ text, start, end }) => [text, start, end])).toEqual([
      ['WARMR', 8, 13],
      ['grian', 23, 28],
    ])
    expect(unknown[0]?.proposals).toContain('warmer')
    expect(unknown[1]?.proposals).toContain('grain')
    expect(parsePrompt('più caldp').unknown[0]?.proposals).toContain('caldo')
  })

  it('does not let a word that it does not know change what came before', () => {
    expect(notation(parsePrompt('sepia, a bit of blooom'))).toBe('sepia 100; ?blooom')
  })

  it('says where in the prompt an operation comes from', () => {
    const prompt = 'Please add a subtle vignette and make it 20 % darker'
    const spans = parsePrompt(prompt).operations.map(({ span }) =>
      prompt.slice(span.start, span.end),
    )
    expect(spans).toEqual(['subtle vignette', '20 % darker'])
    const selective = 'make it black and white except the red'
    const [{ start, end } = { start: 0, end: 0 }] = parsePrompt(selective).operations.map(
      ({ span }) => span,
    )
    expect(selective.slice(start, end)).toBe('black and white except the red')
  })

  it('knows the language, and takes the preferred one where both would do', () => {
    expect(parsePrompt('un po’ più scuro').language).toBe('it')
    expect(parsePrompt('a bit darker', 'it').language).toBe('en')
    expect(parsePrompt('sepia', 'it').language).toBe('it')
  })

  it('reads ten thousand characters at once, and no more of a longer text', () => {
    // Of this process alone: other work on the machine must not fail it.
    const before = process.cpuUsage()
    const long = parsePrompt('warmer, qwertz, '.repeat(1000))
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1000).toBeLessThan(1000)
    expect(long.operations).toHaveLength(1)
    const end = Math.max(...long.unknown.map((one) => one.end))
    expect(end).toBeLessThanOrEqual(10_000)
  })
})
