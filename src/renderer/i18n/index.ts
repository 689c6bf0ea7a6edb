import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import en from './en.json'
import it from './it.json'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof en }
  }
}

export const LANGUAGES = ['en', 'it'] as const
export type Language = (typeof LANGUAGES)[number]

/** The catalogue's language for a browser language tag such as `it-CH`; English when there is none. */
export function languageFor(tag: string): Language {
  const base = tag.toLowerCase().split('-')[0]
  return LANGUAGES.find((language) => language === base) ?? 'en'
}

/** Starts i18next with both catalogues built in; nothing is loaded later, so nothing flickers. */
export async function startI18n(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: { en: { translation: en }, it: { translation: it } },
    // React escapes what it renders.
    interpolation: { escapeValue: false },
  })
}
