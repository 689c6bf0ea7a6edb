import { fork } from 'node:child_process'
import type { EngineMessage } from '../../shared/contract/engine.js'
import type { SpawnEngine } from '../core/engineHost/port.js'

/** What is kept of the engine's last words, for the case that it crashes. */
const LAST_WORDS = 8192

/** Starts the engine as a child of plain Node: the web host and the command line. */
export function engineProcess(path: string): SpawnEngine {
  return () => {
    const child = fork(path, [], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] })
    // Libraries complain about every accelerator that is not there; only a crash makes that news.
    let words = ''
    child.stderr?.on('data', (part: Buffer) => {
      words = (words + part.toString()).slice(-LAST_WORDS)
    })
    const exits: ((code: number | null) => void)[] = []
    let ended = false
    const end = (code: number | null): void => {
      if (ended) return
      ended = true
      for (const listener of exits) listener(code)
    }
    child.on('exit', end)
    child.on('close', (code) => {
      if (code !== null && code !== 0) process.stderr.write(words)
    })
    // Raised instead of `exit` when the process could not even start.
    child.on('error', () => {
      if (child.pid === undefined) end(null)
    })
    return {
      pid: child.pid,
      post: (request) => {
        // A send to a process that has just died fails; its exit event tells the story.
        if (child.connected) child.send(request, () => undefined)
      },
      onMessage: (listener) => {
        child.on('message', (message) => {
          listener(message as EngineMessage)
        })
      },
      onExit: (listener) => {
        exits.push(listener)
      },
      kill: () => {
        child.kill('SIGKILL')
      },
    }
  }
}
