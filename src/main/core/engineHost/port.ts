import type { EngineMessage, EngineRequest } from '../../../shared/contract/engine.js'

/**
 * One engine process as core sees it. The host makes it: utilityProcess in Electron,
 * child_process.fork elsewhere, an in-memory double in tests.
 */
export interface EnginePort {
  readonly pid: number | undefined
  post(request: EngineRequest): void
  onMessage(listener: (message: EngineMessage) => void): void
  /** Called once when the process is gone, whatever the cause. */
  onExit(listener: (code: number | null) => void): void
  /** SIGKILL: takes ~10 ms even inside a native inference call. */
  kill(): void
}

export type SpawnEngine = () => EnginePort
