import { access, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordsOf } from '../../src/shared/document/model.js'
import type { MaskRec } from '../../src/shared/document/model.js'
import { rasteriseShapes } from '../../src/shared/mask/index.js'
import { browserSuite, findChromium } from '../support/chromium.js'
import { dragOnPicture, startApp } from './app.js'
import type { RunningApp } from './app.js'
import { renderCrossingSquare } from './clip.js'

const SIZE = { width: 320, height: 180 }

/** Track, correct, remove, compare, accept, export: with a mouse, in a browser. */
describe.skipIf(findChromium() === null)(browserSuite('tracking, in the browser'), () => {
  let app: RunningApp
  let page: Page
  let folder = ''

  const mask = async (): Promise<MaskRec> => {
    const state = await app.api('project.state', {})
    const found = state === null ? undefined : recordsOf(state.doc, 'mask')[0]
    if (found === undefined) throw new Error('There is no mask.')
    return found
  }
  /** Middle of a key frame's mask. */
  const middle = async (frame: number): Promise<{ x: number; y: number; area: number }> => {
    const data = rasteriseShapes((await mask()).keyframes[String(frame)] ?? [], SIZE, SIZE)
    let x = 0
    let y = 0
    let area = 0
    data.forEach((value, at) => {
      if (value < 128) return
      area++
      x += at % SIZE.width
      y += Math.floor(at / SIZE.width)
    })
    return { x: x / area, y: y / area, area }
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lumiere-e2e-track-'))
    app = await startApp({ dataFolder: join(folder, 'data') })
    page = app.page
    await app.api('project.create', { folder: join(folder, 'Edit'), name: 'Edit' })
    await app.importClip(await renderCrossingSquare(join(folder, 'crossing.mp4')))
    await page
      .getByRole('button', { name: /^Remove/ })
      .first()
      .click()
  })
  afterAll(async () => {
    await app.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('follows what was painted on the first frame', async () => {
    await page.getByRole('radio', { name: 'Rectangle' }).click()
    await dragOnPicture(page, SIZE, [
      [39, 69],
      [81, 111],
    ])
    // Before a removal is started that would miss all but one frame.
    const stands = page.getByText(/the mask stands still on all others/)
    await stands.waitFor()
    await page.getByRole('button', { name: 'Track forward from this frame' }).click()
    await expect
      .poll(async () => Object.keys((await mask()).tracked ?? {}).length, { timeout: 60_000 })
      .toBe(31)
    const end = await middle(31)
    expect(Math.abs(end.x - (40 + 31 * 5 + 19.5))).toBeLessThan(4)
    expect(Math.abs(end.y - 89.5)).toBeLessThan(4)
    await page.getByText('31 frames tracked.').waitFor()
    expect(await stands.count()).toBe(0)
    await page.getByRole('slider', { name: 'How sure the track is' }).waitFor()
  })

  it('goes on from a corrected frame only', async () => {
    const before = await mask()
    await page.keyboard.press('Home')
    for (let n = 0; n < 16; n++) await page.keyboard.press('ArrowRight')
    // A little more of it on the left, as if a part had been missed.
    await dragOnPicture(page, SIZE, [
      [112, 80],
      [130, 100],
    ])
    await expect.poll(async () => (await mask()).tracked?.['16']).toBeUndefined()
    await page.getByRole('button', { name: 'Track forward from this frame' }).click()
    await expect
      .poll(
        async () =>
          (await app.api('jobs.list', {})).filter(
            ({ kind, status }) => kind === 'track' && status === 'succeeded',
          ).length,
        { timeout: 60_000 },
      )
      .toBe(2)
    await page.getByText('30 frames tracked.').waitFor()
    const after = await mask()
    for (const [key, shapes] of Object.entries(before.keyframes)) {
      if (Number(key) < 16) expect(after.keyframes[key]).toEqual(shapes)
    }
    expect(after.keyframes['31']).not.toEqual(before.keyframes['31'])
    expect((await middle(31)).area).toBeGreaterThan(1600)
  })

  it('has no accessibility fault', async () => {
    expect(await app.complaints()).toEqual([])
  })

  it('shows a draft of the frame in hand before the whole is run', async () => {
    await page.getByRole('button', { name: 'Draft of this frame' }).click()
    await page.getByText('Draft: one frame').waitFor({ timeout: 60_000 })
    await page.keyboard.press('ArrowRight')
    await page.getByText('Draft: one frame').waitFor({ state: 'hidden' })
    await page.keyboard.press('ArrowLeft')
    await page.getByText('Draft: one frame').waitFor()
  })

  it('removes what was tracked, accepts and exports it', async () => {
    const inspector = page.getByRole('region', { name: 'Inspector' })
    await inspector.getByRole('button', { name: 'Remove', exact: true }).last().click()
    await page.getByRole('button', { name: 'Use this take' }).click({ timeout: 120_000 })
    await page.getByRole('button', { name: 'Wipe' }).click()
    await page.getByRole('button', { name: 'Proof of Take 1' }).click()
    // Some frames were measured as it was made; the rest when asked for.
    await page.getByText('Measured on 24 of 32 frames.').waitFor()
    await page.getByText('largest difference 0').waitFor()
    await page.getByRole('button', { name: 'Check every frame' }).click()
    await page.getByText('Measured on 24 of 32 frames.').waitFor({ state: 'detached' })
    await page.getByText('largest difference 0').waitFor({ timeout: 60_000 })
    await page.getByRole('button', { name: 'Export' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Export', exact: true }).click()
    await dialog.getByText('Export finished').waitFor({ timeout: 120_000 })
    await access(join(folder, 'Edit', 'exports', 'Edit.mp4'))
    await page.keyboard.press('Escape')
  })
})
