import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { recordsOf } from '../../src/shared/document/model.js'
import { balloonAt } from '../../src/main/core/media/sample/balloon.js'
import { SAMPLE } from '../../src/main/core/media/sample.js'
import { dragOnPicture, startApp } from './app.js'

/**
 * `npm run screenshots`: the pictures of the README, taken of the real app working on its own
 * sample project: paint the balloon on five frames, remove it, compare, accept, export.
 */
const target = resolve('docs/pictures')
await mkdir(target, { recursive: true })
const app = await startApp()
const { page } = app
const shoot = (name: string) => page.screenshot({ path: join(target, `${name}.png`) })
const button = (name: string | RegExp) => page.getByRole('button', { name })

async function until(check: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 300_000; !(await check());) {
    if (Date.now() > end) throw new Error('Waited too long.')
    await page.waitForTimeout(250)
  }
}
async function count(type: 'clip' | 'take' | 'segment'): Promise<number> {
  const state = await app.api('project.state', {})
  return state === null ? 0 : recordsOf(state.doc, type).length
}
async function goTo(frame: number): Promise<void> {
  await page.getByRole('slider', { name: 'Playhead' }).focus()
  await page.keyboard.press('Home')
  for (let second = 0; second < Math.floor(frame / 24); second++) {
    await page.keyboard.press('Shift+ArrowRight')
  }
  for (let step = 0; step < frame % 24; step++) await page.keyboard.press('ArrowRight')
  await page.waitForTimeout(400)
}

try {
  await until(async () => (await count('clip')) > 0)
  await goTo(48)
  await page.waitForTimeout(1500)
  await page.getByRole('region', { name: 'Messages' }).getByRole('button').first().click()
  await page.waitForTimeout(500)
  await shoot('editor')

  await button(/^Remove/)
    .first()
    .click()
  await until(async () => (await count('segment')) === 1)
  await page.getByRole('radio', { name: 'Ellipse' }).click()
  const seconds = SAMPLE.frames / SAMPLE.fps.num
  const painted = [0, 36, 72, 108, SAMPLE.frames - 1]
  for (const frame of painted) {
    await goTo(frame)
    const { x, y, radius } = balloonAt(frame / SAMPLE.fps.num, seconds).around
    await dragOnPicture(page, SAMPLE, [
      [x - radius, y - radius],
      [x, y],
      [x + radius, y + radius],
    ])
    await page.waitForTimeout(400)
  }
  await goTo(72)
  await page.waitForTimeout(1200)
  await shoot('paint')

  const inspector = page.getByRole('region', { name: 'Inspector' })
  await inspector.getByRole('button', { name: 'Remove', exact: true }).last().click()
  await inspector.locator('img').first().waitFor({ timeout: 120_000 })
  await page.waitForTimeout(2500)
  await shoot('remove')
  await until(async () => (await count('take')) === 1)
  await page.waitForTimeout(1500)

  await page.getByRole('radio', { name: 'Select' }).click()
  await button('Wipe').click()
  await page.waitForTimeout(1500)
  await shoot('compare')

  await button('Use this take').click()
  await button('Export').first().click()
  await page.getByRole('dialog').waitFor()
  await page.waitForTimeout(800)
  await shoot('export')
  console.log(`Five pictures in ${target}`)
} finally {
  await app.close()
}
