import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { recordsOf } from '../../src/shared/document/model.js'
import { browserSuite, findChromium } from '../support/chromium.js'
import { dragOnPicture, startApp } from './app.js'
import type { RunningApp } from './app.js'

/**
 * Italian is longer than English: every panel and dialog at the smallest common window, where no
 * label may be cut off and nothing may show the key of a text instead of the text.
 */
describe.skipIf(findChromium() === null)(browserSuite('in Italian, on a small screen'), () => {
  let app: RunningApp
  let page: Page
  const missing: string[] = []

  beforeAll(async () => {
    app = await startApp({ locale: 'it-IT', viewport: { width: 1280, height: 800 } })
    page = app.page
    page.on('console', (message) => {
      if (/missingKey/i.test(message.text())) missing.push(message.text())
    })
  })
  afterAll(() => app.close())

  const inspector = () => page.getByRole('region', { name: 'Impostazioni' })

  /** Texts on screen that are cut off, or are the name of a text. */
  async function faults(): Promise<string[]> {
    await page.waitForTimeout(300)
    return page.evaluate(() => {
      const found: string[] = []
      for (const node of document.querySelectorAll<HTMLElement>('body *')) {
        const text = node.textContent.trim()
        if (node.children.length > 0 || text === '' || node.offsetParent === null) continue
        if (/^[a-z][A-Za-z]*(\.[A-Za-z-]+)+$/.test(text) && !/\.[a-z0-9]{2,4}$/.test(text)) {
          found.push(`key: ${text}`)
        }
        // Hidden for the eye, or a name that a person gave.
        if (node.closest('.hidden, .timeline-mirror, .card-name, .dialog-path') !== null) continue
        // What is one pixel wide is for screen readers.
        const isCut = node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 1
        const style = getComputedStyle(node)
        if (isCut && style.overflowX !== 'visible' && style.overflowX !== 'auto') {
          found.push(`cut: ${text}`)
        }
        const box = node.getBoundingClientRect()
        if (box.right > innerWidth + 1) found.push(`outside: ${text}`)
      }
      return found
    })
  }

  it('the editor, with a removal begun', async () => {
    const name = page.getByRole('textbox', { name: 'Nome del progetto' })
    await expect.poll(() => name.inputValue()).toBe('Progetto di esempio')
    await expect
      .poll(
        async () => {
          const state = await app.api('project.state', {})
          return state === null ? 0 : recordsOf(state.doc, 'clip').length
        },
        { timeout: 60_000 },
      )
      .toBeGreaterThan(0)
    expect(await faults()).toEqual([])
    await page
      .getByRole('button', { name: /^Rimuovi/ })
      .first()
      .click()
    await dragOnPicture(page, { width: 640, height: 360 }, [
      [300, 150],
      [330, 180],
    ])
    await page.getByText('Regolazioni fini').first().click()
    expect(await faults()).toEqual([])
    await page.getByRole('tab', { name: 'Cronologia' }).click()
    expect(await faults()).toEqual([])
  })

  it.each(['Sostituisci', 'Modifica a parole', 'Stile', 'Rigenera', 'Velocità'])(
    'the verb %s, with the edits of the clip as layers',
    async (name) => {
      await inspector().getByRole('button', { name, exact: true }).first().click()
      expect(await faults()).toEqual([])
    },
  )

  it('every way to style', async () => {
    await app.api('packs.install', { path: resolve('tests/fixtures/packs/tiny') })
    await inspector().getByRole('button', { name: 'Stile', exact: true }).first().click()
    for (const way of ['Fotogrammi chiave', 'A parole']) {
      await inspector().getByRole('radio', { name: way }).click()
      expect(await faults()).toEqual([])
    }
  })

  it.each(['Nuovo progetto…', 'Apri progetto…', 'Esporta', 'Preferenze…', 'Verifica del sistema'])(
    'the dialog %s',
    async (name) => {
      await page.getByRole('button', { name: 'Menu' }).click()
      await page.getByRole('menuitem', { name, exact: false }).first().click()
      await page.getByRole('dialog').waitFor()
      if (name.startsWith('Verifica')) await page.waitForTimeout(2500)
      expect(await faults()).toEqual([])
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    },
  )

  it('the list of keys', async () => {
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    expect(await faults()).toEqual([])
    await page.keyboard.press('Escape')
  })

  it('an empty project, and no text anywhere without its Italian', async () => {
    await app.api('project.create', { folder: `${app.dataFolder}/projects/Vuoto`, name: 'Vuoto' })
    expect(await faults()).toEqual([])
    expect(missing).toEqual([])
  })
})
