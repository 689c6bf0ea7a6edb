import i18next from 'i18next'
import { LANGUAGES, languageFor } from '../i18n/index.js'
import type { Language } from '../i18n/index.js'
import { useEditor } from './editor.js'
import type { Theme } from './editor.js'

/** How the app looks and sounds on this computer, kept by the page itself and not with any project. */
export const THEMES = ['dark', 'light', 'contrast'] as const satisfies readonly Theme[]

interface Preferences {
  readonly theme: Theme
  readonly language: Language
  readonly volume: number
  readonly muted: boolean
}

const KEY = 'lumiere.preferences'

/** The saved preferences; where there are none, those of the system. */
export function loadPreferences(): Preferences {
  const wanted = matchMedia('(prefers-contrast: more)').matches ? 'contrast' : 'dark'
  let saved: Partial<Record<keyof Preferences, unknown>> = {}
  try {
    saved = JSON.parse(localStorage.getItem(KEY) ?? '{}') as typeof saved
  } catch {
    // Storage may be forbidden or hold nonsense; the defaults serve.
  }
  return {
    theme: THEMES.find((theme) => theme === saved.theme) ?? wanted,
    language:
      LANGUAGES.find((language) => language === saved.language) ?? languageFor(navigator.language),
    volume: isVolume(saved.volume) ? saved.volume : 1,
    muted: saved.muted === true,
  }
}

/** Makes preferences take effect and remembers them. */
export async function applyPreferences(changes: Partial<Preferences>): Promise<void> {
  const next = { ...loadPreferences(), ...changes }
  document.documentElement.dataset['theme'] = next.theme
  document.documentElement.lang = next.language
  useEditor.getState().set({ theme: next.theme, volume: next.volume, muted: next.muted })
  // Saying it again would have everything that is written drawn anew.
  if (i18next.isInitialized && i18next.language !== next.language)
    await i18next.changeLanguage(next.language)
  try {
    localStorage.setItem(KEY, JSON.stringify(next))
  } catch {
    // Not remembered then; nothing else depends on it.
  }
}

function isVolume(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1
}
