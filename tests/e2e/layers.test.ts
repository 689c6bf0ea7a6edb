import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { layerOrder } from '../../src/shared/document/layerOrder.js'
import { recordOf, recordsOf } from '../../src/shared/document/model.js'
import type { Id, ProjectDoc } from '../../src/shared/document/model.js'
import { staleLayers } from '../../src/shared/document/stale.js'
import { parsePrompt } from '../../src/shared/edit/parse.js'
import { toEditOperation } from '../../src/shared/edit/resolve.js'
import { browserSuite, findChromium } from '../support/chromium.js'
import { startApp } from './app.js'
import type { RunningApp } from './app.js'
import { renderMovingSquare } from './clip.js'

/** Edits that lie on each other: their order, what is out of date, and one click to make it fit again. */
describe.skipIf(findChromium() === null)(browserSuite('layers'), () => {
  let app: RunningApp
  let page: Page
  let folder = ''
  let clipId: Id = ''
  const problems: string[] = []

  const doc = (): Promise<ProjectDoc> => app.doc()
  const order = async (): Promise<Id[]> => layerOrder(await doc(), clipId).map(({ id }) => id)
  const stale = async (): Promise<Id[]> =>
    staleLayers(await doc(), clipId).map(({ segment }) => segment.id)
  const list = () => page.getByRole('list', { name: 'Edits of this clip, the uppermost first' })
  const rows = () => list().getByRole('button', { name: /^Edit ·/ })
  const button = (name: string | RegExp) => page.getByRole('button', { name })

  /** An edit of the whole clip with a take in use. */
  async function make(id: Id, prompt: string): Promise<void> {
    const clip = recordOf(await doc(), 'clip', clipId)
    const range = { from: 0, to: clip?.length ?? 0 }
    const operations = parsePrompt(prompt).operations.flatMap(
      (one) => toEditOperation(one, { ...range, fps: { num: 24, den: 1 } }) ?? [],
    )
    const params = { prompt, operations, feather: 0, seed: 7 }
    const rest = { type: 'segment', verb: 'edit', maskId: null, acceptedTakeId: null } as const
    const segment = { id, clipId, ...range, ...rest, params }
    await app.api('document.dispatch', {
      ...{ mode: 'record', commands: [{ type: 'segment.add', segment }] },
    })
    await app.api('jobs.start', { kind: 'edit', input: { segmentId: id } })
    const take = async () => recordsOf(await doc(), 'take').find((one) => one.segmentId === id)
    await expect.poll(take, { timeout: 60_000 }).toBeTruthy()
    await app.api('document.dispatch', {
      ...{ mode: 'record' },
      commands: [{ type: 'take.accept', segmentId: id, takeId: (await take())?.id ?? '' }],
    })
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lumiere-e2e-layers-'))
    app = await startApp()
    page = app.page
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('response', (response) => {
      // A preview that is still to be made is not asked for; pictures of a clip are, once, while they are made.
      const isMissing = response.status() === 404 && !/cache.asset_/.test(response.url())
      if (isMissing) problems.push(response.url())
    })
  })
  afterAll(async () => {
    await app.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('are listed from the top, none of them out of date', async () => {
    await expect
      .poll(async () => recordsOf(await doc(), 'clip').length, { timeout: 60_000 })
      .toBeGreaterThan(0)
    await app.api('project.create', { folder: join(folder, 'Layers'), name: 'Layers' })
    await app.importClip(await renderMovingSquare(join(folder, 'clip.mp4')))
    const video = recordsOf(await doc(), 'track').find(({ kind }) => kind === 'video')
    clipId = recordsOf(await doc(), 'clip').find((one) => one.trackId === video?.id)?.id ?? ''
    await make('segment_warm', 'warmer')
    await make('segment_fog', 'fog')
    await make('segment_dark', 'darker')
    await expect
      .poll(() => rows().allTextContents())
      .toEqual(['Edit · darker', 'Edit · fog', 'Edit · warmer'])
    expect(await stale()).toEqual([])
    expect(await page.getByText('Out of date').count()).toBe(0)
  }, 120_000)

  it('are moved by the keyboard, the focus stays on the button', async () => {
    await button('Bring Edit · warmer up').focus()
    await page.keyboard.press('Enter')
    await expect.poll(order).toEqual(['segment_fog', 'segment_warm', 'segment_dark'])
    await page.getByText('Edit · warmer is now 2 of 3, counted from the top').waitFor()
    await page.keyboard.press('Enter')
    await expect.poll(order).toEqual(['segment_fog', 'segment_dark', 'segment_warm'])
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Bring Edit · warmer up',
    )
    // There is nothing further up.
    await page.keyboard.press('Enter')
    expect(await order()).toEqual(['segment_fog', 'segment_dark', 'segment_warm'])
  })

  it('say in words which of them are out of date, also to a screen reader', async () => {
    await expect.poll(stale).toEqual(['segment_fog', 'segment_dark', 'segment_warm'])
    await page.getByText(/^3 edits are out of date/).waitFor()
    await list().getByRole('button', { name: 'Edit · darker Out of date' }).waitFor()
    // On the timeline too, where each is called by its words.
    const onTimeline = page.getByRole('button', {
      name: /^AI edit: Edit · (fog|darker|warmer), .* in use, out of date$/,
    })
    expect(await onTimeline.count()).toBe(3)
  })

  it('leave their names the room that a sign for it does not take', async () => {
    const row = list().getByRole('button', { name: 'Edit · darker Out of date' })
    const [whole, sign] = await Promise.all([
      row.boundingBox(),
      row.locator('.stale').boundingBox(),
    ])
    expect(sign?.width).toBeLessThan(0.12 * (whole?.width ?? 0))
    expect(await row.locator('.stale').getAttribute('title')).toMatch(/^Out of date\. /)
  })

  it.each(['dark', 'light', 'contrast'])('leave axe nothing to say, %s', async (theme) => {
    await page.evaluate((name) => {
      document.documentElement.dataset['theme'] = name
    }, theme)
    expect(await app.complaints()).toEqual([])
    if (process.env['LUMIERE_SHOTS']) {
      await page.screenshot({ path: join(process.env['LUMIERE_SHOTS'], `layers-${theme}.png`) })
    }
    await page.evaluate(() => {
      document.documentElement.dataset['theme'] = 'dark'
    })
  })

  it('are brought up to date one by one, with what they rest on', async () => {
    const [before] = (await order()).slice(2)
    await rows().filter({ hasText: 'darker' }).click()
    await page.getByRole('button', { name: 'Update', exact: true }).click()
    await expect.poll(stale, { timeout: 60_000 }).toEqual([before])
    await page.getByText(/^One edit is out of date/).waitFor()
    const takes = recordsOf(await doc(), 'take')
    expect(takes.filter((one) => one.segmentId === 'segment_warm')).toHaveLength(1)
    expect(takes.filter((one) => one.segmentId === 'segment_dark')).toHaveLength(2)
  })

  it('are all brought up to date, and only what changed is made again', async () => {
    const count = async (): Promise<number> => recordsOf(await doc(), 'take').length
    const made = await count()
    await button('Update all').click()
    await expect.poll(stale, { timeout: 60_000 }).toEqual([])
    expect(await count()).toBe(made + 1)
    await expect.poll(() => page.getByText(/out of date/).count()).toBe(0)
  })

  it('are dragged to another place; a way back is found without computing', async () => {
    const made = recordsOf(await doc(), 'take').length
    await rows()
      .filter({ hasText: 'warmer' })
      .dragTo(rows().filter({ hasText: 'fog' }))
    await expect.poll(order).toEqual(['segment_warm', 'segment_fog', 'segment_dark'])
    await button('Update all').click()
    await expect.poll(stale, { timeout: 60_000 }).toEqual([])
    expect(recordsOf(await doc(), 'take')).toHaveLength(made)
  })

  it('go back by undo, the order too', async () => {
    for (let n = 0; n < 4; n += 1) await app.api('document.undo', {})
    expect(await order()).toEqual(['segment_fog', 'segment_dark', 'segment_warm'])
    expect(await stale()).toEqual([])
    expect(problems).toEqual([])
  })
})
