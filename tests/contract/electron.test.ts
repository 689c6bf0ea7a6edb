import { mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProjectState, Reply } from '../../src/shared/contract/api.js'
import type { EventMessage } from '../../src/shared/contract/events.js'
import type { PreloadApi } from '../../src/renderer/bridge/electronBridge.js'
import { browserSuite, findChromium } from '../support/chromium.js'
import { launchDouble } from '../electronDouble/launch.js'
import type { DoubledApp } from '../electronDouble/launch.js'

/** The page's window as the built preload furnishes it. */
interface Furnished {
  readonly lumiere: PreloadApi
  heard: EventMessage[]
}
declare const window: Furnished & typeof globalThis

describe.skipIf(findChromium() === null)(
  browserSuite('the built Electron main and preload on the stand-in'),
  () => {
    let folder: string
    let app: DoubledApp
    const complaints: string[] = []

    beforeAll(async () => {
      folder = await realpath(await mkdtemp(join(tmpdir(), 'lumiere-electron-')))
      app = await launchDouble({ dataFolder: folder, locale: 'it' })
      app.page.on('console', (message) => {
        if (/Content Security Policy/i.test(message.text())) complaints.push(message.text())
      })
    })
    afterAll(async () => {
      await rm(folder, { recursive: true, force: true })
    })

    const call = (method: string, input: unknown): Promise<Reply<unknown>> =>
      app.page.evaluate(([name, value]) => window.lumiere.call(name, value), [
        method,
        input,
      ] as const)

    it('opens a sandboxed, isolated window on app:// that shows the interface', async () => {
      const { sandboxed, webPreferences, schemes } = (await app.control('security')) as {
        sandboxed: boolean
        webPreferences: Record<string, unknown>[]
        schemes: { scheme: string; privileges: Record<string, boolean> }[]
      }
      expect(sandboxed).toBe(true)
      expect(webPreferences).toHaveLength(1)
      expect(webPreferences[0]).toMatchObject({
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        webviewTag: false,
      })
      expect(schemes.map((one) => one.scheme)).toEqual(['app', 'media'])
      expect(schemes.some((one) => one.privileges['bypassCSP'])).toBe(false)
      expect(await app.page.title()).toContain('Lumière')
      await expect.poll(() => app.page.locator('#root').innerText()).not.toBe('')
      expect(complaints).toEqual([])
    })

    it('exposes four functions and nothing of Node or Electron', async () => {
      const surface = await app.page.evaluate(() => ({
        names: Object.keys(window.lumiere).sort(),
        leaks: ['require', 'process', 'module', 'Buffer', 'ipcRenderer'].filter(
          (name) => name in window,
        ),
      }))
      expect(surface).toEqual({ names: ['call', 'mediaUrl', 'on', 'pathForFile'], leaks: [] })
    })

    it('answers requests, and errors as values', async () => {
      expect(await call('app.info', {})).toMatchObject({
        ok: true,
        data: { host: 'electron', nativeDialogs: true },
      })
      expect(await call('no.such', {})).toMatchObject({
        ok: false,
        error: { code: 'unknown-method' },
      })
      expect(await call('project.create', { folder: 3 })).toMatchObject({
        ok: false,
        error: { code: 'invalid-request' },
      })
    })

    it('refuses a request from a frame inside the page', async () => {
      const reply = await app.page.evaluate(async () => {
        const frame = document.createElement('iframe')
        document.body.append(frame)
        const inner = frame.contentWindow as unknown as Furnished
        const answer = await inner.lumiere.call('app.info', {})
        frame.remove()
        return answer
      })
      expect(reply).toMatchObject({ ok: false, error: { code: 'forbidden' } })
    })

    it('sends events to the page and serves the project on media:// with ranges', async () => {
      const project = join(folder, 'projects', 'Città 東京')
      await app.page.evaluate(() => {
        window.heard = []
        window.lumiere.on((message) => window.heard.push(message))
      })
      const created = (await call('project.create', {
        folder: project,
        name: 'Città',
      })) as Reply<ProjectState>
      expect(created.ok).toBe(true)
      await expect
        .poll(() => app.page.evaluate(() => window.heard.map((message) => message.event)))
        .toContain('project')

      await writeFile(join(project, 'media', 'näme 1.bin'), '0123456789')
      await writeFile(join(folder, 'secret.txt'), 'secret')
      await symlink(join(folder, 'secret.txt'), join(project, 'media', 'link.txt'))
      const got = await app.page.evaluate(async () => {
        const read = async (path: string, headers: Record<string, string> = {}) => {
          const response = await fetch(window.lumiere.mediaUrl(path), { headers })
          const text = await response.text()
          return [response.status, response.headers.get('content-range'), text] as const
        }
        return {
          whole: await read('media/näme 1.bin'),
          part: await read('media/näme 1.bin', { Range: 'bytes=2-4' }),
          past: await read('media/näme 1.bin', { Range: 'bytes=20-' }),
          link: await read('media/link.txt'),
          above: await read('media/%2e%2e/%2e%2e/secret.txt'),
        }
      })
      expect(got.whole).toEqual([200, null, '0123456789'])
      expect(got.part).toEqual([206, 'bytes 2-4/10', '234'])
      expect(got.past.slice(0, 2)).toEqual([416, 'bytes */10'])
      expect(got.link[0]).toBe(403)
      expect(got.above[0]).toBeGreaterThanOrEqual(400)
      expect(JSON.stringify(got)).not.toContain('"secret"')
    })

    it('speaks the language of the system in its menu and leaves shortcuts to the interface', async () => {
      expect(await app.control('menu', ['File', 'Salva'])).toMatchObject({
        accelerator: 'CmdOrCtrl+S',
        registerAccelerator: false,
      })
      await app.control('clickMenu', ['Modifica', 'Annulla'])
      await expect
        .poll(() => app.page.evaluate(() => window.heard.at(-1)))
        .toEqual({ event: 'menu', payload: { action: 'undo' } })
    })

    it('asks with native dialogs, and takes no for an answer', async () => {
      await app.control('answerDialog', '/clips/one.mov')
      expect(await call('host.pick', { what: 'media' })).toEqual({
        ok: true,
        data: { path: '/clips/one.mov' },
      })
      expect(await call('host.pick', { what: 'exportFile', suggestedName: 'film.mp4' })).toEqual({
        ok: true,
        data: { path: null },
      })
      expect(await app.control('openedDialogs')).toMatchObject([
        { properties: ['openFile'] },
        { defaultPath: 'film.mp4' },
      ])
    })

    it('denies permissions, other pages and new windows', async () => {
      expect(await app.control('permissions')).toEqual({
        request: false,
        check: false,
        device: false,
      })
      const before = app.page.url()
      await app.page.evaluate(() => {
        window.location.href = 'http://example.invalid/'
      })
      await app.page.waitForTimeout(300)
      expect(app.page.url()).toBe(before)
      const context = app.page.context()
      await app.page.evaluate(() => void window.open('http://example.invalid/'))
      await expect.poll(() => context.pages().length).toBe(1)
    })

    it('closes the project before it ends', async () => {
      const project = join(folder, 'projects', 'Città 東京')
      expect(await app.quit()).toBe(0)
      const again = await launchDouble({ dataFolder: folder })
      const opened = await again.page.evaluate(
        (path) => window.lumiere.call('project.open', { folder: path }),
        project,
      )
      expect(opened).toMatchObject({ ok: true, data: { unsaved: 0, recovered: null } })
      expect(await again.quit()).toBe(0)
    })
  },
)
