import { access, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordsOf } from '../../src/shared/document/model.js'
import type { ProjectDoc } from '../../src/shared/document/model.js'
import { probe } from '../../src/main/ffmpeg/probe.js'
import { findFfmpeg } from '../../src/main/ffmpeg/tools.js'
import { browserSuite, findChromium } from '../support/chromium.js'
import { dragOnPicture, startApp } from './app.js'
import type { RunningApp } from './app.js'
import { renderMovingSquare } from './clip.js'

/**
 * What a person does, with a real mouse in a real browser on the built app: drop in a clip, paint,
 * remove, compare, accept, undo, redo, export; then a crash, and everything is there.
 */
describe.skipIf(findChromium() === null)(browserSuite('the story, in the browser'), () => {
  let app: RunningApp
  let page: Page
  let folder = ''
  const problems: string[] = []

  const doc = (): Promise<ProjectDoc> => app.doc()
  const button = (name: string | RegExp) => page.getByRole('button', { name })
  const SIZE = { width: 320, height: 180 }

  function watch(): void {
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (message) => {
      // Failed requests are reported below, with their address.
      const failed = message.text().startsWith('Failed to load resource')
      if (message.type() === 'error' && !failed) problems.push(message.text())
    })
    page.on('response', (response) => {
      if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`)
    })
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lumiere-e2e-clips-'))
    app = await startApp({ dataFolder: join(folder, 'data') })
    page = app.page
    watch()
  })
  afterAll(async () => {
    await app.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('opens a sample project at the first start', async () => {
    await expect
      .poll(async () => recordsOf(await doc(), 'clip').length, { timeout: 60_000 })
      .toBeGreaterThan(0)
    expect(await page.getByRole('textbox', { name: 'Project name' }).inputValue()).toBe(
      'Sample project',
    )
  })

  it('imports a dropped clip into a new project', async () => {
    const news = page.getByText('“balloon.mp4” imported')
    await news.first().waitFor()
    await app.api('project.create', { folder: join(folder, 'My Edit'), name: 'My Edit' })
    // It stays for four seconds: in less than two it can only be gone because the project is.
    await expect.poll(() => news.count(), { timeout: 1_500 }).toBe(0)
    await app.importClip(await renderMovingSquare(join(folder, 'Übung 🎬.mp4')))
    expect(recordsOf(await doc(), 'clip')).toHaveLength(2)
    expect(recordsOf(await doc(), 'asset')[0]?.name).toBe('Übung 🎬.mp4')
  })

  it('paints a mask with the brush, one undo step a stroke', async () => {
    await button(/^Remove/)
      .first()
      .click()
    await expect.poll(async () => recordsOf(await doc(), 'segment').length).toBe(1)
    await page.getByRole('radio', { name: 'Rectangle' }).click()
    await dragOnPicture(page, SIZE, [
      [136, 66],
      [184, 114],
    ])
    await page.getByRole('radio', { name: 'Brush' }).click()
    await dragOnPicture(page, SIZE, [
      [145, 90],
      [175, 90],
    ])
    const shapes = async (): Promise<string[]> =>
      Object.values(recordsOf(await doc(), 'mask')[0]?.keyframes ?? {})
        .flat()
        .map((one) => one.kind)
    await expect.poll(shapes).toEqual(['rectangle', 'stroke'])
    await page.keyboard.press('Control+z')
    await expect.poll(shapes).toEqual(['rectangle'])
    await page.keyboard.press('Control+Shift+z')
    await expect.poll(shapes).toEqual(['rectangle', 'stroke'])
  })

  it('says what it will cost, removes, and shows progress', async () => {
    await page.setViewportSize({ width: 1280, height: 720 })
    const inspector = page.getByRole('region', { name: 'Inspector' })
    await expect.poll(() => inspector.innerText()).toContain('Time')
    await inspector.getByRole('button', { name: 'Remove', exact: true }).last().click()
    await inspector.getByRole('progressbar').first().waitFor({ timeout: 20_000 })
    await expect
      .poll(async () => recordsOf(await doc(), 'take').length, { timeout: 180_000 })
      .toBe(1)
  })

  it('brings the new take into view on a small screen', async () => {
    await expect
      .poll(async () => (await app.api('jobs.list', {})).every(({ endedAt }) => endedAt !== null), {
        timeout: 60_000,
      })
      .toBe(true)
    const use = await button('Use this take').boundingBox()
    const panel = await page.getByRole('region', { name: 'Inspector' }).boundingBox()
    expect((use?.y ?? 0) + (use?.height ?? 0)).toBeLessThanOrEqual(
      (panel?.y ?? 0) + (panel?.height ?? 0),
    )
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  it('compares with the wipe, accepts, undoes and redoes', async () => {
    await button('Wipe').click()
    const accepted = async (): Promise<string | null> =>
      recordsOf(await doc(), 'segment')[0]?.acceptedTakeId ?? null
    await button('Use this take').click()
    await expect.poll(accepted).not.toBeNull()
    await page.keyboard.press('Control+z')
    await expect.poll(accepted).toBeNull()
    await page.keyboard.press('Control+Shift+z')
    await expect.poll(accepted).not.toBeNull()
  })

  it('exports an MP4 with its sound into the project folder', async () => {
    await button('Export').first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Export', exact: true }).click()
    await dialog.getByText('Export finished').waitFor({ timeout: 120_000 })
    const path = join(folder, 'My Edit', 'exports', 'My Edit.mp4')
    await access(path)
    const info = await probe(await findFfmpeg(), path)
    expect(info).toMatchObject({ frames: 32, width: 320, height: 180, videoCodec: 'h264' })
    expect(info.audio?.samples).toBeGreaterThanOrEqual(2 * (info.audio?.sampleRate ?? 0))
    await page.keyboard.press('Escape')
  })

  it('has everything after a crash, asks about it, and goes on', async () => {
    await app.api('document.dispatch', {
      mode: 'record',
      commands: [{ type: 'project.rename', name: 'Renamed just before' }],
    })
    const before = await doc()
    await app.crash()
    app = await startApp({ dataFolder: join(folder, 'data') })
    page = app.page
    watch()
    await page.getByText('Your work was recovered').waitFor()
    expect(await doc()).toEqual(before)
    await button('Keep changes').click()
    await page.getByText('Your work was recovered').waitFor({ state: 'hidden' })
    await button(/Use this take|Back to source/)
      .first()
      .waitFor()
  })

  it('ran without an error in the page', () => {
    expect(problems).toEqual([])
  })
})
