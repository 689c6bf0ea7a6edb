import { findChromium } from '../support/chromium.js'
import { startApp } from '../e2e/app.js'
import type { BenchClip } from './clips.js'

const JUMPS = 40

/**
 * Time from a key on the playhead to the new frame on the canvas, measured inside the page: jumps
 * of a second, so that every one lands in another group of pictures. Median and slowest of 40.
 */
export async function measureScrub(clip: BenchClip): Promise<string> {
  if (findChromium() === null) return 'no Chromium here'
  const app = await startApp()
  try {
    const { page } = app
    await page.getByRole('slider', { name: 'Playhead' }).waitFor()
    await app.api('project.create', { folder: `${app.dataFolder}/scrub`, name: 'scrub' })
    await app.api('jobs.start', { kind: 'import', input: { path: clip.path, place: true } })
    await page.getByRole('button', { name: /^V1 / }).waitFor({ timeout: 120_000 })
    await page.waitForTimeout(2000)
    const times = await page.evaluate(async (jumps) => {
      const slider = document.querySelector<HTMLElement>('[role=slider][aria-label=Playhead]')
      const film = document.querySelector<HTMLCanvasElement>('[role=application] canvas')
      if (slider === null || film === null) throw new Error('The viewer is not there.')
      const probe = new OffscreenCanvas(16, 16).getContext('2d', { willReadFrequently: true })
      if (probe === null) throw new Error('No canvas.')
      const look = (): string => {
        probe.drawImage(film, 0, 0, 16, 16)
        return probe.getImageData(0, 0, 16, 16).data.join()
      }
      const press = (key: string, shiftKey: boolean): void => {
        slider.dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey, bubbles: true }))
      }
      const turn = (): Promise<void> => new Promise((next) => setTimeout(next, 0))
      const found: number[] = []
      slider.focus()
      for (let jump = 0; jump < jumps; jump++) {
        const before = look()
        const started = performance.now()
        press(jump % 4 === 3 ? 'Home' : 'ArrowRight', jump % 4 !== 3)
        while (look() === before && performance.now() - started < 2000) await turn()
        found.push(performance.now() - started)
        await new Promise((next) => setTimeout(next, 120))
      }
      return found
    }, JUMPS)
    const sorted = [...times].sort((a, b) => a - b)
    const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
    return `${median.toFixed(0)} ms (slowest ${Math.max(...times).toFixed(0)} ms)`
  } finally {
    await app.close()
  }
}
