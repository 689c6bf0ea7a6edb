import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createTokenizer, nearestWords, splitWords } from './tokenizer.js'

const read = (path: string): string => readFileSync(resolve('training', path), 'utf8')
const pieces = read('lumiere_training/vocabulary.txt').trimEnd().split('\n')
const golden = JSON.parse(read('tests/tokenizer_golden.json')) as {
  text: string
  words: string[]
  tokens: number[]
}[]
const everyday = JSON.parse(read('tests/everyday_prompts.json')) as {
  language: 'en' | 'it'
  text: string
  unknown: string[]
  tokens: number[]
}[]
const tokenizer = createTokenizer(pieces, { maxTokens: 32, padding: 0, unknown: 1, begin: 2 })

describe('tokenizer', () => {
  it.each(golden.map((one) => [one.text, one] as const))('is that of training: %j', (text, one) => {
    expect(splitWords(text)).toEqual(one.words)
    const encoded = tokenizer.encode(text)
    expect(encoded).toHaveLength(32)
    expect(encoded.slice(0, one.tokens.length)).toEqual(one.tokens)
    expect(encoded.slice(one.tokens.length).every((token) => token === 0)).toBe(true)
  })

  it('tells words that mean something to the model from those that do not', () => {
    const marks = (text: string) => tokenizer.inspect(text).map(({ word, known }) => [word, known])
    expect(marks('a red balloon, un palloncino rosso')).toEqual(
      ['a', 'red', 'balloon', 'un', 'palloncino', 'rosso'].map((word) => [word, true]),
    )
    expect(marks('Helicopter carpet дом q 3')).toEqual([
      ['helicopter', false],
      ['carpet', false],
      ['дом', false],
      ['q', false],
      ['3', true],
    ])
    expect(marks('redness')).toEqual([['redness', true]])
  })

  it.each([
    ['onde sulle rocce', 'onde sulla rocce'],
    ['le luci dei grattacieli', 'le luci del grattacieli'],
    ["fuoco all'alba", 'fuoco al alba'],
    ['colline con barche e boschi', 'colline con barca e bosco'],
    ['snow falls and flies across the hill', 'snow falling and flying over the hills'],
  ])('reads %j as %j', (text, same) => {
    expect(tokenizer.encode(text)).toEqual(tokenizer.encode(same))
    expect(tokenizer.inspect(text).filter(({ known }) => !known)).toEqual(
      tokenizer.inspect(same).filter(({ known }) => !known),
    )
  })

  it('takes no word for a form that only looks like one', () => {
    const words = 'un aereo nel porto, even a rose, behind, dietro, tra'
    expect(
      tokenizer
        .inspect(words)
        .filter(({ known }) => !known)
        .map(({ word }) => word),
    ).toEqual(['aereo', 'porto', 'even', 'rose', 'behind', 'dietro', 'tra'])
  })

  it('leaves the words of the vocabulary, and its stems with an ending, as they are', () => {
    for (const [number, piece] of pieces.entries()) {
      if (/^[\p{L}\p{N}]+$/u.test(piece)) expect(tokenizer.encode(piece)[1]).toBe(number)
    }
    // "dalle" is a form of "dalla", but "dall" with an ending was known before forms were.
    const stem = pieces.indexOf('dall')
    expect(tokenizer.encode('dalle').slice(0, 4)).toEqual([2, stem, pieces.indexOf('##e'), 0])
  })

  it.each(everyday.map((one) => [one.text, one] as const))('reads %j', (text, one) => {
    expect(tokenizer.encode(text).filter((token) => token !== 0)).toEqual(one.tokens)
    const unknown = tokenizer.inspect(text).filter(({ known }) => !known)
    expect(unknown.map(({ word }) => word)).toEqual(one.unknown)
  })

  it('says which words no longer fit', () => {
    const words = tokenizer.inspect(Array.from({ length: 40 }, () => 'red').join(' '))
    expect(words.filter(({ cut }) => cut)).toHaveLength(9)
  })

  it('proposes what was probably meant', () => {
    expect(nearestWords('ballon', pieces)[0]).toBe('balloon')
    expect(nearestWords('rde', pieces)).toContain('red')
    expect(nearestWords('palloncni', pieces)).toContain('palloncino')
    expect(nearestWords('xylophone', pieces)).toEqual([])
  })
})
