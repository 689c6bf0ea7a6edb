import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordsOf } from '../../src/shared/document/model.js'
import type { ProjectDoc, TakeRec } from '../../src/shared/document/model.js'
import { renderCase } from '../quality/pans.js'
import { browserSuite, findChromium } from '../support/chromium.js'
import { dragOnPicture, startApp } from './app.js'
import type { RunningApp } from './app.js'
import { encodeFrames } from './clip.js'

const SIZE = { width: 224, height: 126 }
const FRAMES = 16

/** A scene in which nothing holds still: what other frames show of the hole cannot be vouched for. */
describe.skipIf(findChromium() === null)(browserSuite('a doubted removal, in the browser'), () => {
  let app: RunningApp
  let page: Page
  let folder = ''

  const doc = async (): Promise<ProjectDoc> => {
    const state = await app.api('project.state', {})
    if (state === null) throw new Error('No project is open.')
    return state.doc
  }
  const takes = async (): Promise<TakeRec[]> =>
    recordsOf(await doc(), 'take').sort((a, b) => a.createdAt.localeCompare(b.createdAt))
  const suggestion = () => page.getByRole('group', { name: 'Parts are soft: it was not sure' })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lumiere-e2e-doubt-'))
    const viewport = { width: 1280, height: 720 }
    app = await startApp({ dataFolder: join(folder, 'data'), viewport })
    page = app.page
    await app.api('project.create', { folder: join(folder, 'Edit'), name: 'Edit' })
    const clip = renderCase('boiling', SIZE, FRAMES)
    await app.importClip(await encodeFrames(join(folder, 'boiling.mp4'), clip))
    await page
      .getByRole('button', { name: /^Remove/ })
      .first()
      .click()
  })
  afterAll(async () => {
    await app.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('says that it is soft, and why', async () => {
    await page.getByRole('radio', { name: 'Ellipse' }).click()
    await dragOnPicture(page, SIZE, [
      [30, 40],
      [70, 85],
    ])
    await page.keyboard.press('End')
    await dragOnPicture(page, SIZE, [
      [150, 40],
      [190, 85],
    ])
    await page.getByRole('radio', { name: 'Interpolate' }).click()
    await page.getByRole('button', { name: 'Remove', exact: true }).last().click()
    await suggestion().waitFor({ timeout: 180_000 })
    const picture = process.env['LUMIERE_SHOTS']
    if (picture !== undefined) await page.screenshot({ path: join(picture, 'doubt.png') })
    expect(await app.complaints('[aria-label="Parts are soft: it was not sure"]')).toEqual([])
    expect((await takes()).map(({ confidence }) => confidence < 0.6)).toEqual([true])
  })

  it('keeps the way to use the take in view beside it, on a small screen too', async () => {
    const panel = (await page.getByRole('region', { name: 'Inspector' }).boundingBox())!
    for (const name of ['Use this take', 'Show it as found']) {
      const place = (await page.getByRole('button', { name }).boundingBox())!
      expect(place.y, name).toBeGreaterThanOrEqual(panel.y)
      expect(place.y + place.height, name).toBeLessThanOrEqual(panel.y + panel.height)
    }
  })

  it('goes to the frame that is clicked in the strip of how sure it is', async () => {
    const timeline = (await page
      .getByRole('group', { name: 'Timeline' })
      .locator('canvas')
      .first()
      .boundingBox())!
    const ruler = 28
    await page.mouse.click(timeline.x + timeline.width * 0.25, timeline.y + ruler + 4 + 92 - 5)
    const at = await page.locator('.timecode').first().innerText()
    await page.mouse.click(timeline.x + timeline.width * 0.6, timeline.y + ruler + 4 + 92 - 5)
    await expect.poll(() => page.locator('.timecode').first().innerText()).not.toBe(at)
  })

  it('shows it as found in one click, and then has nothing more to offer', async () => {
    await suggestion().getByRole('button', { name: 'Show it as found' }).click()
    await expect.poll(async () => (await takes()).length, { timeout: 180_000 }).toBe(2)
    const [segment] = recordsOf(await doc(), 'segment')
    expect(segment?.params).toMatchObject({ doubtful: 'found' })
    const newest = (await takes())[1]!
    const recipe = JSON.parse(
      await readFile(join(folder, 'Edit', newest.path, 'recipe.json'), 'utf8'),
    ) as { params: unknown }
    expect(recipe.params).toMatchObject({ doubtful: 'found' })
    expect(newest.confidence).toBeLessThan(0.6)
    const card = page.getByRole('listitem').filter({ hasText: newest.name })
    await card.getByRole('button', { name: 'Stop looking', pressed: true }).waitFor()
    expect(await suggestion().count()).toBe(0)
  })

  it('keeps the choice among the settings', async () => {
    await page.getByText('Fine-tuning').click()
    const choice = page.getByRole('radiogroup', { name: 'Where it is not sure' })
    await choice.getByRole('radio', { name: 'Soften' }).click()
    await expect
      .poll(async () => recordsOf(await doc(), 'segment')[0]?.params)
      .toMatchObject({ doubtful: 'soft' })
    const picture = process.env['LUMIERE_SHOTS']
    if (picture !== undefined) await page.screenshot({ path: join(picture, 'doubt2.png') })
  })
})
