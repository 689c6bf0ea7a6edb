import { resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordsOf } from '../../src/shared/document/model.js'
import { browserSuite, findChromium } from '../support/chromium.js'
import { startApp } from './app.js'
import type { RunningApp } from './app.js'

/** Many edits on one clip, on a small screen: nothing is pushed out, and what is begun is in view. */
describe.skipIf(findChromium() === null)(browserSuite('many edits, a small screen'), () => {
  let app: RunningApp
  let page: Page

  beforeAll(async () => {
    app = await startApp({ viewport: { width: 1280, height: 720 } })
    page = app.page
  })
  afterAll(() => app.close())

  const inspector = () => page.getByRole('region', { name: 'Inspector' })
  const begin = (name: string) =>
    inspector()
      .getByRole('button', { name: new RegExp(`^${name}`) })
      .first()
      .click()

  it('shows the settings of what is begun, over nothing that shines through', async () => {
    await expect
      .poll(
        async () => {
          const state = await app.api('project.state', {})
          return state === null ? 0 : recordsOf(state.doc, 'clip').length
        },
        { timeout: 60_000 },
      )
      .toBeGreaterThan(0)
    for (const verb of ['Remove', 'Replace', 'Style', 'Regenerate', 'Edit in words']) {
      await begin(verb)
      await page.waitForTimeout(300)
    }
    const prompt = inspector().getByRole('textbox', { name: 'What should change?' })
    const apply = inspector().getByRole('button', { name: 'Apply', exact: true })
    const [field, run] = [await prompt.boundingBox(), await apply.boundingBox()]
    expect((field?.y ?? 0) + (field?.height ?? 0)).toBeLessThan(run?.y ?? 0)
    expect(await apply.isDisabled()).toBe(true)
    expect(await apply.evaluate((node) => getComputedStyle(node).opacity)).toBe('1')
  })

  it('keeps the arrows beside a long name', async () => {
    const prompt = inspector().getByRole('textbox', { name: 'What should change?' })
    await prompt.fill('everything except the car and the tree a little darker and much warmer')
    const row = inspector()
      .getByRole('list', { name: /^Edits of this clip/ })
      .getByText(/^Edit · everything/)
    await row.waitFor()
    const panel = await inspector().boundingBox()
    const arrows = inspector().getByRole('button', { name: /^Bring .*everything.* (up|down)$/ })
    expect(await arrows.count()).toBe(2)
    for (const arrow of await arrows.all()) {
      const box = await arrow.boundingBox()
      expect((box?.x ?? 9999) + (box?.width ?? 0)).toBeLessThanOrEqual(
        (panel?.x ?? 0) + (panel?.width ?? 0),
      )
    }
  })

  it('runs by keys from within the words, and brings the progress into view', async () => {
    const prompt = inspector().getByRole('textbox', { name: 'What should change?' })
    await prompt.fill('darker')
    const cancel = inspector().getByRole('button', { name: 'Cancel job' })
    // Before a pause in writing has passed.
    await prompt.press('Control+Enter')
    await cancel.click()
    await prompt.waitFor()
    expect(await prompt.inputValue()).toBe('darker')
    await prompt.blur()
    await inspector()
      .locator('.scroll')
      .evaluate((panel) => {
        panel.scrollTop = panel.scrollHeight
      })
    expect(await prompt.isVisible()).toBe(true)
    await page.keyboard.press('Control+Enter')
    await cancel.waitFor()
    const [panel, stop] = [await inspector().boundingBox(), await cancel.boundingBox()]
    expect(stop?.y).toBeGreaterThan(panel?.y ?? 9999)
    expect((stop?.y ?? 9999) + (stop?.height ?? 0)).toBeLessThan(
      (panel?.y ?? 0) + (panel?.height ?? 0),
    )
    await cancel.click()
  })

  it('shows nothing below the button that stays in view', async () => {
    await app.api('packs.install', { path: resolve('tests/fixtures/packs/tiny') })
    await page.getByRole('tab', { name: 'Generate' }).click()
    await page.getByRole('textbox', { name: 'What should the clip show?' }).fill('a red ball')
    await page.setViewportSize({ width: 1280, height: 600 })
    const run = page.getByRole('button', { name: 'Generate', exact: true })
    await run.waitFor()
    // The shadow that covers what is scrolled reaches 8 pixels.
    const below = await run.evaluate((node) => {
      const panel = node.closest('.scroll')?.getBoundingClientRect().bottom ?? 0
      return panel - node.getBoundingClientRect().bottom
    })
    expect(below).toBeLessThanOrEqual(8)
    expect(below).toBeGreaterThan(0)
  })
})
