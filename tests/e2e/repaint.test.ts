import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { decode } from 'fast-png'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordsOf } from '../../src/shared/document/model.js'
import type { ProjectDoc } from '../../src/shared/document/model.js'
import { browserSuite, findChromium } from '../support/chromium.js'
import { dragOnPicture, pointOnPicture, startApp } from './app.js'
import type { RunningApp } from './app.js'
import { renderMovingSquare } from './clip.js'

/** Replace and Regenerate in a real browser, with a pack of random weights. */
describe.skipIf(findChromium() === null)(
  browserSuite('replace and regenerate, in the browser'),
  () => {
    let app: RunningApp
    let page: Page
    let folder = ''
    const problems: string[] = []

    const inspector = () => page.getByRole('region', { name: 'Inspector' })
    const button = (name: string | RegExp) => inspector().getByRole('button', { name, exact: true })

    const doc = (): Promise<ProjectDoc> => app.doc()

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'lumiere-e2e-repaint-'))
      app = await startApp({ dataFolder: join(folder, 'data') })
      page = app.page
      page.setDefaultTimeout(20_000)
      page.on('pageerror', (error) => problems.push(error.message))
      await app.api('project.create', { folder: join(folder, 'Film'), name: 'Film' })
      const path = await renderMovingSquare(join(folder, 'clip.mp4'))
      await app.api('jobs.start', { kind: 'import', input: { path, place: true } })
      await page.getByRole('button', { name: /^V1 / }).waitFor({ state: 'attached' })
    })
    afterAll(async () => {
      await app.close()
      await rm(folder, { recursive: true, force: true })
    })

    it('says that a model is wanted', async () => {
      await button(/^Replace/).click()
      await inspector().getByText('No model is installed yet.').waitFor()
      expect(await app.complaints()).toEqual([])
      await app.api('packs.install', { path: resolve('tests/fixtures/packs/tiny') })
      await button('Delete this edit').click()
    })

    it('replaces what is painted by what is said', async () => {
      await button(/^Replace/).click()
      await inspector().getByText('Paint over the region on one frame first.').waitFor()
      const [asset] = recordsOf(await doc(), 'asset')
      const { width, height } = asset!.info
      await page.getByRole('radio', { name: 'Rectangle' }).click()
      await dragOnPicture(page, { width, height }, [
        [width * 0.3, height * 0.3],
        [width * 0.55, height * 0.6],
      ])
      const words = inspector().getByRole('textbox', { name: 'What should be there instead?' })
      await words.fill('a red ballon')
      await button('Replace ballon with balloon').click()
      await inspector().getByRole('group', { name: 'Before you start' }).waitFor()
      // On a small laptop too what starts it is in view, with nothing over it.
      const usual = page.viewportSize()!
      await page.setViewportSize({ width: 1280, height: 720 })
      const start = button('Replace').last()
      const isInView = () =>
        start.evaluate((node) => {
          const { left, right, top, bottom } = node.getBoundingClientRect()
          return node.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2))
        })
      await expect.poll(isInView).toBe(true)
      if (process.env['LUMIERE_SHOTS'] !== undefined) {
        await page.screenshot({ path: join(process.env['LUMIERE_SHOTS'], 'replace-720.png') })
      }
      await inspector().getByText('Settings', { exact: true }).click()
      await expect.poll(isInView).toBe(true)
      await page.setViewportSize(usual)
      await inspector().getByRole('slider', { name: 'Steps' }).focus()
      await page.keyboard.press('Home')
      expect(await app.complaints()).toEqual([])
      await words.press('Control+Enter')
      await inspector().getByText('Invented by the model').waitFor({ timeout: 60_000 })
      await inspector()
        .getByText(/dge seen in .*frames?$/)
        .waitFor()
      await button('Use this take').click()
      const [segment] = recordsOf(await doc(), 'segment')
      expect(segment).toMatchObject({
        verb: 'replace',
        params: { prompt: 'a red balloon', steps: 4 },
      })
      expect(segment?.acceptedTakeId).not.toBeNull()
      expect(await app.complaints()).toEqual([])
    })

    it('compares two takes side by side', async () => {
      await button('Replace').last().click()
      await expect
        .poll(async () => recordsOf(await doc(), 'take').length, { timeout: 60_000 })
        .toBe(2)
      await button('More about Take 1').click()
      await page.getByRole('menuitem', { name: 'Compare with the other take' }).click()
      const left = page.getByRole('combobox', { name: 'Left side' })
      const [first] = recordsOf(await doc(), 'take').sort((a, b) => (a.name < b.name ? -1 : 1))
      expect(await left.inputValue()).toBe(first?.id)
      await page.getByRole('group', { name: 'Compare' }).getByText('Take 2').waitFor()
      /** Inside the region, left of the wipe. */
      const colour = async (): Promise<readonly number[]> => {
        await page.locator('.viewer[data-settled="true"]').waitFor()
        await page.waitForTimeout(300)
        const [asset] = recordsOf(await doc(), 'asset')
        const { width, height } = asset!.info
        const at = await pointOnPicture(page, asset!.info, width * 0.4, height * 0.45)
        const { data, width: across, channels } = decode(await page.screenshot())
        const from = (Math.round(at.y) * across + Math.round(at.x)) * channels
        return [...data.subarray(from, from + 3)]
      }
      const distance = (a: readonly number[], b: readonly number[]): number =>
        Math.max(...a.map((value, c) => Math.abs(value - b[c]!)))
      const bothHalves = async () => {
        const box = await page.locator('.viewer').boundingBox()
        const [asset] = recordsOf(await doc(), 'asset')
        const { width, height } = asset!.info
        const at = await pointOnPicture(page, asset!.info, width * 0.4, height * 0.45)
        const { data, width: across, channels } = decode(await page.screenshot())
        const pixel = (half: number): readonly number[] => {
          const x = box!.x + (half * box!.width) / 2 + (at.x - box!.x) / 2
          const y = box!.y + box!.height / 4 + (at.y - box!.y) / 2
          const from = (Math.round(y) * across + Math.round(x)) * channels
          return [...data.subarray(from, from + 3)]
        }
        return { left: pixel(0), right: pixel(1) }
      }
      const take = await colour()
      // The menu's button has the focus again, and with it its name in a bubble.
      await left.focus()
      await page.locator('[data-radix-popper-content-wrapper]').waitFor({ state: 'detached' })
      expect(await app.complaints()).toEqual([])
      await left.selectOption('source')
      const source = await colour()
      expect(distance(take, source)).toBeGreaterThan(8)
      // Each in its own half: the viewer at half its size, source left, take right.
      await page.getByRole('button', { name: 'Side by side' }).click()
      await page.locator('.viewer[data-settled="true"]').waitFor()
      await page.waitForTimeout(300)
      expect(await app.complaints()).toEqual([])
      const halves = await bothHalves()
      expect(distance(halves.left, source)).toBeLessThan(6)
      expect(distance(halves.right, source)).toBeGreaterThan(8)
      // A brush is for one picture: choosing it, or pressing with it, brings that back.
      await page.keyboard.press('b')
      await page.locator('.wipe-label').first().waitFor({ state: 'detached' })
    })

    it('regenerates a marked range, playing as it sharpens, and keeps it early', async () => {
      await app.api('document.undo', {})
      for (const key of ['Home', 'i', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'o']) {
        await page.keyboard.press(key)
      }
      await button('Regenerate').click()
      const strength = inspector().getByRole('slider', { name: 'How much may change' })
      await strength.focus()
      await page.keyboard.press('End')
      await inspector().getByText('Settings', { exact: true }).click()
      await inspector().getByRole('slider', { name: 'Steps' }).focus()
      await page.keyboard.press('End')
      await inspector().getByRole('slider', { name: 'Guidance' }).focus()
      await page.keyboard.press('End')
      await inspector().getByRole('group', { name: 'Before you start' }).waitFor()
      await button('Regenerate').last().click()
      // At once: on a fast machine it is over before a click has waited for the button to stand still.
      await button('Good enough, stop here').dispatchEvent('click')
      await expect
        .poll(async () => recordsOf(await doc(), 'take').length, { timeout: 60_000 })
        .toBe(3)
      const segment = recordsOf(await doc(), 'segment').find(({ verb }) => verb === 'regenerate')
      expect(segment).toMatchObject({ from: 0, to: 4, maskId: null, params: { strength: 1 } })
      expect(await app.complaints()).toEqual([])
    })

    it('styles in words, from the panel of styles', async () => {
      await button('Style').click()
      await inspector().getByRole('radio', { name: 'In words' }).click()
      // The empty edit by a picture has made room.
      expect(recordsOf(await doc(), 'segment').some(({ verb }) => verb === 'stylise')).toBe(false)
      await inspector().getByRole('button', { name: 'watercolour', exact: true }).click()
      const words = inspector().getByRole('textbox', { name: 'Which style?' })
      expect(await words.inputValue()).toBe('watercolour')
      await inspector().getByText('Settings', { exact: true }).click()
      await inspector().getByRole('slider', { name: 'Steps' }).focus()
      await page.keyboard.press('Home')
      await inspector().getByRole('group', { name: 'Before you start' }).waitFor()
      expect(await app.complaints()).toEqual([])
      await button('Paint').click()
      await expect
        .poll(async () => recordsOf(await doc(), 'take').length, { timeout: 60_000 })
        .toBe(4)
      const made = recordsOf(await doc(), 'segment').find(
        ({ verb, params }) => verb === 'regenerate' && 'detail' in params,
      )
      expect(made).toMatchObject({ params: { prompt: 'watercolour', detail: 'clip', steps: 4 } })
      await button(/^Style · watercolour/)
        .first()
        .waitFor()
      // It has a take now: another way to style is another edit, beside it.
      await inspector().getByRole('radio', { name: 'Every frame' }).click()
      await inspector().getByRole('radiogroup', { name: 'Pictures to paint by' }).waitFor()
      const verbs = recordsOf(await doc(), 'segment').map(({ verb }) => verb)
      expect(verbs.filter((verb) => verb === 'regenerate')).toHaveLength(2)
      expect(verbs).toContain('stylise')
    })

    it('ran without an error in the page', () => {
      expect(problems).toEqual([])
    })
  },
)
