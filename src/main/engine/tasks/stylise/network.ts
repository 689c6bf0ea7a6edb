import { setImmediate as nextTurn } from 'node:timers/promises'
import { AppError } from '../../../../shared/contract/errors.js'
import type { StyliseTaskInput } from '../../../../shared/contract/stylise.js'
import type { MaskReader } from '../../maskFrames.js'
import { openStyleModel } from '../../models/styleModel.js'
import type { StyleModel } from '../../models/styleModel.js'
import type { TaskContext } from '../../taskContext.js'
import type { Picture, Size } from '../../vision/image.js'
import { loadOpenCv } from '../../vision/opencv.js'
import { enlargePainted } from '../../vision/stylise/enlarge.js'
import { putTogether } from '../../vision/stylise/layers.js'
import type { Layers } from '../../vision/stylise/layers.js'
import { resizePicture } from '../../vision/stylise/resample.js'
import { createSteadier } from '../../vision/stylise/steady.js'
import { layersOf } from '../../vision/stylise/weave.js'
import type { Clock } from '../clock.js'
import type { PaintedFrame } from './layOut.js'
import { oneAhead, readAt, readShown, spread } from '../shown.js'

/** Frames of the clip whose statistics are pooled, evenly over the range. */
const SAMPLES = 6
/** Share of the frame before at full smoothing: what appears must still come in. */
export const MOST_HELD = 0.94
/**
 * How much stronger strokes become at full strength: the network keeps the drawing, and is shy of
 * them; and without their weave they are steady enough for it.
 */
const BOLDNESS = 2

/** A style pack with what every frame of the clip is painted with. */
export interface Network {
  /** Size that it paints at. */
  readonly work: Size
  readonly model: Pick<StyleModel, 'provider' | 'refused'>
  /** Paints a picture of the size {@link work}. */
  paint(small: Picture): Promise<Layers>
  release(): Promise<void>
}

/**
 * Loads a style pack, encodes the reference once and measures the clip once. Strength is a straight
 * line between what the clip's own pictures ask for, with which the network gives them back, and
 * what the reference does.
 *
 * @throws AppError `pack-failed`, `reference-invalid`, `cancelled`, and what reading throws
 */
export async function openNetwork(
  input: StyliseTaskInput,
  work: Size,
  clock: Clock,
  context: TaskContext,
): Promise<Network> {
  const { pack } = input
  if (pack === null) throw new AppError('internal', 'There is no pack to paint with.')
  context.report({ phase: 'loading', done: 0, total: null })
  const model = await clock.time('loading', () => openStyleModel(pack))
  try {
    const side = pack.manifest.style.referenceSide
    const recipe = await clock.time('analysing', () =>
      prepare(input, { model, side, work }, context),
    )
    return {
      ...{ work, model },
      async paint(small) {
        const painted = await model.paint(small, recipe.modulation, recipe.statistics)
        return layersOf(small, painted, BOLDNESS * input.params.strength)
      },
      release: () => model.release(),
    }
  } catch (error) {
    await model.release()
    throw error
  }
}

async function prepare(
  { source, range, params, reference, ffmpegPath }: StyliseTaskInput,
  { model, side, work }: { readonly model: StyleModel; readonly side: number; readonly work: Size },
  context: TaskContext,
): Promise<{ readonly modulation: Float32Array; readonly statistics: Float32Array }> {
  const { signal } = context
  const wanted = spread(range.from, range.to, SAMPLES)
  const total = wanted.length + 1
  const picture = await readReference(ffmpegPath, reference, side, signal)
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

/** @throws AppError `reference-invalid` */
export async function readReference(
  ffmpegPath: string,
  reference: StyliseTaskInput['reference'],
  side: number,
  signal: AbortSignal,
): Promise<Picture> {
  const [picture] =
    reference === null
      ? []
      : await readAt(ffmpegPath, reference, [0], lookSize(reference.info, side), signal)
  if (picture === undefined) throw new AppError('reference-invalid', 'The picture is empty.')
  return picture
}

/**
 * Every frame painted by the network, kept steady along the motion, and enlarged with the source's
 * own edges.
 *
 * @param from source frame to begin with; as many before it as it still holds on to are painted again
 */
export async function* paintEach(
  input: StyliseTaskInput,
  network: Network,
  from: number,
  maskAt: MaskReader | null,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): AsyncGenerator<PaintedFrame> {
  const { source, range, params } = input
  const { work } = network
  const again = Math.min(from - range.from, heldFrames(params.smoothing))
  const steadier = createSteadier(await loadOpenCv())
  const still = source.info.kind === 'image' && input.under.length === 0
  let held: Float32Array | null = null
  let frame = from - again
  for await (const picture of oneAhead(readShown(input, { from: frame, to: range.to }, signal))) {
    const mask = (await maskAt?.(frame)) ?? null
    const seen = mask === null || mask.some((value) => value > 0)
    if (!seen) steadier.forget()
    else if (held === null || !still) {
      const small = clock.now('resizing', () => resizePicture(picture, work))
      const painted = await clock.time('painting', () => network.paint(small))
      const steady = clock.now('steadying', () =>
        steadier.next(painted, params.smoothing * MOST_HELD),
      )
      held = clock.now('enlarging', () => enlargePainted(putTogether(steady), small, picture))
    }
    // Every frame is painted; nothing behind it is guessed.
    const colours = seen ? held : null
    if (frame >= from) yield { frame, picture, colours, cover: null, confidence: 1 }
    frame++
    // A pass of the network blocks: messages are read in between.
    await nextTurn()
    signal.throwIfAborted()
  }
}

/** Frames after which less than half a level of one is left in those that hold on to it. */
function heldFrames(smoothing: number): number {
  return smoothing < 0.01
    ? 0
    : Math.min(48, Math.ceil(Math.log(1 / 512) / Math.log(smoothing * MOST_HELD)))
}

/** The size at which a picture is looked at: its shorter side as in training, never too long. */
function lookSize({ width, height }: Size, side: number): Size {
  const scale = Math.min(side / Math.min(width, height), (side * 2.5) / Math.max(width, height))
  return {
    width: Math.max(16, Math.round(width * scale)),
    height: Math.max(16, Math.round(height * scale)),
  }
}
