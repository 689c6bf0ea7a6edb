import { join } from 'node:path'
import type { RepaintTaskInput, RepaintTaskResult } from '../../../shared/contract/repaint.js'
import { toNumber } from '../../../shared/rational.js'
import { openTakeWriter } from '../../ffmpeg/frameWriter.js'
import type { FrameWriter } from '../../ffmpeg/frameWriter.js'
import type { Conditioning } from '../diffusion/clipVelocity.js'
import { planSampling, sampleClip } from '../diffusion/sampleClip.js'
import type { SampledClip } from '../diffusion/sampleClip.js'
import { openPackModel } from '../models/packModel.js'
import type { PackModel } from '../models/packModel.js'
import { openUpscaleModel } from '../models/upscaleModel.js'
import type { UpscaleModel } from '../models/upscaleModel.js'
import { createPainter } from '../repaint/paint.js'
import type { Shown } from '../repaint/paint.js'
import { planParts } from '../repaint/parts.js'
import type { Part } from '../repaint/parts.js'
import { maskOnCanvas, resample } from '../repaint/resample.js'
import { nothingPainted, openRims, seenFrames } from '../repaint/sourceFrames.js'
import type { RimReader } from '../repaint/sourceFrames.js'
import { joinRamp } from '../repaint/timeGrid.js'
import type { TaskContext } from '../taskContext.js'
import type { Size } from '../vision/image.js'
import { loadOpenCv } from '../vision/opencv.js'
import type { OpenCvBox } from '../vision/opencv.js'
import { createClock } from './clock.js'
import { PREVIEW_EVERY_MS, PREVIEW_FILE, writePreview } from './previewPicture.js'
import { showSheets } from './showSheets.js'

const TAKE_FILE = 'take.mkv'

/**
 * Makes a region or a range of a clip anew by words: the network sees its surroundings, small, and
 * what it makes is brought back to the source's size and rate. Writes take.mkv (RGBA, alpha 0
 * wherever the source shows) and, on the way, preview.png into the output folder.
 *
 * @throws AppError `mask-empty`, `pack-failed`, `cancelled`, and what reading and writing throw
 */
export async function repaint(
  input: RepaintTaskInput,
  context: TaskContext,
): Promise<RepaintTaskResult> {
  const { source, range, outputFolder, ffmpegPath, pack } = input
  const { signal } = context
  const clock = createClock()
  const parts = await clock.time('analysing', () => planParts(input, context))
  if (parts.length === 0) throw nothingPainted()
  const rims = await openRims(input)
  const opencv = await loadOpenCv()
  context.report({ phase: 'loading', done: 0, total: null })
  const model = await clock.time('loading', () => openPackModel(pack))
  const writer = openTakeWriter(ffmpegPath, join(outputFolder, TAKE_FILE), {
    ...{ width: source.info.width, height: source.info.height },
    ...{ fps: source.info.fps, signal },
  })
  let upscaler: UpscaleModel | null = null
  const total = parts.reduce((sum, part) => sum + passesOf(input, part), 0)
  let passed = 0
  let steps = Infinity
  let untouched = 0
  try {
    upscaler = input.upscaler === null ? null : await openUpscaleModel(input.upscaler)
    const take = createTake(input, context, { writer, rims, upscaler })
    for (const part of parts) {
      const shown = await clock.time('analysing', () => gather(input, part, rims, signal))
      const made = await clock.time('sampling', () =>
        samplePart(input, { part, shown, model, passed, total }, context),
      )
      steps = Math.min(steps, made.steps)
      passed += passesOf(input, part)
      await clock.time('writing', () => take.write(part, made, shown, opencv))
    }
    await take.untouchedUpTo(range.to)
    await writer.finish()
    untouched = take.untouched()
  } catch (error) {
    await writer.abort()
    throw error
  } finally {
    await model.release()
    await upscaler?.release()
  }
  return {
    frames: range.to - range.from,
    untouched,
    enlarged: upscaler === null ? null : { provider: upscaler.provider, refused: upscaler.refused },
    ...{ steps, provider: model.provider, refused: model.refused },
    canvas: parts.map(({ canvas }) => canvas).reduce((a, b) => (areaOf(b) > areaOf(a) ? b : a)),
    phasesSeconds: clock.seconds(),
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  }
}

const areaOf = ({ width, height }: Size): number => width * height

function passesOf({ pack, sampling, strength }: RepaintTaskInput, part: Part): number {
  const { canvas, grid } = part
  const frames = grid.times.length
  return planSampling(pack.manifest, { sampling, canvas, frames, strength, loop: false }).passes
}

/** What the network is shown of each of its frames: the crop, and which cells of it are to be made. */
async function gather(
  input: RepaintTaskInput,
  part: Part,
  rims: RimReader,
  signal: AbortSignal,
): Promise<Shown[]> {
  const { grid, canvas, range } = part
  const wanted = new Set(grid.shown)
  const found = new Map<number, Shown>()
  const span = { from: Math.min(...wanted), to: Math.max(...wanted) + 1 }
  const nothing = new Uint8Array(areaOf(canvas))
  for await (const { frame, picture } of seenFrames(input, span, signal)) {
    if (!wanted.has(frame)) continue
    const crop = part.cropAt(frame)
    const { data } = resample(picture, crop, canvas)
    const rim = frame >= range.from && frame < range.to ? await rims(frame) : null
    found.set(frame, {
      known: { ...canvas, data: Uint8Array.from(data, (value) => byteOf(value)) },
      hole: rim === null ? nothing : maskOnCanvas(rim.mask, picture, crop, canvas),
    })
  }
  return grid.shown.map((frame) => found.get(frame)!)
}

const byteOf = (value: number): number => Math.min(255, Math.max(0, Math.round(value)))

async function samplePart(
  input: RepaintTaskInput,
  work: {
    readonly part: Part
    readonly shown: readonly Shown[]
    readonly model: PackModel
    /** Passes done by the parts before, and those of all. */
    readonly passed: number
    readonly total: number
  },
  context: TaskContext,
): Promise<SampledClip> {
  const { pack, prompt, sampling, strength, source } = input
  const { part, shown, model, passed, total } = work
  const { canvas, grid } = part
  const conditioning = conditioningOf(shown, canvas)
  const { manifest } = pack
  // The person watches the part that is made, not what is given around it.
  const count = grid.last - grid.first + 1
  const frameSize = 3 * areaOf(canvas)
  const rate = toNumber(source.info.fps)
  const fps = Math.min(rate, manifest.frames / manifest.seconds)
  const sheets = showSheets(context, input.outputFolder, count, fps, canvas)
  return sampleClip({
    ...{ pack, model, prompt, sampling, canvas, conditioning, reranker: null },
    frames: grid.times.length,
    loop: false,
    start: strength < 1 ? { clip: conditioning.given, strength } : null,
    signal: context.signal,
    finish: context.finish,
    onPass: (done) => sheets.onPass(passed + done, total),
    onStep: (estimate, ...where) =>
      sheets.onStep(
        estimate.subarray(grid.first * frameSize, (grid.last + 1) * frameSize),
        ...where,
      ),
  })
}

function conditioningOf(shown: readonly Shown[], canvas: Size): Conditioning {
  const area = areaOf(canvas)
  const mask = new Float32Array(shown.length * area)
  const given = new Float32Array(shown.length * 3 * area)
  shown.forEach(({ known, hole }, frame) => {
    for (let n = 0; n < area; n++) {
      mask[frame * area + n] = 1 - hole[n]!
      for (let c = 0; c < 3; c++) {
        given[(frame * 3 + c) * area + n] = known.data[n * 3 + c]! / 127.5 - 1
      }
    }
  })
  return { mask, given }
}

/** Writes the take in order; frames that no part covers are written empty. */
function createTake(
  input: RepaintTaskInput,
  context: TaskContext,
  means: {
    readonly writer: FrameWriter
    readonly rims: RimReader
    readonly upscaler: UpscaleModel | null
  },
) {
  const { writer, rims, upscaler } = means
  const { source, range } = input
  const rate = toNumber(source.info.fps)
  const empty = new Uint8Array(source.info.width * source.info.height * 4)
  let next = range.from
  let untouched = 0
  let previewAt = 0

  async function write(rgba: Uint8Array): Promise<void> {
    await writer.write(rgba)
    next++
  }
  async function untouchedUpTo(frame: number): Promise<void> {
    while (next < frame) {
      await write(empty)
      untouched++
    }
  }
  return {
    untouched: () => untouched,
    untouchedUpTo,
    async write(part: Part, made: SampledClip, shown: readonly Shown[], opencv: OpenCvBox) {
      await untouchedUpTo(part.range.from)
      const paint = createPainter(opencv, part, made.made, shown, input, upscaler)
      const length = part.range.to - part.range.from
      const none = { start: false, end: false }
      const ramp = joinRamp(length, rate, input.joins ? part.joins : none)
      for await (const { frame, picture } of seenFrames(input, part.range, context.signal)) {
        const rim = await rims(frame)
        if (rim === null) {
          await untouchedUpTo(frame + 1)
          continue
        }
        const painted = await paint(frame, picture, rim, ramp[frame - part.range.from]!)
        await write(painted.rgba)
        const due = performance.now() - previewAt > PREVIEW_EVERY_MS
        if (due) {
          await writePreview(input.outputFolder, painted.shown)
          previewAt = performance.now()
        }
        context.report({
          phase: 'writing',
          ...{ done: next - range.from, total: range.to - range.from },
          ...(due ? { preview: { file: PREVIEW_FILE, frame } } : {}),
        })
      }
    },
  }
}
