import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findFfmpeg } from '../../src/main/ffmpeg/tools.js'
import { recordsOf } from '../../src/shared/document/model.js'
import { CEILING } from '../../src/shared/sound/limiter.js'
import { browserSuite, findChromium } from '../support/chromium.js'
import { startApp } from './app.js'
import type { RunningApp } from './app.js'

/** Loud enough that two of them together are above full scale by far. */
const AMPLITUDE = 0.85

/** What is heard, how loud, and who remembers it; in a real browser. */
describe.skipIf(findChromium() === null)(browserSuite('volume, in the browser'), () => {
  let app: RunningApp
  let page: Page
  let folder = ''
  const problems: string[] = []

  const slider = () => page.getByRole('slider', { name: 'Volume of playback' })
  const shownAt = async (): Promise<string | undefined> =>
    (await slider().getAttribute('aria-valuetext'))?.replace(/\s/g, '')

  /** The loudest sample that reaches the loudspeaker while a second of film plays. */
  async function peakOfPlaying(): Promise<number> {
    await page.keyboard.press('Home')
    const listening = page.evaluate(async () => {
      const { taps } = globalThis as unknown as { taps: AnalyserNode[] }
      let peak = 0
      const ends = performance.now() + 1600
      while (performance.now() < ends) {
        for (const tap of taps) {
          const samples = new Float32Array(tap.fftSize)
          tap.getFloatTimeDomainData(samples)
          for (const one of samples) peak = Math.max(peak, Math.abs(one))
        }
        await new Promise((next) => setTimeout(next, 20))
      }
      return peak
    })
    // Not the space bar, which presses what has the focus.
    await page.keyboard.press('l')
    const peak = await listening
    await page.keyboard.press('k')
    return peak
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lumiere-e2e-volume-'))
    app = await startApp({ dataFolder: join(folder, 'data') })
    page = app.page
    page.setDefaultTimeout(20_000)
    page.on('pageerror', (error) => problems.push(error.message))
    // Everything that is joined to the loudspeaker is joined to an ear as well.
    await page.addInitScript(() => {
      const taps: AnalyserNode[] = []
      Object.assign(globalThis, { taps })
      const { connect } = AudioNode.prototype as unknown as {
        readonly connect: (this: AudioNode, to: AudioNode) => AudioNode
      }
      function joined(this: AudioNode, to: AudioNode): AudioNode {
        if (to instanceof AudioDestinationNode) {
          const tap = new AnalyserNode(this.context, { fftSize: 2048 })
          taps.push(tap)
          connect.call(this, tap)
        }
        return connect.call(this, to)
      }
      Object.assign(AudioNode.prototype, { connect: joined })
    })
    await page.reload()
    const { ffmpeg } = await findFfmpeg()
    const path = join(folder, 'tone.mp4')
    await promisify(execFile)(ffmpeg, [
      ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=24:d=3'],
      ...['-f', 'lavfi', '-i', `sine=f=440:d=3,volume=${AMPLITUDE * 8}`, '-c:a', 'aac'],
      ...['-pix_fmt', 'yuv420p', path],
    ])
    await app.api('project.create', { folder: join(folder, 'Film'), name: 'Film' })
    await app.api('jobs.start', { kind: 'import', input: { path, place: true } })
    await page.getByRole('button', { name: /^V1 / }).waitFor({ state: 'attached' })
  })
  afterAll(async () => {
    await app.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('plays a sound by itself as loud as it is', async () => {
    expect(await peakOfPlaying()).toBeGreaterThan(AMPLITUDE - 0.05)
  })

  it('keeps two loud sounds together below full scale, as the export does', async () => {
    await page.keyboard.press('Home')
    await page.getByRole('button', { name: 'More about tone.mp4' }).click()
    await page.getByRole('menuitem', { name: 'Add to overlay track' }).click()
    await expect
      .poll(async () => recordsOf(await app.doc(), 'clip').length)
      .toBeGreaterThanOrEqual(4)
    const starts = recordsOf(await app.doc(), 'clip').map(({ start }) => start)
    expect(new Set(starts)).toEqual(new Set([0]))
    const peak = await peakOfPlaying()
    expect(peak).toBeLessThanOrEqual(CEILING + 1e-3)
    // Louder than one of them alone: both are there.
    expect(peak).toBeGreaterThan(AMPLITUDE + 0.05)
  })

  it('goes down and up by keys and by its slider', async () => {
    expect(await shownAt()).toBe('100%')
    for (let press = 0; press < 5; press++) await page.keyboard.press(',')
    expect(await shownAt()).toBe('50%')
    expect(await peakOfPlaying()).toBeLessThan(CEILING * 0.25 + 0.02)
    await slider().focus()
    await page.keyboard.press('ArrowLeft')
    expect(await shownAt()).toBe('49%')
  })

  it('is silent when muted, and says so', async () => {
    await page.keyboard.press('Shift+M')
    await page.getByRole('button', { name: 'Sound on' }).waitFor()
    expect(await shownAt()).toBe('0%')
    expect(await peakOfPlaying()).toBeLessThan(1e-3)
    expect(await app.complaints('[role=toolbar]')).toEqual([])
  })

  it('is remembered, and comes back as loud as it was', async () => {
    await page.reload()
    await page.getByRole('button', { name: 'Sound on' }).click()
    expect(await shownAt()).toBe('49%')
    await page.reload()
    await page.getByRole('button', { name: 'Mute playback' }).waitFor()
    expect(await shownAt()).toBe('49%')
    const shots = process.env['LUMIERE_SHOTS']
    if (shots !== undefined && shots !== '') {
      await page.screenshot({ path: join(shots, 'volume.png') })
    }
    expect(problems).toEqual([])
  })
})
