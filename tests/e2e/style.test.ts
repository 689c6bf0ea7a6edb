import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { encode } from 'fast-png'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordsOf } from '../../src/shared/document/model.js'
import type { ProjectDoc, StyliseSegmentRec } from '../../src/shared/document/model.js'
import { probe } from '../../src/main/ffmpeg/probe.js'
import { findFfmpeg } from '../../src/main/ffmpeg/tools.js'
import { browserSuite, findChromium } from '../support/chromium.js'
import { startApp } from './app.js'
import type { RunningApp } from './app.js'
import { renderMovingSquare } from './clip.js'

/** A picture to paint by, a take, an export: in a real browser. */
describe.skipIf(findChromium() === null)(browserSuite('a style from a picture'), () => {
  let app: RunningApp
  let page: Page
  let folder = ''
  const problems: string[] = []

  const doc = (): Promise<ProjectDoc> => app.doc()
  const style = async (): Promise<StyliseSegmentRec | undefined> =>
    recordsOf(await doc(), 'segment').find((one) => one.verb === 'stylise')
  const button = (name: string | RegExp) => page.getByRole('button', { name })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lumiere-e2e-style-'))
    app = await startApp()
    page = app.page
    page.on('pageerror', (error) => problems.push(error.message))
  })
  afterAll(async () => {
    await app.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('imports a clip', async () => {
    await expect
      .poll(async () => recordsOf(await doc(), 'clip').length, { timeout: 60_000 })
      .toBeGreaterThan(0)
    await app.api('packs.install', { path: resolve('tests/fixtures/packs/tiny-style') })
    await app.api('project.create', { folder: join(folder, 'Style'), name: 'Style' })
    await app.importClip(await renderMovingSquare(join(folder, 'clip.mp4')))
    expect(recordsOf(await doc(), 'clip')).toHaveLength(2)
  })

  it('offers the pictures that come with the app, in two clicks', async () => {
    await button(/^Style Paint/)
      .first()
      .click()
    expect(await button(/^Paint$/).isDisabled()).toBe(true)
    const oil = page.getByRole('radio', { name: 'Oil' })
    await oil.click()
    await expect
      .poll(async () => (await style())?.params.style)
      .toEqual({ name: 'oil', path: 'styles/lumiere-oil.png' })
    await expect.poll(() => oil.getAttribute('aria-checked')).toBe('true')
    const shown = await page
      .locator('.style-swatch img')
      .evaluateAll((all) => all.filter((one) => (one as HTMLImageElement).naturalWidth > 0).length)
    expect(shown).toBe(8)
  })

  it('takes a picture of one’s own, chosen or dropped, and says what is wrong with a bad one', async () => {
    const side = 64
    const data = Uint8Array.from({ length: side * side * 3 }, (_, n) => (n * 31) % 211)
    const png = encode({ width: side, height: side, channels: 3, data })
    await writeFile(join(folder, 'My poster.png'), png)
    const chooser = page.waitForEvent('filechooser')
    await button('Add your own picture…').click()
    await (await chooser).setFiles(join(folder, 'My poster.png'))
    await expect.poll(async () => (await style())?.params.style?.name).toBe('My poster')
    await page.getByRole('radio', { name: 'My poster' }).waitFor()

    await page.evaluate(
      (bytes) => {
        const transfer = new DataTransfer()
        transfer.items.add(new File([new Uint8Array(bytes)], 'dropped.png', { type: 'image/png' }))
        document
          .querySelector('.style-drop')
          ?.dispatchEvent(
            new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }),
          )
      },
      [...png],
    )
    await expect.poll(async () => (await style())?.params.style?.name).toBe('dropped')
    // It was no import.
    expect(recordsOf(await doc(), 'asset')).toHaveLength(1)

    await writeFile(join(folder, 'bad.png'), 'This is no picture.')
    const again = page.waitForEvent('filechooser')
    await button('Add your own picture…').click()
    await (await again).setFiles(join(folder, 'bad.png'))
    await page
      .getByRole('region', { name: 'Messages' })
      .getByText(/not a video or picture|cannot be read|not supported|cannot be used/i)
      .first()
      .waitFor()
    expect((await style())?.params.style?.name).toBe('dropped')
  })

  it('keeps the settings in the document, one undo for a drag', async () => {
    const slider = page.getByRole('slider', { name: 'Strength' })
    await slider.focus()
    for (let n = 0; n < 4; n += 1) await page.keyboard.press('ArrowLeft')
    await expect.poll(async () => (await style())?.params.strength).toBeCloseTo(0.65, 5)
    await page.getByRole('radio', { name: 'Broad' }).click()
    await page.getByRole('switch', { name: 'Keep the clip’s colours' }).click()
    await expect.poll(async () => (await style())?.params.keepColours).toBe(true)
    expect((await style())?.params.strokes).toBe('broad')
    await page.keyboard.press('Control+z')
    await expect.poll(async () => (await style())?.params.keepColours).toBe(false)
  })

  it('saves the frame in view to be painted over, and asks before it replaces one', async () => {
    await page.getByRole('radio', { name: 'Key frames' }).click()
    await page.keyboard.press('Home')
    const messages = page.getByRole('region', { name: 'Messages' })
    await button('Save this frame…').click()
    await messages.getByText(/Frame written to .*frame 0\.png/).waitFor()
    const file = join(folder, 'Style', 'exports', 'frame 0.png')
    expect(await probe(await findFfmpeg(), file)).toMatchObject({ width: 320, height: 180 })
    await writeFile(file, 'painted in the meantime')
    await button('Save this frame…').click()
    await button('Keep it').click()
    await page.getByRole('alertdialog').waitFor({ state: 'hidden' })
    expect(await readFile(file, 'utf8')).toBe('painted in the meantime')
    await button('Save this frame…').click()
    // Asked for by its dialog: before that opens, the name is that of the verb.
    await page.getByRole('alertdialog').getByRole('button', { name: 'Replace' }).click()
    await expect.poll(async () => (await readFile(file)).subarray(1, 4).toString()).toBe('PNG')
  })

  it('carries frames painted by hand, added by a file’s name', async () => {
    await page.getByRole('radio', { name: 'Hand only' }).click()
    // Nothing but painted frames is needed now.
    await page.getByRole('radio', { name: 'Oil' }).waitFor({ state: 'detached' })
    expect(await button(/^Paint$/).isDisabled()).toBe(true)
    const size = { width: 640, height: 360, channels: 4 } as const
    const data = Uint8Array.from({ length: 640 * 360 * 4 }, (_, n) => [220, 90, 40, 255][n % 4]!)
    await writeFile(join(folder, 'painting 12.png'), encode({ ...size, data }))
    const chooser = page.waitForEvent('filechooser')
    await button('Add a painted frame…').click()
    await (await chooser).setFiles(join(folder, 'painting 12.png'))
    const painted = async () => (await style())?.params.painted ?? []
    await expect.poll(async () => (await painted()).map(({ frame }) => frame)).toEqual([12])
    await page
      .getByRole('region', { name: 'Messages' })
      .getByText(/scaled from 640 × 360/)
      .first()
      .waitFor()
    const row = button(/^Go to the painted frame at/)
    await expect
      .poll(() => row.locator('img').evaluate((one) => (one as HTMLImageElement).naturalWidth))
      .toBe(320)
    await row.click()
    expect(await button(/^Paint$/).isDisabled()).toBe(false)
    if (process.env['LUMIERE_SHOTS'] !== undefined) {
      await page.screenshot({ path: join(process.env['LUMIERE_SHOTS'], 'keyframes.png') })
    }
    await page.getByRole('radio', { name: 'Network' }).click()
    await page.getByRole('slider', { name: 'A key frame every' }).waitFor()
  })

  it.each(['dark', 'light', 'contrast'])(
    'has nothing for axe to complain about, %s',
    async (theme) => {
      await page.evaluate((name) => {
        document.documentElement.dataset['theme'] = name
      }, theme)
      // Asked again while colours are still on their way to those of the theme.
      await expect.poll(() => app.complaints(), { timeout: 10_000 }).toEqual([])
    },
  )

  it('makes a take, uses it, and exports it', async () => {
    await button(/^Paint$/).click()
    // By key frames: one painted by hand, the others by the network.
    expect((await style())?.params).toMatchObject({ mode: 'keyframe', keyBy: 'network' })
    await expect
      .poll(async () => recordsOf(await doc(), 'take').length, { timeout: 180_000 })
      .toBe(1)
    const viewer = page.getByRole('application', { name: 'Picture' })
    await expect.poll(() => viewer.getAttribute('data-settled'), { timeout: 20_000 }).toBe('true')
    await button(/^Use/).first().click()
    await expect.poll(async () => (await style())?.acceptedTakeId).not.toBeNull()
    const path = join(folder, 'out.mkv')
    await app.api('jobs.start', {
      kind: 'export',
      input: { preset: 'ffv1', path, overwrite: false },
    })
    const done = async (): Promise<string | undefined> =>
      (await app.api('jobs.list', {})).find((job) => job.kind === 'export')?.status
    await expect.poll(done, { timeout: 60_000 }).toBe('succeeded')
    expect((await probe(await findFfmpeg(), path)).frames).toBeGreaterThan(0)
    expect(problems).toEqual([])
  })
})
