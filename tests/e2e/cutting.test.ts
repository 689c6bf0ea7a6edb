import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { recordsOf } from '../../src/shared/document/model.js'
import type { ProjectDoc } from '../../src/shared/document/model.js'
import { browserSuite, findChromium } from '../support/chromium.js'
import { startApp } from './app.js'
import type { RunningApp } from './app.js'

/** Cutting on the timeline with real keys and a real mouse: split, ripple, the ends of edit and range. */
describe.skipIf(findChromium() === null)(browserSuite('cutting on the timeline'), () => {
  let app: RunningApp
  let page: Page
  beforeAll(async () => {
    app = await startApp()
    page = app.page
  })
  afterAll(() => app.close())

  const doc = (): Promise<ProjectDoc> => app.doc()
  const clips = async (): Promise<string[]> =>
    recordsOf(await doc(), 'clip')
      .map(({ start, in: first, length }) => `${start}: ${first}+${length}`)
      .sort()
  const steps = async (): Promise<number> =>
    (await app.api('project.state', {}))?.history.entries.length ?? 0

  /** A place on the canvas: `share` of the sample clip, which fits the timeline, and pixels from the top. */
  async function place(share: number, y: number): Promise<{ x: number; y: number }> {
    const box = await page.locator('.timeline-canvas').boundingBox()
    if (box === null) throw new Error('The timeline is not there.')
    // As layout.ts has it: 10 px before the first frame, 24 px behind the last.
    return { x: box.x + 10 + share * (box.width - 34), y: box.y + y }
  }
  async function drag(
    from: { x: number; y: number },
    to: { x: number; y: number },
    end: 'drop' | 'Escape' = 'drop',
  ): Promise<void> {
    await page.keyboard.down('Alt')
    await page.mouse.move(from.x, from.y)
    await page.mouse.down()
    await page.mouse.move(to.x, to.y, { steps: 6 })
    if (end === 'Escape') await page.keyboard.press('Escape')
    await page.mouse.up()
    await page.keyboard.up('Alt')
  }

  it('splits picture and sound at the playhead, in one step', async () => {
    await expect.poll(async () => (await clips()).length, { timeout: 60_000 }).toBe(2)
    // Core has the clips before the page does, and on an empty timeline the playhead does not move.
    await page.getByRole('button', { name: /^V1 .*00:00:00:00/ }).waitFor({ state: 'attached' })
    await page.getByRole('slider', { name: 'Playhead' }).focus()
    await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.press('Control+k')
    const cut = ['0: 0+48', '0: 0+48', '48: 48+96', '48: 48+96']
    await expect.poll(clips).toEqual(cut)
    await page.keyboard.press('Control+z')
    await expect.poll(clips).toEqual(['0: 0+144', '0: 0+144'])
    await page.keyboard.press('Control+Shift+z')
    await expect.poll(clips).toEqual(cut)
  })

  it('plays on Space after a click on a button, whatever keys came between', async () => {
    const before = await clips()
    await page.getByRole('slider', { name: 'Playhead' }).focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('Shift+ArrowRight')
    await page.getByRole('button', { name: 'Split at the playhead' }).click()
    await expect.poll(async () => (await clips()).length).toBe(6)
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Space')
    await page.getByRole('button', { name: 'Pause', exact: true }).waitFor({ timeout: 5_000 })
    await page.keyboard.press('Space')
    expect(await clips()).toHaveLength(6)
    await page.keyboard.press('Control+z')
    await expect.poll(clips).toEqual(before)

    // Reached by keyboard, it is pressed.
    await page.getByRole('button', { name: 'One frame forward' }).focus()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Shift+Tab')
    const at = page.getByRole('slider', { name: 'Playhead' })
    const frame = await at.getAttribute('aria-valuenow')
    await page.keyboard.press('Space')
    await expect.poll(() => at.getAttribute('aria-valuenow')).not.toBe(frame)
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor({ timeout: 1_000 })
  })

  it('deletes the first part and closes the gap', async () => {
    // The list behind the canvas is for the keyboard: nothing to click at.
    await page.getByRole('button', { name: /^V1 .*00:00:00:00/ }).focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Shift+Delete')
    await expect.poll(clips).toEqual(['0: 48+96', '0: 48+96'])
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+z')
    await expect.poll(clips).toEqual(['0: 0+144', '0: 0+144'])
  })

  it('trims picture and sound to the playhead, each in one step', async () => {
    const whole = ['0: 0+144', '0: 0+144']
    const goTo48 = async (): Promise<void> => {
      await page.getByRole('slider', { name: 'Playhead' }).focus()
      await page.keyboard.press('Home')
      await page.keyboard.press('Shift+ArrowRight')
      await page.keyboard.press('Shift+ArrowRight')
    }
    await goTo48()
    await page.keyboard.press('q')
    await expect.poll(clips).toEqual(['0: 48+96', '0: 48+96'])
    await page.keyboard.press('Control+z')
    await expect.poll(clips).toEqual(whole)
    await goTo48()
    await page.keyboard.press('w')
    await expect.poll(clips).toEqual(['0: 0+48', '0: 0+48'])
    await page.keyboard.press('Control+z')
    await expect.poll(clips).toEqual(whole)
    await page.getByRole('button', { name: 'Trim the clip’s end to the playhead' }).waitFor()
  })

  it('drags the ends of an edit; Escape and going back leave no step', async () => {
    await page
      .getByRole('button', { name: /^Remove/ })
      .first()
      .click()
    const range = async (): Promise<string> =>
      recordsOf(await doc(), 'segment')
        .map(({ from, to }) => `${from}-${to}`)
        .join()
    await expect.poll(range).toBe('0-144')
    // In the band of edits of V1: its row ends 124 px below the top, with the strip of 14 px.
    const y = 102
    await drag(await place(1, y), await place(0.5, y))
    await expect.poll(range).toBe('0-72')
    const before = await steps()
    await drag(await place(0, y), await place(0.25, y), 'Escape')
    await expect.poll(range).toBe('0-72')
    expect(await steps()).toBe(before)
    await drag(await place(0, y), await place(0.25, y))
    await expect.poll(range).toBe('36-72')
    expect(await steps()).toBe(before + 1)
  })

  it('drags the ends of the range in the ruler', async () => {
    await page.getByRole('slider', { name: 'Playhead' }).focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.press('i')
    await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.press('o')
    await drag(await place(49 / 144, 20), await place(100 / 144, 20))
    await page.getByRole('radio', { name: 'In–out range' }).click()
    await expect
      .poll(async () => recordsOf(await doc(), 'segment').map(({ from, to }) => [from, to]))
      .toEqual([[24, 100]])
  })

  it('puts media on the timeline once more', async () => {
    await page.getByRole('button', { name: /^More about balloon/ }).click()
    await page.getByRole('menuitem', { name: 'Add to timeline' }).click()
    await expect.poll(clips).toEqual(['0: 0+144', '0: 0+144', '144: 0+144', '144: 0+144'])
  })
})
