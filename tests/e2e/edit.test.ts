import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'fast-png'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordsOf } from '../../src/shared/document/model.js'
import type { EditSegmentRec, ProjectDoc } from '../../src/shared/document/model.js'
import { probe } from '../../src/main/ffmpeg/probe.js'
import { findFfmpeg } from '../../src/main/ffmpeg/tools.js'
import { browserSuite, findChromium } from '../support/chromium.js'
import { dragOnPicture, startApp } from './app.js'
import type { RunningApp } from './app.js'
import { renderMovingSquare } from './clip.js'

/** Words, sliders, the picture under the playhead, a take, an export: in a real browser. */
describe.skipIf(findChromium() === null)(browserSuite('an edit in words'), () => {
  let app: RunningApp
  let page: Page
  let folder = ''
  const problems: string[] = []

  const doc = (): Promise<ProjectDoc> => app.doc()
  const edit = async (): Promise<EditSegmentRec | undefined> =>
    recordsOf(await doc(), 'segment').find((one) => one.verb === 'edit')
  const kinds = async (): Promise<string[]> =>
    (await edit())?.params.operations.map(({ kind }) => kind) ?? []
  const button = (name: string | RegExp) => page.getByRole('button', { name })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lumiere-e2e-edit-'))
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
    await app.api('project.create', { folder: join(folder, 'Edit'), name: 'Edit' })
    await app.importClip(await renderMovingSquare(join(folder, 'clip.mp4')))
    expect(recordsOf(await doc(), 'clip')).toHaveLength(2)
  })

  it('shows what the words mean before anything runs, and proposes for those it does not know', async () => {
    await button(/^Edit in words/)
      .first()
      .click()
    const prompt = page.getByRole('textbox', { name: 'What should change?' })
    await prompt.fill('gorp flib')
    await page.getByText(/Nothing understood yet/).waitFor()
    await expect.poll(kinds).toEqual([])
    expect(await button('Apply').isDisabled()).toBe(true)
    await prompt.fill('warmr, a strong vignette, no grain')
    await expect.poll(kinds).toEqual(['vignette'])
    await button('Replace by “warmer”').click()
    await expect.poll(kinds).toEqual(['temperature', 'vignette'])
    await page.getByText('Left as it is: Film grain.').waitFor()
  })

  it('shows fades, tones and exceptions as sliders with what they are about', async () => {
    const prompt = page.getByRole('textbox', { name: 'What should change?' })
    await prompt.fill('ombre blu, black and white except the red, fade to black')
    await expect.poll(kinds).toEqual(['tone', 'monochrome', 'fade-out'])
    await page.getByRole('slider', { name: 'Colour of shadows' }).waitFor()
    await page.getByRole('slider', { name: 'Fade out' }).waitFor()
    await page.getByText('everywhere except').waitFor()
    await page.getByText('changes over time').waitFor()
    expect(await page.locator('.edit-unknown').count()).toBe(0)
  })

  it('asks for a thing that is left out to be painted, and changes all outside of it', async () => {
    const prompt = page.getByRole('textbox', { name: 'What should change?' })
    const words = await prompt.inputValue()
    await prompt.fill('everything except the car darker')
    await page.getByText(/Paint “car” first: then everything else is changed/).waitFor()
    await expect.poll(kinds).toEqual(['exposure'])
    expect(await button('Apply').isDisabled()).toBe(true)
    await button('Paint over it').click()
    await page.getByText(/what lies outside of the mask; “car” stays as it is/).waitFor()
    expect(await button('Apply').isDisabled()).toBe(false)
    await page.keyboard.press('ControlOrMeta+z')
    await page.getByText(/Paint “car” first/).waitFor()
    await prompt.fill(words)
    await page.getByText(/Paint “car” first/).waitFor({ state: 'detached' })
  })

  it('says that clips have no transitions, and offers what comes near', async () => {
    const prompt = page.getByRole('textbox', { name: 'What should change?' })
    const words = await prompt.inputValue()
    await prompt.fill('crossfade to the next clip')
    await page.getByText(/the timeline has no transitions between two/).waitFor()
    await prompt.fill('add a fade')
    await page.getByText(/“fade”: in or out\?/).waitFor()
    await button('Replace by “fade out”').click()
    await expect.poll(kinds).toEqual(['fade-out'])
    await prompt.fill(words)
  })

  it('says what happens to words about speed', async () => {
    const prompt = page.getByRole('textbox', { name: 'What should change?' })
    await prompt.fill('warmer, a strong vignette, slow motion')
    await page.getByText(/Speed is changed in a step of its own/).waitFor()
    await page.getByText(/Apply the colours and use their take first/).waitFor()
    await prompt.fill('warmer, a strong vignette')
    await expect.poll(async () => (await edit())?.params.prompt).toBe('warmer, a strong vignette')
  })

  it('shows the edit on the picture, and follows the sliders', async () => {
    const viewer = page.getByRole('application', { name: 'Picture' })
    await expect.poll(() => viewer.getAttribute('data-preview'), { timeout: 20_000 }).not.toBeNull()
    const slider = page.getByRole('slider', { name: 'Temperature' })
    await slider.focus()
    for (let n = 0; n < 10; n += 1) await page.keyboard.press('ArrowRight')
    await expect
      .poll(async () => (await edit())?.params.operations[0]?.keys[0]?.value)
      .toBeCloseTo(0.6, 5)
  })

  it('adds the colours of a picture, which stay when the words change', async () => {
    const side = 32
    const data = Uint8Array.from({ length: side * side * 3 }, (_, n) => 60 + ((n * 7) % 150))
    const picture = join(folder, 'ramp.png')
    await writeFile(picture, encode({ width: side, height: side, channels: 3, data }))
    const chooser = page.waitForEvent('filechooser')
    await button('Match a picture…').click()
    await (await chooser).setFiles(picture)
    await expect.poll(kinds, { timeout: 20_000 }).toEqual(['match', 'temperature', 'vignette'])
    const slider = page.getByRole('slider', { name: 'Colours of a picture' })
    expect(await slider.getAttribute('aria-valuenow')).toBe('80')
    const byLight = page.getByRole('switch', { name: /^By light: shadows, midtones, highlights/ })
    expect(await byLight.isChecked()).toBe(false)
    // Its long name takes no room from it.
    expect((await byLight.boundingBox())?.width).toBe(30)
    await byLight.click()
    const matched = async () =>
      (await edit())?.params.operations.find((one) => one.kind === 'match')
    await expect.poll(async () => (await matched())?.byLight).toBe(true)
    expect((await matched())?.map.zones).toHaveLength(3)
    const prompt = page.getByRole('textbox', { name: 'What should change?' })
    await prompt.fill('warmer')
    await expect.poll(kinds).toEqual(['match', 'temperature'])
    expect(await byLight.isChecked()).toBe(true)
    await prompt.fill('warmer, a strong vignette')
    await expect.poll(kinds).toEqual(['match', 'temperature', 'vignette'])
  })

  it.each(['dark', 'light', 'contrast'])(
    'has nothing for axe to complain about, %s',
    async (theme) => {
      await page.evaluate((name) => {
        document.documentElement.dataset['theme'] = name
      }, theme)
      expect(await app.complaints()).toEqual([])
    },
  )

  it('says that a mask painted on one frame stands still, and lets it follow in one click', async () => {
    const prompt = page.getByRole('textbox', { name: 'What should change?' })
    await prompt.fill('make the square blue')
    await button('Paint over it').click()
    await page.getByRole('radio', { name: 'Rectangle' }).click()
    // Looked for in every picture from now on: on a quiet computer it is there for less than a glance.
    const measuring = page.waitForFunction(
      () => document.body.textContent.includes('Measuring the colours'),
      undefined,
      { polling: 'raf' },
    )
    await dragOnPicture(page, { width: 320, height: 180 }, [
      [142, 72],
      [178, 108],
    ])
    await page.getByText(/the mask stands still on all others/).waitFor()
    // The colours that it paints over are measured, and the preview is made anew with them.
    await measuring
    await page.getByText(/Measuring the colours/).waitFor({ state: 'detached', timeout: 30_000 })
    await page.keyboard.press('End')
    await button('Follow it through the clip').click()
    const tracked = async (): Promise<number> => {
      const masks = recordsOf(await doc(), 'mask')
      return Object.keys(masks.at(-1)?.tracked ?? {}).length
    }
    await expect.poll(tracked, { timeout: 60_000 }).toBe(31)
    await expect.poll(() => page.getByText(/the mask stands still/).count()).toBe(0)
    await page.keyboard.press('Control+z')
    await expect.poll(tracked).toBe(0)
    await prompt.fill('warmer, a strong vignette')
    await page.getByRole('radio', { name: 'Whole frame' }).click()
    await expect.poll(async () => (await edit())?.maskId).toBeNull()
  })

  it('makes a take, uses it, and exports it', async () => {
    await button('Apply').click()
    await expect
      .poll(async () => recordsOf(await doc(), 'take').length, { timeout: 120_000 })
      .toBe(1)
    const viewer = page.getByRole('application', { name: 'Picture' })
    await expect.poll(() => viewer.getAttribute('data-settled'), { timeout: 20_000 }).toBe('true')
    expect(await page.getByText('The preview cannot be read.').count()).toBe(0)
    await button(/^Use/).first().click()
    await expect.poll(async () => (await edit())?.acceptedTakeId).not.toBeNull()
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
