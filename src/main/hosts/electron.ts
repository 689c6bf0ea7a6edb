import { join } from 'node:path'
import { app, dialog } from 'electron'
import type { BrowserWindow } from 'electron'
import { toErrorData } from '../../shared/contract/errors.js'
import { createCore } from '../core/core.js'
import type { Core } from '../core/core.js'
import { utilityEngine } from './electron/engine.js'
import { answerRequests, sendEvent } from './electron/ipc.js'
import { installMenu } from './electron/menu.js'
import { registerSchemes, serveProtocols } from './electron/protocols.js'
import { nativeShell } from './electron/shell.js'
import { createWindow, denyPermissions, hardenContents, loadInterface } from './electron/window.js'
import { words } from './electron/words.js'
import type { AppPaths } from './paths.js'

/** Runs the app in Electron: one window, one core. Call before the app is ready. */
export function startElectron(paths: AppPaths): void {
  // A second start hands over to the running window: two would fight for the project's lock.
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }
  app.enableSandbox()
  registerSchemes()
  hardenContents()

  let window: BrowserWindow | null = null
  const show = (): void => {
    if (window === null) {
      window = openWindow(paths)
      window.on('closed', () => {
        window = null
      })
      return
    }
    if (window.isMinimized()) window.restore()
    window.focus()
  }

  void app.whenReady().then(() => {
    denyPermissions()
    const core = createCore({
      version: paths.version,
      host: 'electron',
      dataFolder: paths.data,
      resourcesFolder: paths.resources,
      packsFolder: paths.packs,
      defaultProjectsFolder: paths.projects,
      spawnEngine: utilityEngine(paths.engine, join(paths.data, 'logs', 'engine.log')),
      shell: nativeShell(() => window),
    })
    core.on((message) => {
      sendEvent(window, message)
    })
    answerRequests(core)
    serveProtocols(core, paths.renderer)
    installMenu((action) => {
      sendEvent(window, { event: 'menu', payload: { action } })
    })
    app.on('second-instance', show)
    app.on('activate', show)
    closeBeforeQuit(core)
    show()
  })

  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
}

function openWindow(paths: AppPaths): BrowserWindow {
  const window = createWindow(paths.preload)
  loadInterface(window).catch((error: unknown) => {
    dialog.showErrorBox('Lumière Studio', toErrorData(error).message)
  })
  return window
}

/** Holds the quit back until jobs are cancelled and the project is saved and unlocked. */
function closeBeforeQuit(core: Core): void {
  let state: 'open' | 'closing' | 'closed' = 'open'
  app.on('will-quit', (event) => {
    if (state === 'closed') return
    event.preventDefault()
    if (state === 'closing') return
    state = 'closing'
    core
      .close()
      .catch((error: unknown) => {
        dialog.showErrorBox(words().notSaved, toErrorData(error).message)
      })
      .finally(() => {
        state = 'closed'
        app.quit()
      })
  })
}

/** Chromium's own files of a second profile, next to the rest of it. */
export function useProfile(folder: string | undefined): void {
  if (folder !== undefined && folder !== '') app.setPath('userData', join(folder, 'chromium'))
}
