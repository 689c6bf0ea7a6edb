import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import type { Page } from 'playwright-core'
import { CHROMIUM_FLAGS, findChromium } from '../support/chromium.js'

/** The built Electron app on the stand-in, with the page it shows. */
export interface DoubledApp {
  readonly page: Page
  /** Asks the stand-in; the names are the keys of `controls` in electron.mjs. */
  control(name: string, value?: unknown): Promise<unknown>
  /** Quits as a person would and says with which code the process ended. */
  quit(): Promise<number | null>
}

interface Answer {
  readonly id: number
  readonly value?: unknown
  readonly error?: string
}

export async function launchDouble(options: {
  readonly dataFolder: string
  readonly locale?: string
}): Promise<DoubledApp> {
  const port = await freePort()
  const child = fork(resolve('out/main/index.js'), [], {
    execArgv: ['--import', pathToFileURL(resolve('tests/electronDouble/register.mjs')).href],
    env: {
      ...process.env,
      LUMIERE_DATA: options.dataFolder,
      LUMIERE_CHROMIUM: findChromium() ?? '',
      ELECTRON_DOUBLE_FLAGS: JSON.stringify(CHROMIUM_FLAGS),
      ELECTRON_DOUBLE_PORT: String(port),
      ELECTRON_DOUBLE_LOCALE: options.locale ?? 'en',
    },
  })
  const control = controlOf(child)
  while ((await control('ready')) !== true) await delay(100)
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`)
  const page = browser.contexts().flatMap((context) => context.pages())[0]
  if (page === undefined) throw new Error('The stand-in shows no page.')
  return {
    page,
    control,
    async quit() {
      const ended = once(child, 'exit')
      await browser.close()
      await control('quit')
      return ((await ended) as [number | null])[0]
    },
  }
}

function controlOf(child: ChildProcess): DoubledApp['control'] {
  let last = 0
  const waiting = new Map<number, { done: (value: unknown) => void; fail: (why: Error) => void }>()
  child.on('message', (message) => {
    const { id, value, error } = message as Answer
    const one = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) one?.done(value)
    else one?.fail(new Error(error))
  })
  child.once('exit', () => {
    for (const one of waiting.values()) one.fail(new Error('The app ended.'))
  })
  return (name, value) =>
    new Promise((done, fail) => {
      const id = ++last
      waiting.set(id, { done, fail })
      child.send({ id, name, value })
    })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}
