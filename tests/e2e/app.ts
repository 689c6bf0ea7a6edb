import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import axe from 'axe-core'
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import type { Input, Method, Output, Reply } from '../../src/shared/contract/api.js'
import { recordsOf } from '../../src/shared/document/model.js'
import type { ClipRec, ProjectDoc } from '../../src/shared/document/model.js'
import { CHROMIUM_FLAGS, findChromium } from '../support/chromium.js'

/** Free space around a fitted picture, as the viewer keeps it (src/renderer/canvas/view.ts). */
const VIEWER_MARGIN = 16

/** The built app served to a headless Chromium, with a data folder of its own. */
export interface RunningApp {
  readonly page: Page
  readonly dataFolder: string
  /** Calls core as the page does: same origin, same cookie. */
  api<M extends Method>(method: M, input: Input<M>): Promise<Output<M>>
  /** The open project's document. */
  doc(): Promise<ProjectDoc>
  /** Imports a file through the file chooser of the button “Import”. Ends when its clip is there. */
  importClip(path: string): Promise<void>
  /** What axe-core has against the page as it stands, or against what a selector finds first. */
  complaints(within?: string): Promise<string[]>
  /** SIGKILL to the server, as a crash would end it. */
  crash(): Promise<void>
  close(): Promise<void>
}

export interface StartOptions {
  /** Goes on with the data of an earlier run. */
  readonly dataFolder?: string
  readonly viewport?: { width: number; height: number }
  readonly locale?: string
  readonly reducedMotion?: 'reduce' | 'no-preference'
}

export async function startApp(options: StartOptions = {}): Promise<RunningApp> {
  const dataFolder = options.dataFolder ?? (await mkdtemp(join(tmpdir(), 'lumiere-e2e-')))
  const server = spawn(process.execPath, [resolve('out/main/web.js'), '--no-open', '--port', '0'], {
    env: { ...process.env, LUMIERE_DATA: dataFolder },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await addressOf(server)
  const executablePath = findChromium()
  if (executablePath === null) throw new Error('No Chromium was found.')
  const browser: Browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] })
  const context = await browser.newContext({
    viewport: options.viewport ?? { width: 1440, height: 900 },
    locale: options.locale ?? 'en-GB',
    reducedMotion: options.reducedMotion ?? 'reduce',
  })
  const page = await context.newPage()
  // Playwright begins to catch file choosers when someone listens, and does not wait for it: a key
  // pressed right after `waitForEvent` may open one that nobody sees. So somebody listens from the start.
  page.on('filechooser', () => undefined)
  await page.goto(url)

  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    await browser.close()
    if (server.exitCode !== null || server.signalCode !== null) return
    const gone = once(server, 'exit')
    server.kill(signal)
    await gone
  }
  async function api<M extends Method>(method: M, input: Input<M>): Promise<Output<M>> {
    const reply = await page.evaluate(
      async ([name, body]) => {
        const response = await fetch(`/api/${name}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
        return (await response.json()) as unknown
      },
      [method, input] as const,
    )
    const typed = reply as Reply<Output<typeof method>>
    if (!typed.ok) throw new Error(`${method}: ${typed.error.code} ${typed.error.message}`)
    return typed.data
  }
  async function doc(): Promise<ProjectDoc> {
    const state = await api('project.state', {})
    if (state === null) throw new Error('No project is open.')
    return state.doc
  }
  const clips = async (): Promise<ClipRec[]> => recordsOf(await doc(), 'clip')
  return {
    page,
    dataFolder,
    api,
    doc,
    async importClip(path) {
      const before = (await clips()).length
      const chooser = page.waitForEvent('filechooser')
      await page.getByRole('button', { name: 'Import' }).first().click()
      await (await chooser).setFiles(path)
      const deadline = Date.now() + 60_000
      while ((await clips()).length === before) {
        if (Date.now() > deadline) throw new Error(`${path} was not imported within a minute.`)
        await page.waitForTimeout(50)
      }
    },
    async complaints(within = 'html') {
      await page.evaluate(axe.source)
      return page.evaluate(async (selector) => {
        const { axe: engine } = globalThis as unknown as {
          axe: {
            run(of: string): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>
          }
        }
        return (await engine.run(selector)).violations.map(
          ({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160) ?? ''}`,
        )
      }, within)
    },
    crash: () => stop('SIGKILL'),
    async close() {
      await stop('SIGTERM')
      if (options.dataFolder === undefined) await rm(dataFolder, { recursive: true, force: true })
    },
  }
}

async function addressOf(server: ChildProcess): Promise<string> {
  if (server.stdout === null) throw new Error('The server has no output.')
  for await (const line of createInterface({ input: server.stdout })) {
    const found = /http:\/\/127\.0\.0\.1:\d+\/\S+/.exec(line)
    if (found !== null) {
      // Keep draining, or the server would block on a full pipe.
      server.stdout.resume()
      return found[0]
    }
  }
  throw new Error('The server ended before it said its address.')
}

/** The place on the screen of a point of a clip shown to fit, in the clip's pixels. */
export async function pointOnPicture(
  page: Page,
  size: { width: number; height: number },
  x: number,
  y: number,
): Promise<{ x: number; y: number }> {
  const box = await page.getByRole('application', { name: /Picture|Immagine/ }).boundingBox()
  if (box === null) throw new Error('The viewer is not there.')
  const zoom = Math.min(
    (box.width - 2 * VIEWER_MARGIN) / size.width,
    (box.height - 2 * VIEWER_MARGIN) / size.height,
  )
  return {
    x: box.x + box.width / 2 + (x - size.width / 2) * zoom,
    y: box.y + box.height / 2 + (y - size.height / 2) * zoom,
  }
}

/** One drag of the mouse through points of the clip. */
export async function dragOnPicture(
  page: Page,
  size: { width: number; height: number },
  points: readonly (readonly [x: number, y: number])[],
): Promise<void> {
  const places = []
  for (const [x, y] of points) places.push(await pointOnPicture(page, size, x, y))
  const [first, ...rest] = places
  if (first === undefined) return
  await page.mouse.move(first.x, first.y)
  await page.mouse.down()
  for (const place of rest) await page.mouse.move(place.x, place.y, { steps: 5 })
  await page.mouse.up()
}
