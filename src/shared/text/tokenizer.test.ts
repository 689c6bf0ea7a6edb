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
