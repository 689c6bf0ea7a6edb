import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'msedge',
]
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

/** A Chromium that playwright-core can drive: LUMIERE_CHROMIUM, else one on this computer, else null. */
export function findChromium(): string | null {
  const chosen = process.env['LUMIERE_CHROMIUM']
  if (chosen !== undefined && chosen !== '') return existsSync(chosen) ? chosen : null
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const onPath = folders.flatMap((folder) =>
    NAMES.flatMap((name) => [join(folder, name), join(folder, `${name}.exe`)]),
  )
  return [...onPath, ...PLACES].find((path) => existsSync(path)) ?? null
}

/** Flags for a headless run that talks to nobody, in a container as well as on a desk. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
] as const

/** A suite's title, with the reason when it must skip; `npm test` repeats the reason at its end. */
export function browserSuite(title: string): string {
  if (findChromium() !== null) return title
  return `${title} (skipped: no Chromium here; install one or set LUMIERE_CHROMIUM to its path)`
}
