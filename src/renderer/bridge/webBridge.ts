import type { Input, Method, Output, Reply } from '../../shared/contract/api.js'
import { AppError } from '../../shared/contract/errors.js'
import type { EventMessage, EventName, Events } from '../../shared/contract/events.js'
import type { Bridge } from './types.js'

/** The parts of a browser the bridge stands on, so that tests can give it others. */
export interface WebBridgeDeps {
  readonly fetch: (url: string, init: RequestInit & { readonly body: string }) => Promise<Response>
  readonly openSocket: (url: string) => WebSocket
  readonly upload: (url: string, file: File, onProgress: (share: number) => void) => Promise<string>
  /** Page origin, e.g. `http://127.0.0.1:4100`. */
  readonly origin: string
  readonly onConnection: (connected: boolean) => void
  readonly delay: (milliseconds: number, then: () => void) => void
}

const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 5000

/**
 * The bridge over HTTP and a WebSocket. Events missed while the socket was down are made up
 * for by reading the whole state again and handing it out as if the host had sent it.
 */
export function createWebBridge(deps: WebBridgeDeps): Bridge {
  const listeners = new Map<EventName, Set<(payload: never) => void>>()
  let started = false
  let retry = FIRST_RETRY_MS

  const emit = (message: EventMessage): void => {
    for (const listener of listeners.get(message.event) ?? []) listener(message.payload as never)
  }

  async function call<M extends Method>(method: M, input: Input<M>): Promise<Output<M>> {
    let reply: Reply<Output<M>>
    try {
      const response = await deps.fetch(`${deps.origin}/api/${method}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(input),
        credentials: 'same-origin',
      })
      reply = (await response.json()) as Reply<Output<M>>
    } catch (cause) {
      throw new AppError('connection-lost', 'Lumière Studio does not answer.', {
        hint: 'Check that its window or terminal is still running, then reload this page.',
        cause,
      })
    }
    if (reply.ok) return reply.data
    throw AppError.from(reply.error)
  }

  async function resync(): Promise<void> {
    emit({ event: 'project', payload: await call('project.state', {}) })
    for (const job of await call('jobs.list', {})) emit({ event: 'job', payload: job })
  }

  function connect(again: boolean): void {
    const socket = deps.openSocket(`${deps.origin.replace(/^http/, 'ws')}/events`)
    socket.onopen = () => {
      retry = FIRST_RETRY_MS
      deps.onConnection(true)
      // A failed resync means the host is gone again; the socket's close brings us back here.
      if (again) resync().catch(() => socket.close())
    }
    socket.onmessage = (event) => {
      if (typeof event.data === 'string') emit(JSON.parse(event.data) as EventMessage)
    }
    socket.onclose = () => {
      deps.onConnection(false)
      deps.delay(retry, () => connect(true))
      retry = Math.min(retry * 2, LAST_RETRY_MS)
    }
  }

  return {
    call,
    on<E extends EventName>(event: E, listener: (payload: Events[E]) => void) {
      const set = listeners.get(event) ?? new Set()
      listeners.set(event, set)
      set.add(listener)
      if (!started) {
        started = true
        connect(false)
      }
      return () => set.delete(listener)
    },
    mediaUrl: (projectPath) =>
      `${deps.origin}/media/${projectPath.split('/').map(encodeURIComponent).join('/')}`,
    pathForFile: (file, onProgress) =>
      deps.upload(
        `${deps.origin}/upload?name=${encodeURIComponent(file.name)}`,
        file,
        onProgress ?? (() => undefined),
      ),
  }
}

/** Sends a file's bytes with progress, which `fetch` cannot report; resolves with its path on the host. */
export function uploadFile(
  url: string,
  file: File,
  onProgress: (share: number) => void,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('PUT', url)
    request.responseType = 'json'
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total)
    }
    request.onload = () => {
      const reply = request.response as Reply<{ path: string }> | null
      if (reply?.ok === true) resolve(reply.data.path)
      else if (reply?.ok === false) reject(AppError.from(reply.error))
      else reject(new AppError('connection-lost', `"${file.name}" could not be sent.`))
    }
    request.onerror = () => {
      reject(new AppError('connection-lost', `"${file.name}" could not be sent.`))
    }
    request.send(file)
  })
}
