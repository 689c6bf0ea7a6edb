import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordsOf } from '../../src/shared/document/model.js'
import type { MaskRec } from '../../src/shared/document/model.js'
import { maskAt } from '../../src/shared/mask/index.js'
import { renderWalker } from '../quality/walker.js'
import { browserSuite, findChromium } from '../support/chromium.js'
import { dragOnPicture, startApp } from './app.js'
import type { RunningApp } from './app.js'
import { encodeFrames } from './clip.js'

const SIZE = { width: 320, height: 180 }
const FRAMES = 20

/** A removal whose mask stops at the feet and the shoulder is offered the rest, which a key then adds. */
describe.skipIf(findChromium() === null)(
  browserSuite('what a mask leaves out, in the browser'),
  () => {
    let app: RunningApp
    let page: Page
    let folder = ''
    const clip = renderWalker(SIZE, FRAMES, { depth: 0.5, soft: 4, pan: 0, walk: 5, arm: 16 })

    const mask = async (): Promise<MaskRec> => {
      const state = await app.api('project.state', {})
      const found = state === null ? undefined : recordsOf(state.doc, 'mask')[0]
      if (found === undefined) throw new Error('There is no mask.')
      return found
    }
    /** Share of the true shadow, or arm, that the mask covers on a frame. */
    const covered = async (
      frame: number,
      kind: 'shadows' | 'arms' = 'shadows',
    ): Promise<number> => {
      const data = maskAt(await mask(), frame, SIZE, SIZE)
      let dark = 0
      let hit = 0
      clip[kind][frame]!.forEach((value, at) => {
        if (value < 128) return
        dark++
        if (data[at]! >= 128) hit++
      })
      return hit / dark
    }

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'lumiere-e2e-leftovers-'))
      app = await startApp({ dataFolder: join(folder, 'data') })
      page = app.page
      await app.api('project.create', { folder: join(folder, 'Edit'), name: 'Edit' })
      await app.importClip(await encodeFrames(join(folder, 'walk.mp4'), { ...SIZE, ...clip }))
      await page
        .getByRole('button', { name: /^Remove/ })
        .first()
        .click()
    })
    afterAll(async () => {
      await app.close()
      await rm(folder, { recursive: true, force: true })
    })

    it('is suggested after the first pass', async () => {
      await page.getByRole('radio', { name: 'Ellipse' }).click()
      await dragOnPicture(page, SIZE, [
        [73, 39],
        [119, 112],
      ])
      await page.getByRole('button', { name: 'Track forward from this frame' }).click()
      await expect
        .poll(async () => Object.keys((await mask()).tracked ?? {}).length, { timeout: 60_000 })
        .toBe(FRAMES - 1)
      expect(await covered(10)).toBeLessThan(0.2)
      await page.getByRole('button', { name: 'Remove', exact: true }).last().click()
      await page
        .getByText('It seems to leave a shadow and parts outside the mask')
        .waitFor({ timeout: 180_000 })
      const picture = process.env['LUMIERE_SHOTS']
      if (picture !== undefined) await page.screenshot({ path: join(picture, 'leftovers.png') })
      expect(await app.complaints('[aria-label="What the mask leaves out"]')).toEqual([])
    })

    it('is added by a key as one step, and taken back by one', async () => {
      await page.keyboard.press('Escape')
      await page.keyboard.press('Shift+S')
      await page.getByText('It is part of the mask now.').waitFor()
      for (const frame of [4, 10, 16]) expect(await covered(frame)).toBeGreaterThan(0.7)
      expect(await covered(10, 'arms')).toBeGreaterThan(0.6)
      expect(Object.keys((await mask()).tracked ?? {})).toHaveLength(FRAMES - 1)
      await page.keyboard.press('Control+z')
      await expect.poll(() => covered(10)).toBeLessThan(0.2)
      await page.keyboard.press('Control+Shift+z')
      await expect.poll(() => covered(10)).toBeGreaterThan(0.7)
    })

    it('goes with the object in the next pass', async () => {
      const group = page.getByRole('group', { name: 'What the mask leaves out' })
      await group.getByRole('button', { name: 'Remove again' }).click()
      await expect
        .poll(
          async () => {
            const state = await app.api('project.state', {})
            return state === null ? 0 : recordsOf(state.doc, 'take').length
          },
          { timeout: 180_000 },
        )
        .toBe(2)
      const picture = process.env['LUMIERE_SHOTS']
      if (picture !== undefined) await page.screenshot({ path: join(picture, 'leftovers2.png') })
    })
  },
)
