import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { IpcRendererEvent } from 'electron'
import type { Reply } from '../shared/contract/api.js'
import type { EventMessage } from '../shared/contract/events.js'

// One channel each way; main checks the sender and core checks the request.
const REQUEST_CHANNEL = 'lumiere:request'
const EVENT_CHANNEL = 'lumiere:event'

contextBridge.exposeInMainWorld('lumiere', {
  call: (method: string, input: unknown): Promise<Reply<unknown>> =>
    ipcRenderer.invoke(REQUEST_CHANNEL, method, input) as Promise<Reply<unknown>>,

  on: (listener: (message: EventMessage) => void): (() => void) => {
    // The page gets the message alone, never the IPC event, which would carry the sender.
    const forward = (_event: IpcRendererEvent, message: EventMessage): void => {
      listener(message)
    }
    ipcRenderer.on(EVENT_CHANNEL, forward)
    return () => {
      ipcRenderer.off(EVENT_CHANNEL, forward)
    }
  },

  mediaUrl: (projectPath: string): string =>
    `media://project/${projectPath.split('/').map(encodeURIComponent).join('/')}`,

  pathForFile: (file: File): string => webUtils.getPathForFile(file),
})
