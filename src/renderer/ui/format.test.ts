import type { TFunction } from 'i18next'
import { describe, expect, it } from 'vitest'
import { createFormat, dateLocale } from './format.js'

describe('dates', () => {
  const written = (language: string, ...system: string[]): string =>
    createFormat(language, ((key: string) => key) as unknown as TFunction, system).date(
      '2026-11-27T16:33:00',
    )

  it("follow the app's language and the system's order and clock", () => {
    expect(written('en', 'en-GB')).toMatch(/^27 Nov 2026.*16:33$/)
    expect(written('en', 'en-US')).toMatch(/^Nov 27, 2026.*4:33\sPM$/)
    expect(written('it', 'it-IT')).toMatch(/^27 nov 2026.*16:33$/)
  })

  it('write English in the order of a country that speaks something else', () => {
    expect(written('en', 'it-IT', 'it')).toMatch(/^27 Nov 2026/)
    expect(written('en', 'sq-AL')).toMatch(/^27 Nov 2026/)
  })

  it('take the language as it is where the system says no country', () => {
    expect(dateLocale('it', [])).toBe('it')
    expect(dateLocale('en', ['not a tag!'])).toBe('en')
  })
})
