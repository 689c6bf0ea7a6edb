import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ERROR_CODES } from '../../shared/contract/errors.js'
import { commandSchema } from '../../shared/document/schema/index.js'
import en from './en.json'
import { languageFor } from './index.js'
import it_ from './it.json'

type Tree = { readonly [key: string]: string | Tree }

function flat(tree: Tree, path = ''): Map<string, string> {
  const all = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    const at = path === '' ? key : `${path}.${key}`
    if (typeof value === 'string') all.set(at, value)
    else for (const [inner, text] of flat(value, at)) all.set(inner, text)
  }
  return all
}

const english = flat(en)
const italian = flat(it_)

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').sort()
}

/** Every source file of the renderer, in one string. */
function source(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n')
}

describe('catalogues', () => {
  it('have the same keys', () => {
    expect([...italian.keys()].sort()).toEqual([...english.keys()].sort())
  })

  it('have no empty text and the same placeholders', () => {
    for (const [key, text] of english) {
      expect(text.trim(), key).not.toBe('')
      expect(italian.get(key)?.trim(), key).not.toBe('')
      expect(placeholders(italian.get(key) ?? ''), key).toEqual(placeholders(text))
    }
  })

  it('write apostrophes and quotation marks in one way', () => {
    for (const [key, text] of [...english, ...italian]) expect(text, key).not.toMatch(/['"]/)
    for (const [key, text] of italian) expect(text, key).not.toMatch(/[“”]/)
  })

  it('call following a thing by one word in Italian', () => {
    for (const [key, text] of italian) expect(text, key).not.toMatch(/insegu/i)
  })

  it('say every error and its next step', () => {
    for (const code of ERROR_CODES) {
      expect(english.has(`errors.${code}`), code).toBe(true)
      expect(english.has(`errorHints.${code}`), code).toBe(true)
    }
    expect(Object.keys(en.errors).sort()).toEqual([...ERROR_CODES].sort())
  })

  it('name every command', () => {
    const types = commandSchema.options.flatMap((option) => [...option.shape.type.values])
    expect(types.length).toBeGreaterThan(15)
    for (const type of types) expect(english.has(`commands.${type}`), type).toBe(true)
  })

  it('hold nothing that the interface does not say', () => {
    const code = source(join(import.meta.dirname, '..'))
    const literals = new Set(
      [...code.matchAll(/['`]([a-zA-Z]+(?:\.[\w#-]+)+)['`]/g)].map((m) => m[1]),
    )
    const prefixes = [...code.matchAll(/`([a-zA-Z]+(?:\.[\w-]+)*\.)\$\{/g)].map((m) => m[1] ?? '')
    const unused = [...english.keys()].filter((key) => {
      const base = key.replace(/_(one|other)$/, '')
      return !literals.has(base) && !prefixes.some((prefix) => base.startsWith(prefix))
    })
    expect(unused).toEqual([])
  })
})

describe('language', () => {
  it('follows the system, in English where it is not spoken', () => {
    expect(languageFor('it-CH')).toBe('it')
    expect(languageFor('IT')).toBe('it')
    expect(languageFor('de-DE')).toBe('en')
  })
})
