import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { encode } from 'fast-png'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordsOf } from '../../src/shared/document/model.js'
import type { ProjectDoc } from '../../src/shared/document/model.js'
import { browserSuite, findChromium } from '../support/chromium.js'
import { dragOnPicture, startApp } from './app.js'
import type { RunningApp } from './app.js'

/** Words to a clip on the timeline, in a real browser, with a pack of random weights. */
describe.skipIf(findChromium() === null)(
  browserSuite('generate and animate, in the browser'),
  () => {
    let app: RunningApp
    let page: Page
    let folder = ''
    const problems: string[] = []

    const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
    const prompt = () => page.getByRole('textbox', { name: 'What should the clip show?' })

    const doc = (): Promise<ProjectDoc> => app.doc()

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'lumiere-e2e-generate-'))
      app = await startApp({ dataFolder: join(folder, 'data') })
      page = app.page
      page.setDefaultTimeout(15_000)
      page.on('pageerror', (error) => problems.push(error.message))
      await app.api('project.create', { folder: join(folder, 'Film'), name: 'Film' })
    })
    afterAll(async () => {
      await app.close()
      await rm(folder, { recursive: true, force: true })
    })

    it('says that no model is there, and installs one', async () => {
      await page.getByRole('tab', { name: 'Generate' }).click()
      await page.getByText('No model is installed yet.').waitFor()
      await button('Install a model…').click()
      const dialog = page.getByRole('dialog')
      const path = dialog.getByRole('textbox', { name: 'Folder of a model pack' })
      await path.fill(folder)
      await dialog.getByRole('button', { name: 'Install', exact: true }).click()
      await dialog.getByText(/not a model pack/).waitFor()
      await path.fill(resolve('tests/fixtures/packs/tiny'))
      await dialog.getByRole('button', { name: 'Install', exact: true }).click()
      // The style pack that ships with the app is listed too.
      const pack = dialog.getByRole('listitem').filter({ hasText: 'Lumière world model tiny' })
      await pack.getByRole('heading', { level: 3 }).waitFor()
      await pack.getByText('What it can and cannot do').click()
      await pack.getByText('Draws no people').waitFor()
      await pack.getByRole('button', { name: 'Check files' }).click()
      await pack.getByText('Every file is as it was made.').waitFor()
      expect(await app.complaints()).toEqual([])
      await page.keyboard.press('Escape')
    })

    it('shows what the model made of some prompts, to begin with one', async () => {
      const examples = page.getByRole('list', { name: 'Examples' })
      const first = examples.getByRole('button', { name: 'a red ball moving to the right' })
      const film = first.locator('.example-clip')
      await expect
        .poll(() => film.evaluate((node) => getComputedStyle(node).backgroundImage))
        .toMatch(/^url\("data:image\/webp/)
      // Four frames side by side, of which one is seen.
      expect(await film.evaluate((node) => getComputedStyle(node).backgroundSize)).toBe('400% 100%')
      expect(await app.complaints()).toEqual([])
      await first.click()
      expect(await prompt().inputValue()).toBe('a red ball moving to the right')
      await examples.waitFor({ state: 'detached' })
    })

    it('names unknown words, proposes known ones, and forecasts', async () => {
      await prompt().fill('a red ballon and a helicopter')
      await page.getByText('helicopter is not a word of this model.').waitFor()
      await button('Replace ballon with balloon').click()
      expect(await prompt().inputValue()).toBe('a red balloon and a helicopter')
      await page.getByRole('group', { name: 'Before you start' }).waitFor()
      await page.getByText('Settings', { exact: true }).click()
      expect(await app.complaints()).toEqual([])
    })

    it('shows the clip while it is made, and keeps it as it is when told to', async () => {
      await page.getByRole('slider', { name: 'Length' }).focus()
      // Long enough that a preview is seen before a fast machine is done.
      for (let press = 0; press < 100; press++) await page.keyboard.press('ArrowRight')
      await page.getByRole('slider', { name: 'Steps' }).focus()
      await page.keyboard.press('End')
      await page.getByRole('combobox', { name: 'Size' }).selectOption('256')
      await page.getByRole('slider', { name: 'Beginnings' }).waitFor()
      await prompt().press('Control+Enter')
      await page.getByText(/^Beginning \d of 4$/).waitFor({ timeout: 30_000 })
      await button('Good enough, stop here').waitFor({ timeout: 30_000 })
      await page.getByRole('img', { name: /The clip as it looks after step/ }).waitFor()
      await button('Play the preview').dispatchEvent('click')
      await button('Good enough, stop here').dispatchEvent('click')
      await expect
        .poll(async () => recordsOf(await doc(), 'clip').length, { timeout: 60_000 })
        .toBe(1)
      const [asset] = recordsOf(await doc(), 'asset')
      expect(asset).toMatchObject({
        info: { frames: 64, width: 256 },
        made: { task: 'generate', prompt: 'a red balloon and a helicopter', pack: { id: 'tiny' } },
      })
      const made = page.getByRole('region', { name: 'Made in this project' })
      await made.getByText('AI', { exact: true }).waitFor()
      await made.getByRole('button', { name: 'Show on the timeline' }).click()
      await page.getByRole('button', { name: /helicopter\.mp4, AI/ }).waitFor({ state: 'attached' })
      expect(await app.complaints()).toEqual([])
    })

    it('goes on from a clip with all that it was made with', async () => {
      const slider = (name: string) => page.getByRole('slider', { name })
      const values = () =>
        Promise.all(
          ['Length', 'Steps', 'Beginnings'].map((name) =>
            slider(name).getAttribute('aria-valuenow'),
          ),
        )
      await page.getByText('Settings', { exact: true }).click()
      const before = await values()
      for (const name of ['Length', 'Steps', 'Beginnings']) {
        await slider(name).focus()
        await page.keyboard.press('Home')
      }
      await prompt().fill('snow')
      for (const [n, value] of (await values()).entries()) expect(value).not.toBe(before[n])
      await button(/^Use these words, this seed and the settings/).click()
      await expect.poll(() => prompt().inputValue()).toBe('a red balloon and a helicopter')
      expect(await values()).toEqual(before)
    })

    it('animates the painted part of a photo', async () => {
      await app.api('project.create', { folder: join(folder, 'Photo'), name: 'Photo' })
      const path = join(folder, 'photo.png')
      const data = Uint8Array.from({ length: 96 * 54 * 3 }, (_, n) => (n * 37) % 251)
      await writeFile(path, encode({ width: 96, height: 54, data, channels: 3 }))
      await app.api('jobs.start', { kind: 'import', input: { path, place: true } })
      const clip = page.getByRole('button', { name: /^V1 photo.png/ })
      await clip.focus()
      await page.keyboard.press('Enter')
      const inspector = page.getByRole('region', { name: 'Inspector' })
      await inspector.getByRole('radio', { name: 'The whole picture' }).waitFor()
      await page.getByRole('radio', { name: 'Rectangle' }).click()
      await dragOnPicture(page, { width: 96, height: 54 }, [
        [18, 12],
        [75, 42],
      ])
      await inspector.getByRole('radio', { name: 'The painted part', checked: true }).waitFor()
      await inspector.getByRole('slider', { name: 'Length of the loop' }).focus()
      await page.keyboard.press('Home')
      await inspector.getByRole('group', { name: 'Before you start' }).first().waitFor()
      expect(await app.complaints()).toEqual([])
      await inspector.getByRole('button', { name: 'Animate', exact: true }).last().click()
      await page.getByRole('button', { name: /photo.mkv, AI/ }).waitFor({ state: 'attached' })
      await expect.poll(() => page.locator('.compare-name').innerText()).toBe('photo.mkv')
      const made = recordsOf(await doc(), 'asset').find((asset) => asset.made !== undefined)
      expect(made).toMatchObject({
        info: { width: 96, height: 54, frames: 30 },
        made: { task: 'animate', pack: null },
      })
    })

    it('paints a photo in a style and sets it in motion in one go', async () => {
      const still = page.getByRole('button', { name: /^V1 photo.png/ })
      await still.focus()
      await page.keyboard.press('Enter')
      const inspector = page.getByRole('region', { name: 'Inspector' })
      await inspector.getByRole('radio', { name: 'In a style' }).click()
      const run = inspector.getByRole('button', { name: 'Animate', exact: true }).last()
      expect(await run.isDisabled()).toBe(true)
      await inspector.getByRole('radio', { name: 'Oil' }).click()
      await inspector.getByRole('slider', { name: 'Style strength' }).waitFor()
      await inspector.getByRole('group', { name: 'Before you start' }).first().waitFor()
      expect(await app.complaints()).toEqual([])
      if (process.env['LUMIERE_SHOTS'] !== undefined) {
        await page.screenshot({ path: join(process.env['LUMIERE_SHOTS'], 'animate.png') })
      }
      await run.click()
      const all = async () =>
        recordsOf(await doc(), 'asset').filter(({ made }) => made?.task === 'animate')
      await expect.poll(async () => (await all()).length, { timeout: 60_000 }).toBe(2)
      const packs = (await all()).map(({ made }) => made?.pack?.id ?? '')
      expect(packs.filter((id) => id.includes('style'))).toHaveLength(1)
    })

    it('ran without an error in the page', () => {
      expect(problems).toEqual([])
    })
  },
)
