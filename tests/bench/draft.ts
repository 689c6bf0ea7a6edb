import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createEngineHost } from '../../src/main/core/engineHost/engineHost.js'
import { probe } from '../../src/main/ffmpeg/probe.js'
import type { FfmpegTools } from '../../src/main/ffmpeg/tools.js'
import { engineProcess } from '../../src/main/hosts/engineProcess.js'
import type { MaskRec } from '../../src/shared/document/model.js'
import type { BenchClip } from './clips.js'
import { squareAt } from './clips.js'

/** Frames at which a draft is asked for: the first, inside, the last. */
const AT = [0, 0.3, 0.6, 1]

/**
 * Seconds of a draft at the playhead, from the request to the picture: with the engine's start, as
 * after half a minute of painting, and with an engine that is there.
 */
export async function measureDraft(
  tools: FfmpegTools,
  clip: BenchClip,
  folder: string,
): Promise<Record<'cold' | 'warm', { readonly clock: number[]; readonly processor: number[] }>> {
  const info = await probe(tools, clip.path)
  const outputFolder = join(folder, 'draft')
  await mkdir(outputFolder, { recursive: true })
  const mask = maskOf(clip)
  const cold = { clock: [] as number[], processor: [] as number[] }
  const warm = { clock: [] as number[], processor: [] as number[] }
  for (const share of AT) {
    const engine = createEngineHost(engineProcess(resolve('out/main/engine.js')))
    for (const list of [cold, warm]) {
      const started = performance.now()
      const before = engine.pid() === undefined ? 0 : processorSeconds(engine.pid())
      await engine.run('draft', {
        source: { path: clip.path, info },
        range: { from: 0, to: clip.frames },
        frame: Math.round(share * (clip.frames - 1)),
        mask,
        under: [],
        root: folder,
        params: { dilate: null, feather: 2, seed: 1 },
        outputFolder,
        ffmpegPath: tools.ffmpeg,
      })
      list.clock.push((performance.now() - started) / 1000)
      list.processor.push(processorSeconds(engine.pid()) - before)
    }
    engine.close()
  }
  return { cold, warm }
}

/**
 * What a process and its ended children have used of the processors: unlike the time on the clock
 * it hardly depends on what else runs. Linux only; NaN elsewhere.
 */
export function processorSeconds(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
    const ticks = fields.slice(11, 15).reduce((sum, one) => sum + Number(one), 0)
    return ticks / 100
  } catch {
    return Number.NaN
  }
}

/** The moving square, painted every six frames. */
export function maskOf(clip: BenchClip): MaskRec {
  const keyframes: Record<string, MaskRec['keyframes'][string]> = {}
  for (let frame = 0; frame < clip.frames; frame += 6) {
    const { left, top, side } = squareAt(clip, frame)
    const place = { x: left, y: top, width: side, height: side }
    keyframes[String(frame)] = [{ kind: 'rectangle', erase: false, ...place }]
  }
  return {
    ...{ id: 'mask_bench', type: 'mask', assetId: 'asset_bench', name: 'm', keyframes },
    ...{ between: 'interpolate', feather: 0, grow: 0, inverted: false },
    overlay: { colour: '#ff5a36', opacity: 0.5 },
  }
}
