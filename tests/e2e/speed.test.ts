import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordOf, recordsOf } from '../../src/shared/document/model.js'
import type { ClipRec, ProjectDoc } from '../../src/shared/document/model.js'
import { browserSuite, findChromium } from '../support/chromium.js'
import { startApp } from './app.js'
import type { RunningApp } from './app.js'
import { renderMovingSquare } from './clip.js'

/** A clip slowed down from the inspector, and what words say about speed: in a real browser. */
describe.skipIf(findChromium() === null)(browserSuite('speed'), () => {
  let app: RunningApp
  let page: Page
  let folder = ''
  const problems: string[] = []

  const doc = (): Promise<ProjectDoc> => app.doc()
  const clips = async (): Promise<ClipRec[]> => recordsOf(await doc(), 'clip')
  const button = (name: string | RegExp) => page.getByRole('button', { name })
  /** Keeps what a person would look at, where a folder is named for it. */
  const picture = async (name: string): Promise<void> => {
    const shots = process.env['LUMIERE_SHOTS']
    if (shots !== undefined) await page.screenshot({ path: join(shots, `${name}.png`) })
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lumiere-e2e-speed-'))
    app = await startApp()
    page = app.page
    page.on('pageerror', (error) => problems.push(error.message))
  })
  afterAll(async () => {
    await app.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('imports a clip', async () => {
    await expect.poll(async () => (await clips()).length, { timeout: 60_000 }).toBeGreaterThan(0)
    await app.api('project.create', { folder: join(folder, 'Speed'), name: 'Speed' })
    await app.importClip(await renderMovingSquare(join(folder, 'clip.mp4')))
    expect(await clips()).toHaveLength(2)
  })

  it('says how long the result will be before it starts', async () => {
    await button(/^Speed/)
      .first()
      .click()
    await page.getByRole('radio', { name: '0.5×' }).click()
    await button(/^Ramp$/).click()
    await page.getByRole('slider', { name: 'At the end' }).waitFor()
    await picture('speed-ramp')
    await button(/^Ramp$/).click()
    await page.getByRole('radio', { name: '0.5×' }).click()
    await button(/^Reverse$/).click()
    const [clip] = await clips()
    await page.getByText(new RegExp(`${2 * (clip?.length ?? 0)} frames`)).waitFor()
    await page.getByText(/A new clip takes the place/).waitFor()
    await page.getByText(/First guess/).waitFor({ timeout: 20_000 })
    await picture('speed')
  })

  it('has nothing for axe to complain about', async () => {
    expect(await app.complaints()).toEqual([])
  })

  it('puts the new clip in the place of the old one, and takes it back', async () => {
    const before = await clips()
    await button('Change speed').click()
    await expect
      .poll(
        async () => (await clips()).some(({ length }) => length === 2 * (before[0]?.length ?? 0)),
        {
          timeout: 90_000,
        },
      )
      .toBe(true)
    const [made] = await clips()
    expect(recordOf(await doc(), 'asset', made?.assetId)?.made?.task).toBe('retime')
    const viewer = page.getByRole('application', { name: 'Picture' })
    await expect.poll(() => viewer.getAttribute('data-settled'), { timeout: 30_000 }).toBe('true')
    await picture('speed-done')
    await button(/^Undo/).click()
    await expect
      .poll(async () => (await clips()).map(({ id }) => id))
      .toEqual(before.map(({ id }) => id))
  })

  it('offers a stopped run again where it was started, and goes on', async () => {
    await button(/^Speed/)
      .first()
      .click()
    await page.getByRole('radio', { name: '0.25×' }).click()
    const left = async (): Promise<number | undefined> =>
      (await app.api('jobs.list', {})).find((job) => job.unfinished !== undefined)?.unfinished?.done
    const running = async (): Promise<number> => {
      const job = (await app.api('jobs.list', {})).find(({ status }) => status === 'running')
      return job?.kind === 'retime' ? job.progress.done : 0
    }
    await button('Change speed').click()
    await expect.poll(running, { timeout: 60_000, interval: 30 }).toBeGreaterThan(8)
    await button('Cancel job').first().click()
    const stopped = page.getByRole('group', { name: 'Stopped run' })
    await stopped.waitFor({ timeout: 20_000 })
    const done = (await left()) ?? 0
    expect(done).toBeGreaterThan(0)
    await picture('speed-stopped')
    // Another clip knows nothing of it; back on this one it is offered again.
    await button('Close Speed').click()
    await button(/^Speed/)
      .first()
      .click()
    await stopped.getByRole('button', { name: `Go on from frame ${done + 1}` }).click()
    const length = (await clips())[0]?.length ?? 0
    await expect
      .poll(async () => (await clips()).some((clip) => clip.length === 4 * length), {
        timeout: 120_000,
      })
      .toBe(true)
    expect(await left()).toBeUndefined()
    await button(/^Undo/).click()
    await button(/^Speed/)
      .first()
      .click()
  })

  it('shows what words say about speed as values, and carries them over', async () => {
    await button(/^Edit in words/)
      .first()
      .click()
    const prompt = page.getByRole('textbox', { name: 'What should change?' })
    await prompt.fill('warmer, half speed')
    await page.getByText(/Apply the colours and use their take first/).waitFor()
    await page.getByRole('slider', { name: 'Speed' }).focus()
    for (let n = 0; n < 12; n += 1) await page.keyboard.press('ArrowLeft')
    await picture('speed-words')
    await button('Continue in Speed').click()
    await page.getByRole('radio', { name: '0.25×', checked: true }).waitFor()
    expect(problems).toEqual([])
  })
})
