import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordsOf } from '../../src/shared/document/model.js'
import type { ProjectDoc } from '../../src/shared/document/model.js'
import { browserSuite, findChromium } from '../support/chromium.js'
import { startApp } from './app.js'
import type { RunningApp } from './app.js'
import { renderMovingSquare } from './clip.js'

/** The same story without a mouse, and what a screen reader's checker says of every state. */
describe.skipIf(findChromium() === null)(browserSuite('by keyboard alone'), () => {
  let app: RunningApp
  let page: Page
  let folder = ''

  const doc = (): Promise<ProjectDoc> => app.doc()

  /** Moves the focus with Tab until it stands on the control with this name. */
  async function tabTo(name: string | RegExp, role = 'button'): Promise<void> {
    for (let step = 0; step < 150; step++) {
      const focused = page.locator(':focus')
      if ((await focused.count()) > 0) {
        const fits = page.getByRole(role as 'button', { name, exact: true }).and(focused)
        if ((await fits.count()) > 0) return
      }
      await page.keyboard.press('Tab')
    }
    throw new Error(`Tab never reached ${String(name)}`)
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lumiere-keyboard-'))
    app = await startApp()
    page = app.page
    await page.getByRole('slider', { name: 'Playhead' }).waitFor()
    await app.api('project.create', { folder: join(folder, 'Keys'), name: 'Keys' })
    const clip = await renderMovingSquare(join(folder, 'clip.mp4'))
    await app.api('jobs.start', { kind: 'import', input: { path: clip, place: true } })
    await page.getByRole('button', { name: /^V1 clip.mp4/ }).waitFor({ timeout: 60_000 })
  })
  afterAll(async () => {
    await app.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('starts an edit and paints a rectangle with the arrow keys', async () => {
    await tabTo(/^Remove/)
    await page.keyboard.press('Enter')
    await expect.poll(async () => recordsOf(await doc(), 'segment').length).toBe(1)
    await page.keyboard.press('u')
    await tabTo('Picture', 'application')
    // The cursor starts in the middle: up and left, press, down and right, press.
    for (const key of ['ArrowUp', 'ArrowLeft', 'ArrowUp', 'ArrowLeft']) {
      await page.keyboard.press(`Shift+${key}`)
    }
    await page.keyboard.press('Enter')
    for (let step = 0; step < 4; step++) {
      await page.keyboard.press('Shift+ArrowDown')
      await page.keyboard.press('Shift+ArrowRight')
    }
    await page.keyboard.press('Enter')
    const shapes = async () =>
      Object.values(recordsOf(await doc(), 'mask')[0]?.keyframes ?? {}).flat()
    await expect.poll(async () => (await shapes()).length).toBe(1)
    const [shape] = await shapes()
    expect(shape).toMatchObject({ kind: 'rectangle', erase: false })
    if (shape?.kind === 'rectangle') {
      expect(shape.width).toBeGreaterThan(35)
      expect(shape.height).toBeGreaterThan(35)
    }
  })

  it('brings what has the focus into view, with a ring that is not faint', async () => {
    await tabTo('Red', 'radio')
    const swatch = page.locator('.swatch').first()
    const [panel, box] = [
      await page.getByRole('region', { name: 'Inspector' }).boundingBox(),
      await swatch.boundingBox(),
    ]
    expect((box?.y ?? 9999) + (box?.height ?? 0)).toBeLessThanOrEqual(
      (panel?.y ?? 0) + (panel?.height ?? 0),
    )
    expect(await swatch.evaluate((node) => getComputedStyle(node).outlineStyle)).toBe('solid')
    const faint = page.locator('.icon-button[aria-disabled=true]').first()
    expect(await faint.evaluate((node) => getComputedStyle(node).opacity)).toBe('1')
  })

  it('removes with Ctrl+Enter, accepts and undoes', async () => {
    await page.keyboard.press('Control+Enter')
    await expect
      .poll(async () => recordsOf(await doc(), 'take').length, { timeout: 180_000 })
      .toBe(1)
    await tabTo('Use this take')
    await page.keyboard.press('Enter')
    const accepted = async () => recordsOf(await doc(), 'segment')[0]?.acceptedTakeId ?? null
    await expect.poll(accepted).not.toBeNull()
    await page.keyboard.press('Control+z')
    await expect.poll(accepted).toBeNull()
  })

  it('moves the playhead by frame, second, start and end', async () => {
    const slider = page.getByRole('slider', { name: 'Playhead' })
    await slider.focus()
    const frame = async () => Number(await slider.getAttribute('aria-valuenow'))
    await page.keyboard.press('Home')
    await expect.poll(frame).toBe(0)
    await page.keyboard.press('ArrowRight')
    await expect.poll(frame).toBe(1)
    await page.keyboard.press('Shift+ArrowRight')
    await expect.poll(frame).toBe(17)
    await page.keyboard.press('End')
    await expect.poll(frame).toBe(31)
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

  it('opens, names and closes the export dialog', async () => {
    await page.keyboard.press('Control+e')
    await page.getByRole('dialog', { name: 'Export' }).waitFor()
    expect(await app.complaints()).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
  })
})
