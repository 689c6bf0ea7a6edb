import { spawn } from 'node:child_process'
import { cpus } from 'node:os'
import { findChromium } from '../support/chromium.js'
import { startApp } from '../e2e/app.js'
import type { RunningApp } from '../e2e/app.js'
import type { BenchClip } from './clips.js'

/** Shuttling as it is measured: how often J or L is pressed, and from where. */
const RUNS = [
  { name: '1x', key: 'l', presses: 1, from: 'Home' },
  { name: '4x', key: 'l', presses: 3, from: 'Home' },
  { name: '-1x', key: 'j', presses: 1, from: 'End' },
  { name: '-4x', key: 'j', presses: 3, from: 'End' },
] as const

const WATCHED_MS = 3000

/**
 * Different pictures a second that the viewer shows while shuttling, counted inside the page, on
 * an idle computer and beside as many busy loops as it has cores.
 */
export async function measureShuttle(clip: BenchClip): Promise<string> {
  if (findChromium() === null) return 'no Chromium here'
  const app = await startApp()
  try {
    const { page } = app
    await page.getByRole('slider', { name: 'Playhead' }).waitFor()
    await app.api('project.create', { folder: `${app.dataFolder}/shuttle`, name: 'shuttle' })
    await app.api('jobs.start', { kind: 'import', input: { path: clip.path, place: true } })
    await page.getByRole('button', { name: /^V1 / }).waitFor({ timeout: 300_000 })
    await page.waitForTimeout(1000)
    const idle = await shuttleAll(app)
    const busy = cpus().map(() => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }))
    try {
      return `idle ${idle}; busy ${await shuttleAll(app)}`
    } finally {
      for (const one of busy) one.kill('SIGKILL')
    }
  } finally {
    await app.close()
  }
}

async function shuttleAll({ page }: RunningApp): Promise<string> {
  const rates: string[] = []
  for (const { name, key, presses, from } of RUNS) {
    await page.getByRole('slider', { name: 'Playhead' }).focus()
    await page.keyboard.press(from)
    await page.waitForTimeout(700)
    const counting = page.evaluate(async (lasting) => {
      const film = document.querySelector<HTMLCanvasElement>('[role=application] canvas')
      const look = new OffscreenCanvas(16, 16).getContext('2d', { willReadFrequently: true })
      if (film === null || look === null) throw new Error('The viewer is not there.')
      let before = ''
      let changes = -1
      const end = performance.now() + lasting
      while (performance.now() < end) {
        await new Promise((next) => requestAnimationFrame(next))
        look.drawImage(film, 0, 0, 16, 16)
        const now = look.getImageData(0, 0, 16, 16).data.join()
        if (now !== before) changes++
        before = now
      }
      return changes
    }, WATCHED_MS)
    for (let n = 0; n < presses; n++) await page.keyboard.press(key)
    const changes = await counting
    await page.keyboard.press('k')
    rates.push(`${name} ${(changes / (WATCHED_MS / 1000)).toFixed(1)}/s`)
  }
  return rates.join(', ')
}
