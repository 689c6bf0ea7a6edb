import { app } from 'electron'
import type { WebFrameMain } from 'electron'

export const APP_SCHEME = 'app'
export const MEDIA_SCHEME = 'media'

/** Where the interface comes from: the app's own files, or Vite's server during development. */
export function interfaceUrl(): URL {
  const server = app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL']
  return new URL(server ?? `${APP_SCHEME}://lumiere/`)
}

/** An origin as Chromium writes it; Node's URL gives "null" for schemes it does not know. */
export function interfaceOrigin(): string {
  const { protocol, host } = interfaceUrl()
  return `${protocol}//${host}`
}

/** True for the top frame of a window while it shows the interface, and for nothing else. */
export function isInterface(frame: WebFrameMain | null): boolean {
  return frame !== null && frame.parent === null && frame.origin === interfaceOrigin()
}
