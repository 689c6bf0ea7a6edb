import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { balloonAt } from '../../src/main/core/media/sample/balloon.js'
import { SAMPLE } from '../../src/main/core/media/sample.js'
import type { Job } from '../../src/shared/contract/job.js'
import { recordsOf } from '../../src/shared/document/model.js'
import type { TakeRec } from '../../src/shared/document/model.js'
import { browserSuite, findChromium } from '../support/chromium.js'
import { dragOnPicture, startApp } from './app.js'
import type { RunningApp } from './app.js'

const FRAMES = 22

/** A removal that is cancelled, kept in part, gone on with, killed, and gone on with again. */
describe.skipIf(findChromium() === null)(browserSuite('a removal that is stopped'), () => {
  let app: RunningApp
  let page: Page
  let dataFolder = ''
  beforeAll(async () => {
    // Short windows: a short clip has several then.
    process.env['LUMIERE_FRAME_MEMORY_MB'] = '1'
    app = await startApp()
    ;({ page, dataFolder } = app)
  })
  afterAll(async () => {
    delete process.env['LUMIERE_FRAME_MEMORY_MB']
    await app.close()
    await rm(dataFolder, { recursive: true, force: true })
  })

  const inspector = () => page.getByRole('region', { name: 'Inspector' })
  const stopped = () => inspector().getByRole('group', { name: 'Stopped run' })
  const takes = async (): Promise<TakeRec[]> => {
    const state = await app.api('project.state', {})
    return state === null ? [] : recordsOf(state.doc, 'take')
  }
  const removal = async (): Promise<Job | undefined> =>
    (await app.api('jobs.list', {})).findLast((job) => job.kind === 'remove')
  async function untilFilled(count: number): Promise<void> {
    await expect
      .poll(
        async () => {
          const job = await removal()
          return job?.progress.phase === 'filling' ? job.progress.done : 0
        },
        { timeout: 200_000, interval: 50 },
      )
      .toBeGreaterThanOrEqual(count)
  }
  async function restart(): Promise<void> {
    await app.crash()
    app = await startApp({ dataFolder })
    page = app.page
    await page
      .getByRole('button', { name: /^Remove/ })
      .first()
      .waitFor()
  }

  it('says what is finished when it is cancelled', async () => {
    await expect
      .poll(async () => recordsOf((await app.api('project.state', {}))!.doc, 'clip').length, {
        timeout: 60_000,
      })
      .toBe(2)
    await page
      .getByRole('button', { name: /^Remove/ })
      .first()
      .click()
    await page.getByRole('radio', { name: 'Ellipse' }).click()
    const { x, y, radius } = balloonAt(0, SAMPLE.frames / SAMPLE.fps.num).around
    await dragOnPicture(page, SAMPLE, [
      [x - radius, y - radius],
      [x + radius, y + radius],
    ])
    const segment = (): Promise<{ id: string } | undefined> =>
      app.api('project.state', {}).then((state) => recordsOf(state!.doc, 'segment')[0])
    await expect.poll(segment).toBeDefined()
    await app.api('document.dispatch', {
      mode: 'record',
      commands: [{ type: 'segment.update', id: (await segment())!.id, changes: { to: FRAMES } }],
    })
    await inspector().getByRole('button', { name: 'Remove', exact: true }).last().click()
    await untilFilled(8)
    await inspector().getByRole('button', { name: 'Cancel job' }).click()
    await stopped().waitFor({ timeout: 10_000 })
    const { unfinished } = (await removal())!
    expect(unfinished?.done).toBeGreaterThan(0)
    await stopped().getByText(`Stopped after ${unfinished!.done} of ${FRAMES} frames`).waitFor()
  })

  it('keeps the finished frames as a take that says how far it goes', async () => {
    const { done } = (await removal())!.unfinished!
    await stopped()
      .getByRole('button', { name: `Keep the ${done} finished frames` })
      .click()
    await expect.poll(takes, { timeout: 60_000 }).toMatchObject([{ from: 0, to: done }])
    await inspector().getByText(`Only frames 1 to ${done} of ${FRAMES}`).waitFor()
    await stopped().getByText('Kept as Take 1').waitFor()
    await inspector().getByRole('button', { name: 'Stop looking', pressed: true }).click()
  })

  it('says so when the mask has changed since, and not once that is undone', async () => {
    const goOn = inspector().getByRole('button', { name: /^Go on from frame/ })
    await goOn.waitFor()
    await dragOnPicture(page, SAMPLE, [
      [20, 20],
      [60, 60],
    ])
    await stopped().getByText('have changed since').waitFor()
    expect(await goOn.count()).toBe(0)
    await page.keyboard.press('Control+z')
    await goOn.waitFor()
  })

  it('goes on later, also when the app is killed halfway', async () => {
    const { done } = (await removal())!.unfinished!
    await restart()
    await page.getByRole('button', { name: /^Jobs/ }).click()
    await page.getByText('Stopped', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Go on', exact: true }).click()
    await untilFilled(done + 4)
    await restart()
    const banner = page.locator('.banner', { hasText: 'when the app closed' })
    const reached = (await removal())!.unfinished!.done
    expect(reached).toBeGreaterThanOrEqual(done)
    await banner.getByRole('button', { name: `Go on from frame ${reached + 1}` }).click()
    await expect.poll(async () => (await takes()).length, { timeout: 200_000 }).toBe(2)
    expect((await takes()).map(({ from, to }) => [from, to]).sort()).toContainEqual([0, FRAMES])
    // The take is there a moment before its job says so.
    await expect.poll(async () => (await removal())?.status).toBe('succeeded')
    expect(await banner.count()).toBe(0)
    expect(await stopped().count()).toBe(0)
  }, 480_000)

  it('discards what is finished, after asking', async () => {
    await inspector().getByRole('button', { name: 'Remove again' }).click()
    await untilFilled(2)
    await inspector().getByRole('button', { name: 'Cancel job' }).click()
    await stopped().getByRole('button', { name: 'Discard' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Discard' }).click()
    await expect.poll(() => stopped().count()).toBe(0)
    const left = async (): Promise<number> =>
      (await app.api('jobs.list', {})).filter((job) => job.unfinished !== undefined).length
    await expect.poll(left).toBe(0)
    await inspector().getByRole('button', { name: 'Remove again' }).waitFor()
  })
})
