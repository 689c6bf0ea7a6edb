import { setImmediate as nextTurn } from 'node:timers/promises'
import { AppError } from '../../../shared/contract/errors.js'
import type { StyliseTaskInput, StyliseTaskResult } from '../../../shared/contract/stylise.js'
import { STROKE_PIXELS } from '../../../shared/style.js'
import { readFrames } from '../../ffmpeg/frames.js'
import { openTakeParts } from '../../ffmpeg/takeParts.js'
import { openStyleModel } from '../models/styleModel.js'
import type { StyleModel } from '../models/styleModel.js'
import type { TaskContext } from '../serve.js'
import type { Picture, Size } from '../vision/image.js'
import { loadOpenCv } from '../vision/opencv.js'
import { enlargePainted } from '../vision/stylise/enlarge.js'
import { resizePicture } from '../vision/stylise/resample.js'
import { createSteadier } from '../vision/stylise/steady.js'
import { createClock } from './clock.js'
import { openFeathered } from './featheredMask.js'
import { PREVIEW_EVERY_MS, PREVIEW_FILE, writePreview } from './previewPicture.js'
import { layOver, openUnder } from './underTakes.js'

/** Frames of the clip whose statistics are pooled, evenly over the range. */
const SAMPLES = 6
/** Share of the frame before at full smoothing: what appears must still come in. */
const MOST_HELD = 0.85

/** What every frame of the clip is painted with. */
interface Recipe {
  readonly modulation: Float32Array
  readonly statistics: Float32Array
}

/**
 * Paints frames in the style of a picture: at the size that the strokes ask for, kept steady along
 * the motion, then enlarged with the source's own edges. Writes a take in parts (RGBA, alpha 0
 * wherever the source shows) and, on the way, preview.png into the output folder. Where parts are
 * there already it goes on behind them, after painting again as many frames as the next still holds
 * on to: what comes out differs from a run without a stop by less than a level.
 *
 * @throws AppError `pack-failed`, `cancelled`, `mask-invalid`, and what reading and writing throw
 */
export async function stylise(
  input: StyliseTaskInput,
  context: TaskContext,
): Promise<StyliseTaskResult> {
  const { source, range, params, outputFolder, ffmpegPath } = input
  const { signal } = context
  const size = { width: source.info.width, height: source.info.height }
  const work = workSize(size, STROKE_PIXELS[params.strokes])
  const total = range.to - range.from
  const clock = createClock()
  context.report({ phase: 'loading', done: 0, total: null })
  const model = await clock.time('loading', () => openStyleModel(input.pack))
  try {
    const recipe = await clock.time('analysing', () => prepare(input, model, work, context))
    const maskAt = await openFeathered(input, size)
    const steadier = createSteadier(await loadOpenCv())
    const parts = await openTakeParts(ffmpegPath, outputFolder, { ...size, fps: source.info.fps })
    const again = parts.known === total ? 0 : Math.min(parts.known, heldFrames(params.smoothing))
    const left = { from: range.from + parts.known - again, to: range.to }
    const frames = readFrames(ffmpegPath, source, { ...left, layout: 'rgb24', signal })
    const layers = input.under.map((take) =>
      openUnder({ source, ffmpegPath, range: left }, take, signal),
    )
    const still = source.info.kind === 'image' && input.under.length === 0
    let held: Float32Array | null = null
    let done = parts.known - again
    let previewAt = 0
    try {
      for await (const data of frames) {
        const frame = range.from + done
        for (const layer of layers) await layer.layOver(data, frame)
        const picture = { ...size, data }
        const mask = (await maskAt?.(frame)) ?? null
        // A new buffer each time: the writer still holds the one before.
        const out = new Uint8Array(size.width * size.height * 4)
        const seen = mask === null || mask.some((value) => value > 0)
        if (seen) {
          if (held === null || !still) {
            const small = clock.now('resizing', () => resizePicture(picture, work))
            const fresh = await clock.time('painting', () =>
              model.paint(small, recipe.modulation, recipe.statistics),
            )
            const steady = clock.now('steadying', () =>
              steadier.next(small, fresh, params.smoothing * MOST_HELD),
            )
            held = clock.now('enlarging', () => enlargePainted(steady, small, picture))
          }
          if (done >= parts.known)
            layOut(held, picture, { mask, keepColours: params.keepColours }, out)
        } else {
          steadier.forget()
        }
        // Every frame is painted; nothing behind it is guessed.
        const note = { confidence: 1, seen: 1, untouched: !seen }
        const isNew = done >= parts.known
        if (isNew) await clock.time('writing', () => parts.write(out, note))
        done++
        const due = isNew && seen && performance.now() - previewAt > PREVIEW_EVERY_MS
        if (due) {
          layOver(data, out)
          await writePreview(outputFolder, picture)
          previewAt = performance.now()
        }
        context.report({
          phase: 'painting',
          done: Math.max(done, parts.known),
          total,
          ...(due ? { preview: { file: PREVIEW_FILE, frame } } : {}),
        })
        // A pass of the network blocks: messages are read in between.
        await nextTurn()
        signal.throwIfAborted()
      }
    } finally {
      // Also when it is cancelled or fails: what is finished stays finished.
      await parts.close()
      await frames.return(undefined)
      for (const layer of layers) await layer.close()
    }
    return {
      frames: total,
      untouched: parts.notes().filter((note) => note.untouched).length,
      painted: work,
      provider: model.provider,
      refused: model.refused,
      phasesSeconds: clock.seconds(),
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    }
  } finally {
    await model.release()
  }
}

/**
 * Encodes the reference once and measures the clip once. Strength is a straight line between what
 * the clip's own pictures ask for, with which the network gives them back, and what the reference does.
 */
async function prepare(
  { source, range, params, pack, reference, ffmpegPath }: StyliseTaskInput,
  model: StyleModel,
  work: Size,
  context: TaskContext,
): Promise<Recipe> {
  const { signal } = context
  const side = pack.manifest.style.referenceSide
  const wanted = spread(range.from, range.to, SAMPLES)
  const total = wanted.length + 1
  const sized = lookSize(reference.info, side)
  const [picture] = await readAt(ffmpegPath, reference, [0], sized, signal)
  if (picture === undefined) throw new AppError('reference-invalid', 'The picture is empty.')
  const style = await model.encode(picture)
  context.report({ phase: 'analysing', done: 1, total })
  const samples: Picture[] = []
  const own = new Float32Array(style.length)
  for (const frame of wanted) {
    const [sample] = await readAt(ffmpegPath, source, [frame], work, signal)
    if (sample === undefined) continue
    samples.push(sample)
    const asks = await model.encode(resizePicture(sample, lookSize(work, side)))
    for (let n = 0; n < own.length; n++) own[n] = own[n]! + asks[n]! / wanted.length
    context.report({ phase: 'analysing', done: samples.length + 1, total })
    await nextTurn()
    signal.throwIfAborted()
  }
  const modulation = style.map((value, n) => own[n]! + params.strength * (value - own[n]!))
  return { modulation, statistics: await model.measure(samples, modulation) }
}

async function readAt(
  ffmpegPath: string,
  source: StyliseTaskInput['source'],
  frames: readonly number[],
  size: Size,
  signal: AbortSignal,
): Promise<Picture[]> {
  const pictures: Picture[] = []
  for (const frame of frames) {
    const options = { from: frame, to: frame + 1, layout: 'rgb24', ...size, signal } as const
    for await (const data of readFrames(ffmpegPath, source, options)) {
      pictures.push({ ...size, data })
    }
  }
  return pictures
}

/** At most so many frames, each in the middle of its share of the range. */
function spread(from: number, to: number, most: number): number[] {
  const count = Math.min(most, to - from)
  return Array.from(
    { length: count },
    (_, n) => from + Math.floor(((n + 0.5) * (to - from)) / count),
  )
}

/** Frames after which less than half a level of one is left in those that hold on to it. */
function heldFrames(smoothing: number): number {
  return smoothing < 0.01
    ? 0
    : Math.min(48, Math.ceil(Math.log(1 / 512) / Math.log(smoothing * MOST_HELD)))
}

/** The frame's own shape with at most so many pixels. */
export function workSize({ width, height }: Size, pixels: number): Size {
  const scale = Math.min(1, Math.sqrt(pixels / (width * height)))
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  }
}

/** The size at which a picture is looked at: its shorter side as in training, never too long. */
function lookSize({ width, height }: Size, side: number): Size {
  const scale = Math.min(side / Math.min(width, height), (side * 2.5) / Math.max(width, height))
  return {
    width: Math.max(16, Math.round(width * scale)),
    height: Math.max(16, Math.round(height * scale)),
  }
}

/** Paint as a frame of the take: opaque where the mask is. */
function layOut(
  painted: Float32Array,
  { data }: Picture,
  options: { readonly mask: Uint8Array | null; readonly keepColours: boolean },
  out: Uint8Array,
): void {
  const { mask, keepColours } = options
  for (let from = 0, to = 0, n = 0; from < painted.length; from += 3, to += 4, n++) {
    const alpha = mask === null ? 255 : mask[n]!
    if (alpha === 0) continue
    let red = painted[from]!
    let green = painted[from + 1]!
    let blue = painted[from + 2]!
    if (keepColours) {
      const r = data[from]!
      const g = data[from + 1]!
      const b = data[from + 2]!
      // The same step of light for all three: differences of colour stay those of the source.
      const light = 0.299 * (red - r) + 0.587 * (green - g) + 0.114 * (blue - b)
      red = r + light
      green = g + light
      blue = b + light
    }
    out[to] = byte(red)
    out[to + 1] = byte(green)
    out[to + 2] = byte(blue)
    out[to + 3] = alpha
  }
}

const byte = (value: number): number => (value <= 0 ? 0 : value >= 255 ? 255 : Math.round(value))
