import type { EngineMessage, EngineRequest } from '../../shared/contract/engine.js'

/** The line to core. */
export interface ParentPort {
  send(message: EngineMessage): void
  onRequest(listener: (request: EngineRequest) => void): void
}

/** What Electron's utilityProcess puts on `process`. */
interface ElectronPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void
}

/**
 * Connects to whoever started this process: Electron's utilityProcess or child_process.fork.
 * When that one is gone, so is this process, and the exit handler of the ffmpeg layer takes its
 * children along.
 */
export function connectParent(): ParentPort {
  const electron = (process as { parentPort?: ElectronPort }).parentPort
  if (electron !== undefined) {
    return {
      send: (message) => electron.postMessage(message),
      onRequest: (listener) =>
        electron.on('message', ({ data }) => listener(data as EngineRequest)),
    }
  }
  if (process.send === undefined) {
    throw new Error('The engine is started by the app, not by hand.')
  }
  process.on('disconnect', () => process.exit(0))
  return {
    send(message) {
      if (process.connected) process.send?.(message)
    },
    onRequest: (listener) => process.on('message', (message) => listener(message as EngineRequest)),
  }
}
