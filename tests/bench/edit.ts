import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createEngineHost } from '../../src/main/core/engineHost/engineHost.js'
import { openTakeWriter } from '../../src/main/ffmpeg/frameWriter.js'
import { readFrames } from '../../src/main/ffmpeg/frames.js'
import { probe } from '../../src/main/ffmpeg/probe.js'
import type { FfmpegTools } from '../../src/main/ffmpeg/tools.js'
import { engineProcess } from '../../src/main/hosts/engineProcess.js'
import type { MaskRec } from '../../src/shared/document/model.js'
import { parsePrompt } from '../../src/shared/edit/parse.js'
import { toEditOperation } from '../../src/shared/edit/resolve.js'
import { startApp } from '../e2e/app.js'
import { findChromium } from '../support/chromium.js'
import type { BenchClip } from './clips.js'
import { maskOf, processorSeconds } from './draft.js'

const PAIRS = 5
const MOVES = 40

/** What is edited, as a person would write it. */
const EDITS: readonly (readonly [name: string, prompt: string, masked: boolean])[] = [
  ['whole frame, colours', 'warmer, more contrast, less saturated', false],
  ['a painted thing, recoloured', 'make the square blue', true],
]

/** Ratios of a colour edit to decoding and encoding the same clip alone, one a pair. */
export interface EditRatios {
  readonly name: string
  readonly clock: readonly number[]
  /** Of processor time, which hardly depends on what else the machine does. */
  readonly processor: readonly number[]
}

/** Each pair is run one right after the other, so that whatever else runs weighs on both. */
export async function measureEdit(
  tools: FfmpegTools,
  clip: BenchClip,
  folder: string,
): Promise<readonly EditRatios[]> {
  const engine = createEngineHost(engineProcess(resolve('out/main/engine.js')))
  await engine.run('hello', {})
  const made: EditRatios[] = []
  for (const [name, prompt, masked] of EDITS) {
    const clock: number[] = []
    const processor: number[] = []
    for (let pair = 0; pair < PAIRS; pair++) {
      const beforeAlone = processorSeconds(process.pid)
      const alone = await decodeAndEncode(tools, clip, folder)
      const aloneProcessor = processorSeconds(process.pid) - beforeAlone
      const outputFolder = join(folder, `edit-${made.length}-${pair}`)
      await mkdir(outputFolder)
      const info = await probe(tools, clip.path)
      const range = { from: 0, to: clip.frames }
      const operations = parsePrompt(prompt).operations.flatMap(
        (one) => toEditOperation(one, { ...range, fps: info.fps }) ?? [],
      )
      const mask: MaskRec | null = masked ? maskOf(clip) : null
      const before = processorSeconds(engine.pid())
      const started = performance.now()
      await engine.run('edit', {
        source: { path: clip.path, info },
        range,
        mask: mask === null ? null : { kind: 'keyframes', mask, root: folder },
        params: { prompt, operations, feather: 4, seed: 0 },
        under: [],
        outputFolder,
        ffmpegPath: tools.ffmpeg,
      })
      clock.push((performance.now() - started) / 1000 / alone)
      processor.push((processorSeconds(engine.pid()) - before) / aloneProcessor)
      await rm(outputFolder, { recursive: true, force: true })
    }
    made.push({ name, clock, processor })
  }
  engine.close()
  return made
}

/** Every frame read as pixels and written as a take, nothing done to it. */
export async function decodeAndEncode(
  tools: FfmpegTools,
  clip: BenchClip,
  folder: string,
): Promise<number> {
  const info = await probe(tools, clip.path)
  const path = join(folder, 'alone.mkv')
  const started = performance.now()
  const { width, height, fps } = info
  const writer = openTakeWriter(tools.ffmpeg, path, { width, height, fps })
  const range = { from: 0, to: clip.frames, layout: 'rgba' } as const
  for await (const frame of readFrames(tools.ffmpeg, { path: clip.path, info }, range)) {
    await writer.write(frame)
  }
  await writer.finish()
  const seconds = (performance.now() - started) / 1000
  await rm(path)
  return seconds
}

/**
 * Milliseconds from a key on a slider of an edit to the new picture in the page, measured inside
 * the page. Median and slowest of 40.
 */
export async function measurePreview(clip: BenchClip): Promise<string> {
  if (findChromium() === null) return 'no Chromium here'
  const app = await startApp()
  try {
    const { page } = app
    await page.getByRole('slider', { name: 'Playhead' }).waitFor()
    await app.api('project.create', { folder: `${app.dataFolder}/preview`, name: 'preview' })
    await app.api('jobs.start', { kind: 'import', input: { path: clip.path, place: true } })
    await page.getByRole('button', { name: /^V1 / }).waitFor({ timeout: 120_000 })
    await page
      .getByRole('button', { name: /^Edit in words/ })
      .first()
      .click()
    await page.getByRole('textbox', { name: 'What should change?' }).fill('warmer, more contrast')
    await page.getByRole('slider', { name: 'Temperature' }).waitFor()
    await page.waitForTimeout(2000)
    const times = await page
      .getByRole('slider', { name: 'Temperature' })
      .evaluate(async (slider, moves) => {
        const film = document.querySelector<HTMLCanvasElement>('[role=application] canvas')
        if (!(slider instanceof HTMLElement) || film === null) throw new Error('No edit here.')
        const probe = new OffscreenCanvas(16, 16).getContext('2d', { willReadFrequently: true })
        if (probe === null) throw new Error('No canvas.')
        const look = (): string => {
          probe.drawImage(film, 0, 0, 16, 16)
          return probe.getImageData(0, 0, 16, 16).data.join()
        }
        const turn = (): Promise<void> => new Promise((next) => setTimeout(next, 0))
        const found: number[] = []
        slider.focus()
        for (let move = 0; move < moves; move++) {
          // Ten steps at once: the picture must differ in what is looked at.
          const key = move % 2 === 0 ? 'PageUp' : 'PageDown'
          const before = look()
          const started = performance.now()
          slider.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
          while (look() === before && performance.now() - started < 2000) await turn()
          found.push(performance.now() - started)
          await new Promise((next) => setTimeout(next, 150))
        }
        return found
      }, MOVES)
    const sorted = [...times].sort((a, b) => a - b)
    const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
    return `${median.toFixed(0)} ms (slowest ${Math.max(...times).toFixed(0)} ms)`
  } finally {
    await app.close()
  }
}
