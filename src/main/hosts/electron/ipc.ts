import { ipcMain } from 'electron'
import type { BrowserWindow } from 'electron'
import type { Reply } from '../../../shared/contract/api.js'
import type { EventMessage } from '../../../shared/contract/events.js'
import type { Core } from '../../core/core.js'
import { isInterface } from './origin.js'

// The same two names stand in src/preload/index.ts, which may import nothing at run time.
const REQUEST_CHANNEL = 'lumiere:request'
const EVENT_CHANNEL = 'lumiere:event'

/** Requests from the interface to core; any other sender is refused. */
export function answerRequests(core: Core): void {
  ipcMain.handle(
    REQUEST_CHANNEL,
    (event, method: unknown, input: unknown): Reply<unknown> | Promise<Reply<unknown>> => {
      if (!isInterface(event.senderFrame)) {
        return { ok: false, error: { code: 'forbidden', message: 'Only the app may ask this.' } }
      }
      return core.call(String(method), input)
    },
  )
}

export function sendEvent(window: BrowserWindow | null, message: EventMessage): void {
  if (window === null || window.isDestroyed()) return
  window.webContents.send(EVENT_CHANNEL, message)
}
