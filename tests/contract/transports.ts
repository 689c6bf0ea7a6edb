import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { WebSocket } from 'ws'
import type { Reply } from '../../src/shared/contract/api.js'
import { AppError } from '../../src/shared/contract/errors.js'
import type { EventMessage } from '../../src/shared/contract/events.js'
import { createCore } from '../../src/main/core/core.js'
import type { Core } from '../../src/main/core/core.js'
import { engineProcess } from '../../src/main/hosts/engineProcess.js'
import { answerFile } from '../../src/main/hosts/fileAnswer.js'
import { startWebHost } from '../../src/main/hosts/web.js'
import type { PreloadApi } from '../../src/renderer/bridge/electronBridge.js'
import { launchDouble } from '../electronDouble/launch.js'
import { TEST_PACKS } from '../fixtures/host.js'

/** One way to core, as the interface uses it: what every host must do alike. */
export interface Transport {
  readonly folder: string
  call(method: string, input: unknown): Promise<Reply<unknown>>
  /** Every event so far, oldest first. */
  heard(): Promise<readonly EventMessage[]>
  /** GET of a project file: status and bytes as text. */
  media(path: string, range?: string): Promise<{ status: number; text: string }>
  close(): Promise<void>
}

export async function privateFolder(): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), 'lumiere-contract-')))
}

export function testCore(folder: string, host: 'web' | 'cli' = 'web'): Core {
  return createCore({
    version: '0.0.0-test',
    host,
    dataFolder: folder,
    resourcesFolder: resolve('resources'),
    packsFolder: TEST_PACKS,
    defaultProjectsFolder: join(folder, 'projects'),
    spawnEngine: engineProcess(resolve('out/main/engine.js')),
    shell: null,
  })
}

/** Core called directly, as the command line does. */
export async function directTransport(): Promise<Transport> {
  const folder = await privateFolder()
  const core = testCore(folder, 'cli')
  const heard: EventMessage[] = []
  core.on((message) => heard.push(message))
  return {
    folder,
    call: (method, input) => core.call(method, input),
    heard: () => Promise.resolve(heard),
    async media(path, range) {
      try {
        const file = await core.resolveMedia(path)
        const header = (name: string): string | undefined => (name === 'range' ? range : undefined)
        const answer = await answerFile(file, { method: 'GET', header }, 'no-cache')
        return { status: answer.status, text: await textOf(answer.body) }
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        return { status: error.code === 'forbidden' ? 403 : 404, text: '' }
      }
    },
    async close() {
      await core.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function textOf(stream: Readable | null): Promise<string> {
  if (stream === null) return ''
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

/** A web host with a signed-in client. */
export interface WebSession {
  readonly base: string
  readonly cookie: string
  fetch(path: string, init?: RequestInit): Promise<Response>
}

export async function signIn(url: string): Promise<WebSession> {
  const base = new URL(url).origin
  const entered = await fetch(url, { redirect: 'manual' })
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? ''
  return {
    base,
    cookie,
    fetch: (path, init = {}) =>
      fetch(base + path, { ...init, headers: { cookie, origin: base, ...init.headers } }),
  }
}

/** The web host over real HTTP and a real WebSocket. */
export async function webTransport(): Promise<Transport> {
  const folder = await privateFolder()
  const core = testCore(folder)
  const renderer = resolve('out/renderer')
  const host = await startWebHost({ core, renderer, data: folder, port: 0 })
  const session = await signIn(host.freshUrl())
  const socket = new WebSocket(`${session.base.replace('http', 'ws')}/events`, {
    headers: { cookie: session.cookie, origin: session.base },
  })
  const heard: EventMessage[] = []
  socket.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString()) as EventMessage))
  await new Promise((done, fail) => socket.once('open', done).once('error', fail))
  return {
    folder,
    async call(method, input) {
      const response = await session.fetch(`/api/${method}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(input),
      })
      return (await response.json()) as Reply<unknown>
    },
    heard: () => Promise.resolve(heard),
    async media(path, range) {
      const url = `/media/${path.split('/').map(encodeURIComponent).join('/')}`
      const response = await session.fetch(url, range === undefined ? {} : { headers: { range } })
      return { status: response.status, text: await response.text() }
    },
    async close() {
      socket.terminate()
      await host.close()
      await core.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

declare const window: { readonly lumiere: PreloadApi; heard: EventMessage[] }

/** The built Electron main and preload on the stand-in. */
export async function electronTransport(): Promise<Transport> {
  const folder = await privateFolder()
  const app = await launchDouble({ dataFolder: folder })
  const { page } = app
  // The interface opens the sample project at its first start; the suite wants the stage empty.
  const ask = (method: string): Promise<Reply<unknown>> =>
    page.evaluate((name) => window.lumiere.call(name, {}), method)
  for (;;) {
    const state = await ask('project.state')
    if (state.ok && state.data !== null) break
    await delay(100)
  }
  await ask('project.close')
  await page.evaluate(() => {
    window.heard = []
    window.lumiere.on((message) => window.heard.push(message))
  })
  return {
    folder,
    call: (method, input) =>
      page.evaluate(([name, value]) => window.lumiere.call(name, value), [method, input] as const),
    heard: () => page.evaluate(() => window.heard),
    media: (path, range) =>
      page.evaluate(
        async ([file, wanted]) => {
          const headers = wanted === undefined ? {} : { Range: wanted }
          const response = await fetch(window.lumiere.mediaUrl(file), { headers })
          return { status: response.status, text: await response.text() }
        },
        [path, range] as const,
      ),
    async close() {
      await app.quit()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
