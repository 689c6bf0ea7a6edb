import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { decode } from 'fast-png'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordOf, recordsOf } from '../../src/shared/document/model.js'
import type { AssetRec, ClipRec } from '../../src/shared/document/model.js'
import { browserSuite, findChromium } from '../support/chromium.js'
import { startApp } from './app.js'
import type { RunningApp } from './app.js'
import { renderMovingSquare } from './clip.js'

/** Clips of one prompt and several seeds: shown as they come, looked at side by side, one kept. */
describe.skipIf(findChromium() === null)(browserSuite('generated clips side by side'), () => {
  let app: RunningApp
  let page: Page
  let folder = ''
  const problems: string[] = []

  const shown = () => page.locator('.compare-name')
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
  const inspector = () => page.getByRole('region', { name: 'Inspector' })
  const side = (name: 'Left' | 'Right') => inspector().getByRole('region', { name })
  const position = () => page.getByRole('timer', { name: 'Position' }).innerText()
  const viewer = () => page.getByRole('application', { name: 'Picture' })

  async function madeClips(): Promise<readonly AssetRec[]> {
    return recordsOf(await app.doc(), 'asset').filter(({ made }) => made !== undefined)
  }

  /** The clips of the film's picture in their order. */
  async function filmed(): Promise<readonly ClipRec[]> {
    const doc = await app.doc()
    return recordsOf(doc, 'clip')
      .filter(({ trackId }) => recordOf(doc, 'track', trackId)?.kind === 'video')
      .sort((a, b) => a.start - b.start)
  }

  async function generate(): Promise<void> {
    const prompt = page.getByRole('textbox', { name: 'What should the clip show?' })
    await prompt.fill('a red balloon')
    await prompt.press('Control+Enter')
  }

  /** The halves of the viewer once both show the frame asked for, without their labels. */
  async function halves(): Promise<readonly [number[], number[]]> {
    await expect.poll(() => viewer().getAttribute('data-settled')).toBe('true')
    await page.waitForTimeout(200)
    const box = (await viewer().boundingBox())!
    const part = async (n: 0 | 1): Promise<number[]> => {
      const width = Math.floor(box.width / 2)
      const { data } = decode(
        await page.screenshot({
          clip: {
            ...{ x: box.x + n * width + width / 4, width: width / 2 },
            ...{ y: box.y + box.height * 0.42, height: box.height * 0.16 },
          },
        }),
      )
      return Array.from(data)
    }
    return [await part(0), await part(1)]
  }

  function difference(a: readonly number[], b: readonly number[]): number {
    return a.reduce((sum, value, n) => sum + Math.abs(value - (b[n] ?? 0)), 0) / a.length
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lumiere-e2e-pair-'))
    app = await startApp({ dataFolder: join(folder, 'data') })
    page = app.page
    page.setDefaultTimeout(30_000)
    page.on('pageerror', (error) => problems.push(error.message))
    await app.api('packs.install', { path: resolve('tests/fixtures/packs/tiny') })
    await app.api('project.create', { folder: join(folder, 'Film'), name: 'Film' })
    const path = await renderMovingSquare(join(folder, 'clip.mp4'))
    await app.api('jobs.start', { kind: 'import', input: { path, place: true } })
    await page.getByText('clip.mp4', { exact: true }).and(shown()).waitFor()
    await page.getByRole('tab', { name: 'Generate' }).click()
    await page.getByText('Settings', { exact: true }).click()
    await page.getByRole('slider', { name: 'Length' }).focus()
    for (let press = 0; press < 10; press++) await page.keyboard.press('ArrowRight')
    await page.getByRole('slider', { name: 'Steps' }).focus()
    await page.keyboard.press('End')
    await page.getByRole('combobox', { name: 'Size' }).selectOption('256')
  })
  afterAll(async () => {
    await app.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('shows what came out to whoever waits for it, with another clip in hand', async () => {
    await generate()
    await expect.poll(() => shown().innerText(), { timeout: 60_000 }).toBe('a red balloon.mp4')
    await page.getByText('The clip is ready and on the timeline.', { exact: true }).waitFor()
    expect(await button('Show it').count()).toBe(0)
  })

  it('offers it to whoever is at other work', async () => {
    await generate()
    await button('Good enough, stop here').waitFor()
    await page
      .getByRole('list', { name: 'Clips' })
      .getByRole('button', { name: /^V1 clip\.mp4/ })
      .press('Enter')
    await page.getByRole('slider', { name: 'Playhead' }).press('Home')
    await page.getByRole('radio', { name: 'Brush' }).click()
    await button('Show it').waitFor({ timeout: 60_000 })
    expect(await shown().innerText()).toBe('clip.mp4')
    expect(await app.complaints()).toEqual([])
    await button('Show it').click()
    await expect.poll(() => shown().innerText()).toBe('a red balloon.mp4')
    const clips = recordsOf(await app.doc(), 'clip')
    const newest = Math.max(...clips.map(({ start }) => start))
    await expect.poll(position).toContain(`frame ${newest}`)
    await page.keyboard.press('v')
  })

  it('puts two side by side, with their words and seeds', async () => {
    const before = await position()
    const cards = page.getByRole('region', { name: 'Made in this project' }).getByRole('listitem')
    await cards.nth(0).getByRole('button', { name: 'Compare with another generated clip' }).click()
    await inspector().getByRole('heading', { name: 'Two generated clips' }).waitFor()
    const [older, newer] = await madeClips()
    await side('Left').getByText(`Seed ${newer!.made!.seed}`, { exact: true }).waitFor()
    await side('Right').getByText(`Seed ${older!.made!.seed}`, { exact: true }).waitFor()
    expect(await side('Left').getByText('a red balloon', { exact: true }).count()).toBe(1)
    const labels = viewer().locator('.pair-label')
    await expect.poll(() => labels.allInnerTexts()).toHaveLength(2)
    expect((await labels.allInnerTexts())[0]).toContain(String(newer!.made!.seed))
    expect(await app.complaints()).toEqual([])
    const [left, right] = await halves()
    expect(difference(left, right)).toBeGreaterThan(2)
    await button('Swap sides').click()
    await side('Left').getByText(`Seed ${older!.made!.seed}`, { exact: true }).waitFor()
    const swapped = await halves()
    expect(difference(swapped[0], right)).toBeLessThan(1)
    expect(difference(swapped[1], left)).toBeLessThan(1)
    if (process.env['LUMIERE_SHOTS'] !== undefined) {
      await page.screenshot({ path: join(process.env['LUMIERE_SHOTS'], 'pair.png') })
    }
    expect(await position()).not.toBe(before)
  })

  it('moves and plays both together, again and again, and leaves the film where it was', async () => {
    const film = await page.getByRole('slider', { name: 'Playhead' }).getAttribute('aria-valuenow')
    await viewer().click()
    await page.keyboard.press('End')
    await expect.poll(position).toContain('frame 23')
    const atEnd = await halves()
    await page.keyboard.press('Home')
    await expect.poll(position).toContain('frame 0')
    const atStart = await halves()
    for (const n of [0, 1] as const) {
      expect(difference(atEnd[n], atStart[n])).toBeGreaterThan(1)
    }
    const seen: number[] = []
    await page.keyboard.press('End')
    for (let press = 0; press < 4; press++) await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Space')
    for (let look = 0; look < 60; look++) {
      seen.push(Number(/frame (\d+)/.exec(await position())?.[1]))
      await page.waitForTimeout(50)
    }
    await page.keyboard.press('Space')
    const turns = seen.filter((frame, n) => n > 0 && frame < (seen[n - 1] ?? 0)).length
    expect(turns).toBeGreaterThan(0)
    expect(Math.max(...seen)).toBeLessThan(24)
    const now = await page.getByRole('slider', { name: 'Playhead' }).getAttribute('aria-valuenow')
    expect(now).toBe(film)
  })

  it('wipes between them, shows one alone, and holds for the other', async () => {
    await page.keyboard.press('Shift+W')
    await page.getByRole('slider', { name: 'Wipe position' }).waitFor()
    const labels = viewer().locator('.pair-label')
    expect(await labels.count()).toBe(2)
    await page.keyboard.press('Shift+W')
    await expect.poll(() => labels.count()).toBe(1)
    const [older, newer] = await madeClips()
    await expect.poll(() => labels.innerText()).toContain(String(newer!.made!.seed))
    await page.keyboard.down('\\')
    await expect.poll(() => labels.innerText()).toContain(String(older!.made!.seed))
    await page.keyboard.up('\\')
    await page.keyboard.press('Alt+W')
    expect(await app.complaints()).toEqual([])
  })

  it('brings the film back before a key changes it', async () => {
    const before = await filmed()
    await page.keyboard.press('Delete')
    await expect.poll(() => shown().innerText()).toBe('a red balloon.mp4')
    expect(await filmed()).toEqual(before)
    // From the media, as well; Escape ends it.
    await page.getByRole('tab', { name: 'Media' }).click()
    await button('More about a red balloon.mp4').first().click()
    await page.getByRole('menuitem', { name: 'Compare with another generated clip' }).click()
    await inspector().getByRole('heading', { name: 'Two generated clips' }).waitFor()
    await viewer().click()
    await page.keyboard.press('Escape')
    await expect.poll(() => shown().innerText()).toBe('a red balloon.mp4')
  })

  it('keeps one, and one undo brings the other back', async () => {
    const [older, newer] = await madeClips()
    await page.getByRole('tab', { name: 'Generate' }).click()
    const cards = page.getByRole('region', { name: 'Made in this project' }).getByRole('listitem')
    await cards
      .filter({ hasText: `Seed ${older!.made!.seed}` })
      .getByRole('button', { name: 'Compare with another generated clip' })
      .click()
    await side('Right').getByRole('button', { name: 'Keep this one' }).click()
    await expect.poll(async () => (await madeClips()).map(({ id }) => id)).toEqual([newer!.id])
    const film = await filmed()
    expect(film).toHaveLength(2)
    expect(film[1]).toMatchObject({ assetId: newer!.id, start: film[0]!.length })
    await page
      .locator('.toast')
      .getByText(/stays, the one with seed .* is gone/)
      .waitFor()
    await expect.poll(() => shown().innerText()).toBe('a red balloon.mp4')
    await page.keyboard.press('Control+Z')
    await expect.poll(async () => (await madeClips()).length).toBe(2)
    expect(await filmed()).toHaveLength(3)
    expect(problems).toEqual([])
  })
})
