import type { Input, Method, Output, Reply } from '../../shared/contract/api.js'
import { AppError } from '../../shared/contract/errors.js'
import type { EventMessage, EventName, Events } from '../../shared/contract/events.js'
import type { Bridge } from './types.js'

/** What the preload script exposes as `window.lumiere`: plain values only, one door for calls. */
export interface PreloadApi {
  call(method: string, input: unknown): Promise<Reply<unknown>>
  on(listener: (message: EventMessage) => void): () => void
  mediaUrl(projectPath: string): string
  /** Empty for a file that does not come from the file system. */
  pathForFile(file: File): string
}

declare global {
  interface Window {
    readonly lumiere?: PreloadApi
  }
}

/** The bridge of the Electron window: unwraps replies and fans events out by name. */
export function createElectronBridge(api: PreloadApi): Bridge {
  return {
    async call<M extends Method>(method: M, input: Input<M>) {
      const reply = (await api.call(method, input)) as Reply<Output<M>>
      if (reply.ok) return reply.data
      throw AppError.from(reply.error)
    },
    on<E extends EventName>(event: E, listener: (payload: Events[E]) => void) {
      return api.on((message) => {
        if (message.event === event) listener(message.payload as Events[E])
      })
    },
    mediaUrl: (projectPath) => api.mediaUrl(projectPath),
    pathForFile(file, onProgress) {
      const path = api.pathForFile(file)
      if (path === '') {
        return Promise.reject(
          new AppError('file-missing', `"${file.name}" is not a file on this computer.`, {
            hint: 'Save it to a folder first, then drop it here.',
          }),
        )
      }
      onProgress?.(1)
      return Promise.resolve(path)
    },
  }
}
