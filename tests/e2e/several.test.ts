import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordsOf } from '../../src/shared/document/model.js'
import { browserSuite, findChromium } from '../support/chromium.js'
import { startApp } from './app.js'
import type { RunningApp } from './app.js'
import { renderMovingSquare } from './clip.js'

/** Several files at once, some of them no media, and what is in hand once there are several clips. */
describe.skipIf(findChromium() === null)(browserSuite('several clips, in the browser'), () => {
  let app: RunningApp
  let page: Page
  let folder = ''
  const messages = () => page.getByRole('region', { name: 'Messages' })

  async function choose(paths: readonly string[]): Promise<void> {
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await (await chooser).setFiles([...paths])
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lumiere-e2e-several-'))
    app = await startApp({ dataFolder: join(folder, 'data') })
    page = app.page
    await page.getByRole('textbox', { name: 'Project name' }).waitFor()
    await app.api('project.create', { folder: join(folder, 'Two clips'), name: 'Two clips' })
  })
  afterAll(async () => {
    await app.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('says which of the files are no media', async () => {
    const bad = ['notes.txt', 'fake.mp4'].map((name) => join(folder, name))
    for (const path of bad) await writeFile(path, 'no picture here')
    await choose(bad)
    await messages().getByText('notes.txt, fake.mp4').waitFor({ timeout: 20_000 })
  })

  it('keeps a message with a long name inside its box', async () => {
    const first = await renderMovingSquare(join(folder, 'a_first.mp4'))
    const long = await renderMovingSquare(join(folder, `b_${'take_3_final_'.repeat(12)}.mp4`))
    await choose([first, long])
    const message = messages().getByText(/b_take_3_final/)
    await message.waitFor({ timeout: 60_000 })
    const wide = await message.evaluate((node) => ({
      text: node.scrollWidth - node.clientWidth,
      box: node.getBoundingClientRect().right - innerWidth,
    }))
    expect(wide.text).toBeLessThanOrEqual(0)
    expect(wide.box).toBeLessThan(0)
  })

  it('edits the clip that is on screen', async () => {
    const video = recordsOf(await app.doc(), 'track').find(({ kind }) => kind === 'video')
    const [first, second] = recordsOf(await app.doc(), 'clip')
      .filter(({ trackId }) => trackId === video?.id)
      .sort((a, b) => a.start - b.start)
    const edited = async (): Promise<string[]> =>
      recordsOf(await app.doc(), 'segment').map(({ clipId }) => clipId)
    const shown = page.locator('.compare-name')
    const editInWords = page.getByRole('button', { name: /^Edit in words/ }).first()

    // The first was taken in hand as it came in.
    await page.getByRole('slider', { name: 'Playhead' }).focus()
    await page.keyboard.press('End')
    await expect.poll(() => shown.innerText()).toMatch(/^b_/)
    await editInWords.click()
    await expect.poll(edited).toEqual([second?.id])

    // Chosen on purpose while another is on screen: the picture comes to it.
    const clips = page.getByRole('list', { name: 'Clips' })
    await clips
      .getByRole('button', { name: /a_first/ })
      .first()
      .dispatchEvent('click')
    expect(await shown.innerText()).toMatch(/^b_/)
    await editInWords.click()
    await expect
      .poll(async () => (await edited()).toSorted())
      .toEqual([first?.id, second?.id].toSorted())
    await expect.poll(() => shown.innerText()).toMatch(/^a_/)
  })

  it('gives the film another size and rate, with everything at its place in time', async () => {
    const ends = async (): Promise<number[]> => {
      const { meta, records } = await app.doc()
      const clips = Object.values(records).filter((one) => one.type === 'clip')
      const seconds = (frames: number): number => (frames * meta.fps.den) / meta.fps.num
      return clips.map(({ start, length }) => seconds(start + length)).sort((a, b) => a - b)
    }
    const before = await ends()
    await page.getByRole('button', { name: '320 × 180 · 16 fps' }).click()
    const dialog = page.getByRole('dialog', { name: 'Size and rate of the film' })
    await dialog.getByLabel('Frames per second').selectOption({ label: '24' })
    await dialog.getByLabel('Size').selectOption({ label: '1280 × 720' })
    await expect
      .poll(async () => (await app.doc()).meta)
      .toMatchObject({ fps: { num: 24, den: 1 }, width: 1280, height: 720 })
    expect(await ends()).toEqual(before)
    expect(await app.complaints('[role=dialog]')).toEqual([])
    await dialog.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('button', { name: '1280 × 720 · 24 fps' }).waitFor()
  })
})
