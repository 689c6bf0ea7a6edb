import { createInterface } from 'node:readline'
import { AppError } from '../../shared/contract/errors.js'
import type { Core } from '../core/core.js'
import type { AppPaths } from './paths.js'
import { openBrowser } from './openBrowser.js'
import { startWebHost } from './web.js'
import type { WebHost } from './web.js'

/** Kept from start to start, so that the browser remembers theme and language for the address. */
const USUAL_PORT = 7411
/** A Ctrl-C can arrive twice, from the terminal and from npm; a second one of a person comes later. */
const REPEAT_MS = 1000

export interface ServeOptions {
  readonly core: Core
  readonly paths: AppPaths
  /** Undefined: the usual port, or a free one where that is taken. */
  readonly port: number | undefined
  readonly open: boolean
  /** Where the address goes: text for people, or `{"event":"serving"}` for programs. */
  readonly announce: (url: string, fresh: boolean) => void
}

/** Serves until Ctrl-C or SIGTERM, then saves and ends. Resolves when everything is closed. */
export async function serve(options: ServeOptions): Promise<void> {
  const { core } = options
  const stopping = stopSignal()
  const host = await start(options)
  options.announce(host.freshUrl(), false)
  // An address works once: the browser opened from here gets one of its own.
  if (options.open) openBrowser(host.freshUrl())
  const lines = process.stdin.isTTY ? createInterface({ input: process.stdin }) : null
  lines?.on('line', () => {
    options.announce(host.freshUrl(), true)
  })
  // readline takes Ctrl-C for itself on a terminal.
  lines?.on('SIGINT', () => process.emit('SIGINT'))
  await stopping
  lines?.close()
  await host.close()
  await core.close()
}

/** @throws AppError `invalid-request` for anything but a port, 0 meaning any free one */
export function portNumber(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65535) return port
  throw new AppError('invalid-request', `"${text}" is not a port number.`)
}

async function start({ core, paths, port }: ServeOptions): Promise<WebHost> {
  const options = { core, renderer: paths.renderer, data: paths.data }
  try {
    return await startWebHost({ ...options, port: port ?? USUAL_PORT })
  } catch (error) {
    const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
    if (!taken) throw error
    if (port !== undefined) {
      throw new AppError('invalid-request', `Port ${port} is in use. Choose another one.`)
    }
    return startWebHost({ ...options, port: 0 })
  }
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let first = 0
    const stop = (): void => {
      if (first === 0) {
        first = Date.now()
        resolve()
      } else if (Date.now() - first > REPEAT_MS) {
        // Asked again while closing: the journal holds every change, so leaving at once is safe.
        process.exit(1)
      }
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  })
}
