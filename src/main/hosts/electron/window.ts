import { BrowserWindow, app, session } from 'electron'
import { interfaceUrl } from './origin.js'

/** Denies what the interface never asks for, to every page this app could ever hold. */
export function hardenContents(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
    contents.on('will-attach-webview', (event) => {
      event.preventDefault()
    })
    contents.on('will-frame-navigate', (event) => {
      // Reloading the interface is the only navigation there is.
      if (!event.isMainFrame || event.url !== interfaceUrl().href) event.preventDefault()
    })
    contents.on('will-redirect', (event) => {
      event.preventDefault()
    })
  })
}

/** Camera, microphone, location, USB and all the rest: the app needs none. Call when ready. */
export function denyPermissions(): void {
  const own = session.defaultSession
  own.setPermissionRequestHandler((_contents, _permission, answer) => {
    answer(false)
  })
  own.setPermissionCheckHandler(() => false)
  own.setDevicePermissionHandler(() => false)
}

export function createWindow(preload: string): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false,
    title: 'Lumière Studio',
    // The interface's own dark background, so that no white flashes before it has drawn.
    backgroundColor: '#0e0f12',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  })
  window.once('ready-to-show', () => {
    window.show()
  })
  return window
}

export async function loadInterface(window: BrowserWindow): Promise<void> {
  await window.loadURL(interfaceUrl().href)
}
