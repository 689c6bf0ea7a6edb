import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { encode } from 'fast-png'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordsOf } from '../../src/shared/document/model.js'
import type { AssetRec } from '../../src/shared/document/model.js'
import { browserSuite, findChromium } from '../support/chromium.js'
import { startApp } from './app.js'
import type { RunningApp } from './app.js'
import { renderMovingSquare } from './clip.js'

/** Words to a clip, two clips compared, a photo in motion: without a mouse. */
describe.skipIf(findChromium() === null)(browserSuite('making clips by keyboard alone'), () => {
  let app: RunningApp
  let page: Page
  let folder = ''
  /** What Tab went through since the last stop. */
  let way: string[] = []

  const made = async (): Promise<readonly AssetRec[]> =>
    recordsOf(await app.doc(), 'asset').filter((asset) => asset.made !== undefined)
  const shown = () => page.locator('.compare-name').innerText()

  /** Goes on with Tab, or back, until the focus stands on the control with this name. */
  async function tabTo(name: string | RegExp, role: string, key = 'Tab'): Promise<void> {
    way = []
    for (let step = 0; step < 90; step++) {
      const focused = page.locator(':focus')
      if ((await focused.count()) > 0) {
        const fits = page.getByRole(role as 'button', { name, exact: true }).and(focused)
        if ((await fits.count()) > 0) return
        // What had the focus may be gone by now, with the progress that it stood in.
        way.push(
          await page.evaluate(() => {
            const node = document.activeElement
            return node?.getAttribute('aria-label') ?? node?.textContent ?? ''
          }),
        )
      }
      await page.keyboard.press(key)
    }
    throw new Error(`Tab never reached ${String(name)}: ${way.join(' > ')}`)
  }

  /** F6 until the focus stands on this panel. */
  async function panel(name: string): Promise<void> {
    for (let step = 0; step < 6; step++) {
      await page.keyboard.press('F6')
      const at = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
      if (at === name) return
      way.push(String(at))
    }
    throw new Error(`F6 never reached ${name}: ${way.join(' > ')}`)
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lumiere-keyboard-made-'))
    app = await startApp({ dataFolder: join(folder, 'data') })
    page = app.page
    await app.api('packs.install', { path: resolve('tests/fixtures/packs/tiny') })
    await app.api('project.create', { folder: join(folder, 'Keys'), name: 'Keys' })
    await page.getByRole('slider', { name: 'Playhead' }).waitFor()
  })
  afterAll(async () => {
    await app.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('generates two clips', async () => {
    await panel('Media')
    await tabTo('Media', 'tab')
    await page.keyboard.press('ArrowRight')
    await tabTo('What should the clip show?', 'textbox')
    await page.keyboard.type('a red balloon')
    await tabTo('Generate', 'button')
    await page.keyboard.press('Enter')
    await expect.poll(async () => (await made()).length, { timeout: 60_000 }).toBe(1)
    await expect.poll(shown).toBe('a red balloon.mp4')
    // The form is back in the place of the progress.
    await tabTo('What should the clip show?', 'textbox')
    await page.keyboard.press('Control+Enter')
    await expect.poll(async () => (await made()).length, { timeout: 60_000 }).toBe(2)
  })

  it('compares them and keeps one', async () => {
    await panel('Media')
    await tabTo('Compare with another generated clip', 'button')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Two generated clips' }).waitFor()
    await page.keyboard.press('Space')
    await panel('Viewer')
    await page.keyboard.press('Escape')
    await expect.poll(shown).toBe('a red balloon.mp4')
    await panel('Media')
    await tabTo('Compare with another generated clip', 'button')
    await page.keyboard.press('Enter')
    await panel('Inspector')
    await tabTo('Keep this one', 'button')
    await page.keyboard.press('Enter')
    await expect.poll(async () => (await made()).length).toBe(1)
  })

  it('sets a photo in motion', async () => {
    const path = join(folder, 'photo.png')
    const data = Uint8Array.from({ length: 96 * 54 * 3 }, (_, n) => (n * 37) % 251)
    await writeFile(path, encode({ width: 96, height: 54, data, channels: 3 }))
    await panel('Viewer')
    const chooser = page.waitForEvent('filechooser')
    await page.keyboard.press('Control+i')
    await (await chooser).setFiles(path)
    const still = page.getByRole('button', { name: /^V1 photo.png/ })
    await still.waitFor({ state: 'attached', timeout: 30_000 })
    await panel('Timeline')
    await tabTo(/^V1 photo.png/, 'button')
    await page.keyboard.press('Enter')
    await panel('Inspector')
    await tabTo('Direction', 'slider')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await tabTo('Length of the loop', 'slider')
    await page.keyboard.press('Home')
    await tabTo('Animate', 'button')
    // The heading of the panel folds it; what runs it is the last of that name.
    if (!(await page.locator(':focus').getAttribute('class'))?.includes('primary')) {
      await page.keyboard.press('Tab')
      await tabTo('Animate', 'button')
    }
    await page.keyboard.press('Enter')
    await expect.poll(async () => (await made()).length, { timeout: 60_000 }).toBe(2)
    await expect.poll(shown).toBe('photo.mkv')
    expect(await app.complaints()).toEqual([])
  })

  it('tracks again from a correction', async () => {
    await app.api('project.create', { folder: join(folder, 'Track'), name: 'Track' })
    const path = await renderMovingSquare(join(folder, 'clip.mp4'))
    await app.api('jobs.start', { kind: 'import', input: { path, place: true } })
    await page
      .getByRole('button', { name: /^V1 clip.mp4/ })
      .waitFor({ state: 'attached', timeout: 30_000 })
    const tracked = async (): Promise<number> =>
      Object.keys(recordsOf(await app.doc(), 'mask')[0]?.tracked ?? {}).length
    const ended = async (): Promise<number> =>
      (await app.api('jobs.list', {})).filter(
        ({ kind, status }) => kind === 'track' && status === 'succeeded',
      ).length
    await panel('Inspector')
    await tabTo(/^Remove/, 'button')
    await page.keyboard.press('Enter')
    await page.keyboard.press('u')
    await panel('Viewer')
    await tabTo('Picture', 'application')
    await page.keyboard.press('Enter')
    for (let step = 0; step < 4; step++) {
      await page.keyboard.press('Shift+ArrowDown')
      await page.keyboard.press('Shift+ArrowRight')
    }
    await page.keyboard.press('Enter')
    await page.keyboard.press('t')
    await expect.poll(ended, { timeout: 60_000 }).toBe(1)
    const all = await tracked()
    expect(all).toBeGreaterThan(10)
    // Arrows move the film again once the brush is put down.
    await page.keyboard.press('v')
    for (let step = 0; step < 8; step++) await page.keyboard.press('ArrowRight')
    await page.keyboard.press('u')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Shift+ArrowDown')
    await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.press('Enter')
    await expect.poll(tracked).toBe(all - 1)
    await page.keyboard.press('t')
    await expect.poll(ended, { timeout: 60_000 }).toBe(2)
    expect(await tracked()).toBe(all - 1)
  })
})
