import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { encode } from 'fast-png'
import type { RemoveTaskResult } from '../../src/shared/contract/engine.js'
import { newId } from '../../src/shared/ids.js'
import type { MediaInfo } from '../../src/shared/document/model.js'
import { createEngineHost } from '../../src/main/core/engineHost/engineHost.js'
import { createProject, openProject } from '../../src/main/core/project/session.js'
import { engineProcess } from '../../src/main/hosts/engineProcess.js'
import { probe } from '../../src/main/ffmpeg/probe.js'
import { findFfmpeg } from '../../src/main/ffmpeg/tools.js'
import type { FfmpegTools } from '../../src/main/ffmpeg/tools.js'
import { fillSquare, inColour, renderBenchClip } from './clips.js'
import type { BenchClip } from './clips.js'
import { measureDraft } from './draft.js'
import { decodeAndEncode, measureEdit, measurePreview } from './edit.js'
import { measureGenerate } from './generate.js'
import { measureScrub } from './scrub.js'
import { measureShuttle } from './shuttle.js'

/**
 * `npm run bench`: every figure of speed and memory in one run, as ratios where a ratio
 * can be had, since these machines are noisy. `npm run bench -- --quick` leaves out the
 * 60-second and the 720p clips, `--draft` everything but the draft of a frame, `--edit` everything
 * but edits of colour, `--generate` everything but making a clip (of the pack in the folder behind it,
 * when one is named); `--long` is the memory of a minute of 720p alone, a quarter of an hour.
 */
const quick = process.argv.includes('--quick')
const rows: [name: string, value: string][] = []
const row = (name: string, value: string): void => {
  rows.push([name, value])
  console.log(`${name.padEnd(58)} ${value}`)
}

const BENCH_INFO: MediaInfo = {
  kind: 'video',
  width: 854,
  height: 480,
  fps: { num: 24, den: 1 },
  frames: 240,
  videoCodec: 'h264',
  pixelFormat: 'yuv420p',
  colour: { matrix: 'bt709', range: 'tv' },
  audio: null,
  notes: [],
}

const folder = await mkdtemp(join(tmpdir(), 'lumiere-bench-'))
try {
  const tools = await findFfmpeg()
  console.log(`${availableParallelism()} cores, Node ${process.versions.node}, ${tools.version}\n`)
  const only = ['--draft', '--edit', '--generate', '--long'].find((flag) =>
    process.argv.includes(flag),
  )
  if (only === '--long') await benchLength(tools, 1280, 720)
  else if (only === '--generate')
    await benchGenerate(tools, process.argv.at(process.argv.indexOf(only) + 1))
  else {
    const short = await renderBenchClip(tools.ffmpeg, folder, 854, 480, 5)
    if (only !== '--edit') await benchDraft(tools, short)
    if (only !== '--draft') await benchEdit(tools, short)
    if (only === undefined) await benchRest(tools, short)
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function benchDocument(root: string): Promise<void> {
  const project = join(root, 'strokes')
  const session = await createProject(project, { name: 'bench' })
  const assetId = newId('asset')
  const maskId = newId('mask')
  session.dispatch(
    [
      {
        type: 'asset.add',
        asset: {
          id: assetId,
          type: 'asset',
          name: 'a',
          path: 'media/a.mp4',
          bytes: 1,
          info: BENCH_INFO,
        },
      },
      {
        type: 'mask.add',
        mask: {
          id: maskId,
          type: 'mask',
          assetId,
          name: 'm',
          keyframes: {},
          between: 'hold',
          feather: 0,
          grow: 0,
          inverted: false,
          overlay: { colour: '#ff5a36', opacity: 0.5 },
        },
      },
    ],
    { mode: 'record' },
  )
  const times: number[] = []
  for (let stroke = 0; stroke < 1000; stroke++) {
    const points = Array.from({ length: 80 }, (_, index) => (index * 7 + stroke) % 400)
    const shape = { kind: 'stroke', erase: false, size: 20, points } as const
    const started = performance.now()
    session.dispatch([{ type: 'mask.addShape', id: maskId, frame: stroke % 20, shape }], {
      mode: 'record',
    })
    times.push(performance.now() - started)
  }
  row('command dispatch, 1,000 strokes in the project (median)', ms(median(times)))
  row('command dispatch, slowest of 1,000', ms(Math.max(...times)))
  await session.close()
  const opens: number[] = []
  for (let turn = 0; turn < 5; turn++) {
    const started = performance.now()
    const opened = await openProject(project)
    opens.push(performance.now() - started)
    await opened.close()
  }
  row('project open, 1,000 strokes (median of 5)', ms(median(opens)))
}

async function benchEngineStart(): Promise<void> {
  const times: number[] = []
  for (let turn = 0; turn < 3; turn++) {
    const engine = createEngineHost(engineProcess(resolve('out/main/engine.js')))
    const started = performance.now()
    await engine.run('hello', {})
    times.push(performance.now() - started)
    engine.close()
  }
  row('engine start to first answer (median of 3)', ms(median(times)))
}

async function benchRest(tools: FfmpegTools, short: BenchClip): Promise<void> {
  await benchDocument(folder)
  await benchEngineStart()
  const shortRun = await benchRemove(tools, short)
  if (!quick) {
    // A quarter of the pixels: what is asked is whether memory grows with length.
    await benchLength(tools, 428, 240)
  }
  row('engine peak memory, 854x480, 5 s', megabytes(shortRun.peakMemoryBytes))
  if (!quick) {
    const hd = await renderBenchClip(tools.ffmpeg, folder, 1280, 720, 3)
    const hdRun = await benchRemove(tools, hd)
    row('engine peak memory, 1280x720, 3 s', megabytes(hdRun.peakMemoryBytes))
  }
  await benchGenerate(tools)
  row('scrub to a random frame in the page (median)', await measureScrub(short))
  if (!quick) {
    const large = await renderBenchClip(tools.ffmpeg, folder, 1280, 720, 15)
    row('different pictures while shuttling, 1280x720', await measureShuttle(large))
  }
}

async function benchLength(tools: FfmpegTools, width: number, height: number): Promise<void> {
  const short = await renderBenchClip(tools.ffmpeg, folder, width, height, 5)
  const long = await renderBenchClip(tools.ffmpeg, folder, width, height, 60)
  const shortRun = await remove(tools, short)
  const longRun = await remove(tools, long)
  const [few, many] = [shortRun.result.peakMemoryBytes, longRun.result.peakMemoryBytes]
  const size = `${width}x${height}`
  row(`engine peak memory, ${size}, 60 s against 5 s`, `${(many / few).toFixed(2)} x`)
  row(`engine peak memory, ${size}, 60 s`, megabytes(many))
  const perFrame = longRun.seconds / long.frames / (shortRun.seconds / short.frames)
  row(`remove per frame, ${size}, 60 s against 5 s`, `${perFrame.toFixed(2)} x`)
}

async function benchDraft(tools: FfmpegTools, clip: BenchClip): Promise<void> {
  const { cold, warm } = await measureDraft(tools, clip, folder)
  const show = (times: readonly number[]): string =>
    `${median(times).toFixed(2)} s (${Math.max(...times).toFixed(2)} s)`
  row('draft of a frame, 854x480, engine started for it, median (slowest)', show(cold.clock))
  row('  processor time of the engine and its ffmpeg for that', show(cold.processor))
  row('draft of a frame, 854x480, engine there, median (slowest)', show(warm.clock))
  row('  processor time of the engine and its ffmpeg for that', show(warm.processor))
}

async function benchEdit(tools: FfmpegTools, grey: BenchClip): Promise<void> {
  const clip = await inColour(tools.ffmpeg, grey)
  for (const { name, clock, processor } of await measureEdit(tools, clip, folder)) {
    const show = (ratios: readonly number[]): string =>
      `${median(ratios).toFixed(2)} x (${ratios.map((one) => one.toFixed(2)).join(' ')})`
    row(`edit, ${name}, against decoding and encoding alone`, show(clock))
    row('  in processor time', show(processor))
  }
  row('slider of an edit to new picture, median (slowest)', await measurePreview(clip))
}

async function benchGenerate(tools: FfmpegTools, pack?: string): Promise<void> {
  const costs = await measureGenerate(tools, folder, pack)
  const pass = median(costs.pass)
  const { clip, clipSeconds, chosenSeconds } = costs
  row('opening the clip model (median of 5)', seconds(median(costs.load)))
  row(`one pass of it, ${costs.size} (median of 5)`, seconds(pass))
  if (costs.floor.length > 0) {
    row('  against its multiplications alone', `${(pass / median(costs.floor)).toFixed(1)} x`)
  }
  row(`a clip, ${String(clip.steps)} guided steps, enlarged to 512x512`, seconds(clipSeconds))
  if (chosenSeconds !== null)
    row('the same, the best of several beginnings', seconds(chosenSeconds))
  for (const [phase, took] of Object.entries(clip.phasesSeconds)) row(`  ${phase}`, seconds(took))
  row('  engine peak memory', megabytes(clip.peakMemoryBytes))
}

async function benchRemove(tools: FfmpegTools, clip: BenchClip): Promise<RemoveTaskResult> {
  const floor = await decodeAndEncode(tools, clip, folder)
  const { seconds, result } = await remove(tools, clip)
  const name = `${clip.width}x${clip.height}, ${clip.frames} frames`
  row(`remove, ${name}`, `${(seconds / clip.frames).toFixed(3)} s/frame`)
  row('  against decoding and encoding the same clip alone', `${(seconds / floor).toFixed(1)} x`)
  for (const [phase, took] of Object.entries(result.phasesSeconds)) {
    row(`  ${phase}`, `${(took / clip.frames).toFixed(3)} s/frame`)
  }
  return result
}

async function remove(
  tools: FfmpegTools,
  clip: BenchClip,
): Promise<{ seconds: number; result: RemoveTaskResult }> {
  const info = await probe(tools, clip.path)
  const outputFolder = join(folder, `take-${newId('take')}`)
  const masks = join(folder, `masks-${clip.width}-${clip.frames}`)
  await mkdir(outputFolder, { recursive: true })
  await writeMasks(masks, clip)
  const engine = createEngineHost(engineProcess(resolve('out/main/engine.js')))
  const started = performance.now()
  const result = await engine.run('remove', {
    source: { path: clip.path, info },
    range: { from: 0, to: clip.frames },
    mask: { kind: 'pngs', folder: masks },
    under: [],
    params: { dilate: null, feather: 2, seed: 1 },
    outputFolder,
    ffmpegPath: tools.ffmpeg,
  })
  const seconds = (performance.now() - started) / 1000
  engine.close()
  await rm(outputFolder, { recursive: true, force: true })
  return { seconds, result }
}

/** The square of every frame as one PNG each. */
async function writeMasks(target: string, clip: BenchClip): Promise<void> {
  await mkdir(target, { recursive: true })
  for (let index = 0; index < clip.frames; index++) {
    const data = new Uint8Array(clip.width * clip.height)
    fillSquare(data, clip, index, 255)
    const png = encode({ width: clip.width, height: clip.height, data, channels: 1, depth: 8 })
    await writeFile(join(target, `${String(index).padStart(6, '0')}.png`), png)
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

function seconds(value: number): string {
  return `${value.toFixed(2)} s`
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 0)} ms`
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`
}
