import { utilityProcess } from 'electron'
import type { EngineMessage } from '../../../shared/contract/engine.js'
import type { SpawnEngine } from '../../core/engineHost/port.js'
import { keepLog } from '../engineLog.js'

/**
 * Starts the engine as an Electron utility process; call after the app is ready.
 * @param logFile where its complaints go: a desktop app has no terminal that anyone reads
 */
export function utilityEngine(path: string, logFile: string): SpawnEngine {
  return () => {
    const child = utilityProcess.fork(path, [], {
      serviceName: 'Lumière Studio engine',
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    if (child.stderr !== null) keepLog(child.stderr, logFile)
    return {
      get pid() {
        return child.pid
      },
      post: (request) => {
        child.postMessage(request)
      },
      onMessage: (listener) => {
        child.on('message', (message: EngineMessage) => {
          listener(message)
        })
      },
      onExit: (listener) => {
        child.once('exit', (code) => {
          listener(code)
        })
      },
      kill: () => {
        kill(child)
      },
    }
  }
}

/** Electron's own kill sends SIGTERM, which waits for nothing but also may be held up by native code. */
function kill(child: Electron.UtilityProcess): void {
  if (child.pid === undefined) {
    child.kill()
    return
  }
  try {
    process.kill(child.pid, 'SIGKILL')
  } catch {
    // It has ended by itself; its exit event says so.
  }
}
