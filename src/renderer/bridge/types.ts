import type { Input, Method, Output } from '../../shared/contract/api.js'
import type { EventName, Events } from '../../shared/contract/events.js'

/**
 * What the interface needs from its host. Preload provides it in Electron as
 * `window.lumiere`; in a browser webBridge.ts builds the same over HTTP and a WebSocket.
 */
export interface Bridge {
  /** Resolves with the result or rejects with an AppError. */
  call<M extends Method>(method: M, input: Input<M>): Promise<Output<M>>
  on<E extends EventName>(event: E, listener: (payload: Events[E]) => void): () => void
  /** URL of a file of the open project, by its project-relative path; supports Range requests. */
  mediaUrl(projectPath: string): string
  /**
   * A path that core can read for a file the person dropped or chose. In a browser the
   * file is uploaded to a private folder first, with progress from 0 to 1.
   */
  pathForFile(file: File, onProgress?: (share: number) => void): Promise<string>
}
