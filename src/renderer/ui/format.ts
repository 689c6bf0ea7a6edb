import type { TFunction } from 'i18next'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { toNumber } from '../../shared/rational.js'
import type { Rational } from '../../shared/rational.js'

/** Numbers, sizes, dates and durations as the chosen language writes them. */
export interface Format {
  number(value: number, digits?: number): string
  bytes(value: number): string
  fps(value: Rational): string
  percent(share: number): string
  /** The same for a style: never with a decimal comma. */
  cssPercent(share: number): string
  /** Whole seconds as `12 s`, `3 min 20 s`, `1 h 5 min`. */
  duration(seconds: number): string
  date(iso: string): string
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const

/** By language and digits: making one costs far more than using it. */
const numberFormats = new Map<string, Intl.NumberFormat>()

function numberFormat(language: string, digits: number): Intl.NumberFormat {
  const key = `${language} ${digits}`
  const made =
    numberFormats.get(key) ?? new Intl.NumberFormat(language, { maximumFractionDigits: digits })
  numberFormats.set(key, made)
  return made
}

/**
 * The locale that writes dates: the app's language, in the order of day and month, and with the
 * clock, that the system has.
 * @param system the system's language tags, the preferred one first
 */
export function dateLocale(language: string, system: readonly string[]): string {
  const own = system.find((tag) => tag.toLowerCase().split('-')[0] === language)
  if (own?.includes('-')) return own
  const region = system.map(regionOf).find((one) => one !== undefined)
  const local = `${language}-${region ?? ''}`
  if (region === undefined) return language
  // Where nobody writes this language so, English would fall back to the order of one country.
  const known = new Intl.DateTimeFormat(local).resolvedOptions().locale === local
  return known || language !== 'en' ? local : 'en-GB'
}

function regionOf(tag: string): string | undefined {
  try {
    return new Intl.Locale(tag).maximize().region
  } catch {
    return undefined
  }
}

export function createFormat(
  language: string,
  t: TFunction,
  system: readonly string[] = navigator.languages,
): Format {
  const number = (value: number, digits = 0): string => numberFormat(language, digits).format(value)
  return {
    number,
    bytes(value) {
      const power = Math.min(UNITS.length - 1, value < 1 ? 0 : Math.floor(Math.log10(value) / 3))
      const scaled = value / 1000 ** power
      return `${number(scaled, scaled < 10 && power > 1 ? 1 : 0)} ${UNITS[power] ?? 'B'}`
    },
    fps: (value) => number(toNumber(value), 3),
    percent: (share) => t('common.percent', { value: number(share * 100) }),
    cssPercent: (share) => `${Math.round(share * 100)}%`,
    duration(seconds) {
      if (seconds < 1) return t('duration.lessThanSecond')
      const whole = Math.round(seconds)
      if (whole < 60) return t('duration.seconds', { seconds: whole })
      if (whole < 3600) {
        return t('duration.minutes', { minutes: Math.floor(whole / 60), seconds: whole % 60 })
      }
      const minutes = Math.round(whole / 60)
      return t('duration.hours', { hours: Math.floor(minutes / 60), minutes: minutes % 60 })
    },
    date: (iso) =>
      new Intl.DateTimeFormat(dateLocale(language, system), {
        dateStyle: 'medium',
        timeStyle: 'short',
      }).format(new Date(iso)),
  }
}

export function useFormat(): Format {
  const { t, i18n } = useTranslation()
  return useMemo(() => createFormat(i18n.language, t), [i18n.language, t])
}
