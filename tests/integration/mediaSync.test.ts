import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { exportTimeline } from '../../src/main/core/media/exportTimeline.js'
import { importMedia } from '../../src/main/core/media/importMedia.js'
import { prepareAsset } from '../../src/main/core/media/prepare.js'
import { probe } from '../../src/main/ffmpeg/probe.js'
import type { AssetRec, TakeRec } from '../../src/shared/document/model.js'
import { assetCache } from '../../src/shared/projectPaths.js'
import { toNumber } from '../../src/shared/rational.js'
import type { Rational } from '../../src/shared/rational.js'
import { RATE, beepTimes, flashTimes } from './flashes.js'
import { renderClip, temporaryFolder, tools } from './mediaClips.js'
import { timeline, writeTake } from './mediaProject.js'

/**
 * Picture and sound together, as a player presents them: a white frame and a beep at the same
 * instant, found again in every file by a plain ffmpeg decode, without this project's readers.
 */
let folder = ''
const at = (name: string): string => join(folder, name)
beforeAll(async () => {
  folder = await temporaryFolder()
  await mkdir(at('Edit'))
})

const SECONDS = 4

interface Source {
  readonly name: string
  readonly fps: Rational
  /** Frames that are white, each with a beep that begins when it appears. */
  readonly flashes: readonly number[]
  readonly output: readonly string[]
}

const H264 = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-crf', '16']
const SOURCES: readonly Source[] = [
  {
    name: 'pal pcm.mov',
    fps: { num: 25, den: 1 },
    flashes: [25, 60],
    output: [...H264, '-c:a', 'pcm_s16le'],
  },
  {
    // Priming samples, B-frames and so edit lists on both streams.
    name: 'ntsc aac.mp4',
    fps: { num: 30_000, den: 1001 },
    flashes: [29, 88],
    output: [...H264, '-bf', '3', '-c:a', 'aac', '-b:a', '160k'],
  },
  {
    // Begins an hour in, as a camera's clock has it.
    name: 'late start.mkv',
    fps: { num: 24, den: 1 },
    flashes: [24, 73],
    output: [...H264, '-c:a', 'aac', '-output_ts_offset', '3600'],
  },
]

async function renderSource({ name, fps, flashes, output }: Source): Promise<AssetRec> {
  const rate = `${String(fps.num)}/${String(fps.den)}`
  const white = flashes.map((frame) => `eq(n,${String(frame)})`).join('+')
  const starts = flashes.map((frame) => frame / toNumber(fps))
  const on = starts.map((time) => `between(t,${time.toFixed(9)},${(time + 0.06).toFixed(9)})`)
  const path = await renderClip(
    at(name),
    `color=black:s=160x90:r=${rate}:d=${String(SECONDS)},drawbox=t=fill:color=white:enable='${white}'`,
    [...output, '-shortest'],
    `aevalsrc='0.8*sin(2*PI*1000*t)*(${on.join('+')})':s=${String(RATE)}:d=${String(SECONDS)}`,
  )
  return importMedia({ tools, projectFolder: at('Edit'), path })
}

/** The largest distance of a beep from its flash, in frames. */
async function largestSlip(path: string, { fps, flashes }: Source): Promise<number> {
  const seen = await flashTimes(path, folder)
  const heard = await beepTimes(path, folder)
  expect({ seen: seen.length, heard: heard.length }).toEqual({
    seen: flashes.length,
    heard: flashes.length,
  })
  const slips = seen.map((time, n) => Math.abs((heard[n] ?? 0) - time) * toNumber(fps))
  return Math.max(...slips)
}

describe.each(SOURCES)('picture and sound of $name', (source) => {
  let asset: AssetRec
  let take: TakeRec
  beforeAll(async () => {
    asset = await renderSource(source)
    const [first = 0] = source.flashes
    const range = { from: first - 8, to: first + 8 }
    take = await writeTake(at('Edit'), asset, range, (x) => [200, 0, 0, x < 20 ? 255 : 0])
  })

  async function exported(name: string, from: number, withTake: boolean): Promise<string> {
    const { fps, width, height, frames } = asset.info
    const placed = { asset, start: 0, length: frames, ...(withTake ? { take } : {}) }
    const path = at(`${source.name} ${name}`)
    await exportTimeline({
      tools,
      projectFolder: at('Edit'),
      doc: timeline({ fps, width, height }, [placed]),
      input: { preset: 'mp4', path, overwrite: true, range: { from, to: frames } },
      resolvedPath: path,
    })
    const info = await probe(tools, path)
    expect(info.frames).toBe(frames - from)
    expect(info.audio?.samples).toBe(
      Math.round(((frames - from) * fps.den * (info.audio?.sampleRate ?? 0)) / fps.num),
    )
    return path
  }

  it('stay together in proxy and export, with a take and from the middle on', async () => {
    await prepareAsset({ tools, projectFolder: at('Edit'), asset })
    const slips = {
      proxy: await largestSlip(join(at('Edit'), assetCache(asset.id).proxy), source),
      export: await largestSlip(await exported('whole.mp4', 0, false), source),
      withTake: await largestSlip(await exported('take.mp4', 0, true), source),
      fromMiddle: await largestSlip(await exported('part.mp4', 11, true), source),
    }
    console.info(source.name, slips)
    for (const slip of Object.values(slips)) expect(slip).toBeLessThan(0.5)
  })
})
