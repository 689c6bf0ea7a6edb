import { AppError, toErrorData } from '../../../shared/contract/errors.js'
import type {
  EngineMessage,
  EngineProgress,
  EngineTask,
  EngineTasks,
} from '../../../shared/contract/engine.js'
import { newId } from '../../../shared/ids.js'
import type { EnginePort, SpawnEngine } from './port.js'

export interface EngineHost {
  /**
   * Runs one task; further calls wait their turn. Aborting asks the engine to stop and
   * kills it when it has not within the grace, since a native call can't be interrupted.
   * @throws AppError `cancelled`, `engine-crashed`, or the task's own failure.
   */
  run<T extends EngineTask>(
    task: T,
    input: EngineTasks[T]['input'],
    options?: {
      signal?: AbortSignal
      /** Aborted to end the task early with what it has. */
      finish?: AbortSignal
      onProgress?: (progress: EngineProgress) => void
    },
  ): Promise<EngineTasks[T]['result']>
  /** The running process, for tests and for measuring. */
  pid(): number | undefined
  close(): void
}

export interface EngineHostOptions {
  /** How long a cancelled task may take to stop by itself. */
  readonly graceMs?: number
  /** An engine idle this long is ended, so that its memory goes back to the system. */
  readonly idleMs?: number
  readonly startTimeoutMs?: number
}

interface Running {
  readonly port: EnginePort
  readonly ready: Promise<void>
}

export function createEngineHost(spawn: SpawnEngine, options: EngineHostOptions = {}): EngineHost {
  const graceMs = options.graceMs ?? 700
  const idleMs = options.idleMs ?? 30_000
  const startTimeoutMs = options.startTimeoutMs ?? 20_000

  let running: Running | null = null
  let listener: ((message: EngineMessage) => void) | null = null
  let onGone: ((error: AppError) => void) | null = null
  let turn: Promise<unknown> = Promise.resolve()
  let idleTimer: NodeJS.Timeout | null = null
  let closed = false

  function crashed(code: number | null): AppError {
    return new AppError('engine-crashed', 'The processing engine stopped unexpectedly.', {
      hint: 'Start the job again. If it happens again, try a shorter range: the computer may be out of memory.',
      detail: `exit code ${String(code)}`,
    })
  }

  function start(): Running {
    const port = spawn()
    const ready = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(
          new AppError('engine-crashed', 'The processing engine did not start in time.', {
            hint: 'Close other programs and try again.',
          }),
        )
        port.kill()
      }, startTimeoutMs)
      port.onMessage((message) => {
        if (message.type === 'ready') {
          clearTimeout(timer)
          resolve()
        } else listener?.(message)
      })
      port.onExit((code) => {
        clearTimeout(timer)
        if (running?.port === port) running = null
        const error = crashed(code)
        reject(error)
        onGone?.(error)
      })
    })
    // A start that nobody waits for (killed at once) must not become an unhandled rejection.
    ready.catch(() => undefined)
    return { port, ready }
  }

  function stopIdleTimer(): void {
    if (idleTimer !== null) clearTimeout(idleTimer)
    idleTimer = null
  }

  function kill(): void {
    stopIdleTimer()
    const port = running?.port
    running = null
    port?.kill()
  }

  async function runNow<T extends EngineTask>(
    task: T,
    input: EngineTasks[T]['input'],
    signal: AbortSignal | undefined,
    enough: AbortSignal | undefined,
    onProgress: ((progress: EngineProgress) => void) | undefined,
  ): Promise<EngineTasks[T]['result']> {
    if (closed || signal?.aborted === true) throw cancelled()
    stopIdleTimer()
    const engine = (running ??= start())
    const id = newId('job')
    let graceTimer: NodeJS.Timeout | null = null

    return new Promise<EngineTasks[T]['result']>((resolve, reject) => {
      const finish = (settle: () => void): void => {
        if (graceTimer !== null) clearTimeout(graceTimer)
        signal?.removeEventListener('abort', abort)
        enough?.removeEventListener('abort', finishEarly)
        listener = null
        onGone = null
        if (running !== null) {
          idleTimer = setTimeout(kill, idleMs)
          // The timer alone must not keep a command-line run alive.
          idleTimer.unref()
        }
        settle()
      }
      const abort = (): void => {
        engine.port.post({ type: 'cancel', id })
        graceTimer = setTimeout(() => {
          kill()
          finish(() => {
            reject(cancelled())
          })
        }, graceMs)
      }

      const finishEarly = (): void => {
        engine.port.post({ type: 'finish', id })
      }

      onGone = (error) => {
        finish(() => {
          reject(signal?.aborted === true ? cancelled() : error)
        })
      }
      listener = (message) => {
        if (message.type === 'ready' || message.id !== id) return
        if (message.type === 'progress') onProgress?.(message.progress)
        else if (message.type === 'done') finish(() => resolve(message.result))
        else {
          finish(() => {
            reject(signal?.aborted === true ? cancelled() : AppError.from(message.error))
          })
        }
      }
      signal?.addEventListener('abort', abort, { once: true })
      engine.ready.then(
        () => {
          if (signal?.aborted === true) return
          engine.port.post({ type: 'run', id, task, input })
          if (enough?.aborted === true) finishEarly()
          else enough?.addEventListener('abort', finishEarly, { once: true })
        },
        (error: unknown) => {
          finish(() => {
            reject(signal?.aborted === true ? cancelled() : AppError.from(toErrorData(error)))
          })
        },
      )
    })
  }

  return {
    run(task, input, { signal, finish, onProgress } = {}) {
      const mine = turn.then(() => runNow(task, input, signal, finish, onProgress))
      turn = mine.catch(() => undefined)
      return mine
    },
    pid: () => running?.port.pid,
    close() {
      closed = true
      kill()
    },
  }
}

function cancelled(): AppError {
  return new AppError('cancelled', 'Cancelled.')
}
