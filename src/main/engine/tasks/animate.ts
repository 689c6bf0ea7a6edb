import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { AnimateTaskInput, AnimateTaskResult } from '../../../shared/contract/engine.js'
import { AppError } from '../../../shared/contract/errors.js'
import { openWriter, rawInput } from '../../ffmpeg/frameWriter.js'
import { openMask } from '../maskFrames.js'
import type { TaskContext } from '../taskContext.js'
import { animateStill } from '../vision/animateStill.js'
import type { Picture, Size } from '../vision/image.js'
import { motionShare, scaleField, turnsOf, uniformField } from '../vision/stillMotion.js'
import type { MotionField } from '../vision/stillMotion.js'
import { imagineMotion } from './imagineMotion.js'
import { readShown } from './shown.js'

const CLIP_FILE = 'clip.mkv'
/** Cells along the longer side of a motion field: motion is smooth, pictures are not. */
const FIELD_SIDE = 192
/** Cells a frame below which a model's flow is measuring noise. */
const LEAST_MOTION = 0.01
/** Seconds of motion between two fades: shorter ones are seen as a pulse. */
const SHORTEST_TURN = 1.5

/**
 * Sets a still, or a region of it, in motion at its full size, in a seamless cycle: writes
 * clip.mkv (H.264 without loss, in RGB: what does not move takes no room and stays bit for bit).
 *
 * @throws AppError `mask-empty`, `motion-none`, `pack-failed`, `cancelled`
 */
export async function animate(
  input: AnimateTaskInput,
  context: TaskContext,
): Promise<AnimateTaskResult> {
  const { frames, strength, motion } = input
  const started = performance.now()
  const still = await readStill(input, context.signal)
  const region = await readRegion(input, still)
  const size = fieldSize(still)
  const small = shrinkMask(region, still, size)

  let model: Pick<AnimateTaskResult, 'provider' | 'refused'> = { provider: null, refused: [] }
  let field: MotionField
  if (motion.kind === 'direction') field = uniformField(size, motion.degrees)
  else {
    const imagined = await imagineMotion(input, motion, { still, region: small, size }, context)
    model = { provider: imagined.provider, refused: imagined.refused }
    field = imagined.field
  }
  const seconds = (frames * input.fps.den) / input.fps.num
  const most = Math.floor(seconds / SHORTEST_TURN)
  const turns = turnsOf(small, size, strength, most)
  const scaled = scaleField(field, motionShare(small, size), {
    strength,
    cycle: frames,
    turns,
    least: motion.kind === 'direction' ? 0 : LEAST_MOTION,
  })
  if (scaled === null) {
    throw new AppError('motion-none', 'The model imagined no movement for these words.', {
      hint: 'Choose a direction, or try other words or another seed.',
    })
  }
  const planned = performance.now()
  await writeClip(input, still, animateStill(still, region, scaled, frames, turns), context)
  return {
    frames,
    ...model,
    phasesSeconds: {
      planning: (planned - started) / 1000,
      encoding: (performance.now() - planned) / 1000,
    },
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  }
}

async function readStill(
  { source, frame, under, ffmpegPath }: AnimateTaskInput,
  signal: AbortSignal,
): Promise<Picture> {
  const range = { from: frame, to: frame + 1 }
  for await (const still of readShown({ source, under, ffmpegPath }, range, signal)) return still
  throw new AppError('media-damaged', 'The picture could not be decoded.', {
    hint: 'Open it in another program and save it again.',
  })
}

async function readRegion({ region }: AnimateTaskInput, size: Size): Promise<Uint8Array> {
  if (region === null) return new Uint8Array(size.width * size.height).fill(255)
  const coverage = await (await openMask(region, size, 0))(0)
  if (coverage.some((value) => value > 0)) return coverage
  throw new AppError('mask-empty', 'The region is empty: nothing may move.', {
    hint: 'Paint over what should move, or animate the whole picture.',
  })
}

function fieldSize({ width, height }: Size): Size {
  const factor = Math.min(1, FIELD_SIDE / Math.max(width, height))
  return {
    width: Math.max(2, Math.round(width * factor)),
    height: Math.max(2, Math.round(height * factor)),
  }
}

/** Coverage at the field's size; a cell that is covered in part is not covered. */
function shrinkMask(mask: Uint8Array, from: Size, to: Size): Uint8Array {
  const small = new Uint8Array(to.width * to.height).fill(255)
  for (let y = 0; y < from.height; y++) {
    const row = Math.min(to.height - 1, Math.floor((y * to.height) / from.height)) * to.width
    for (let x = 0; x < from.width; x++) {
      const cell = row + Math.min(to.width - 1, Math.floor((x * to.width) / from.width))
      if (mask[y * from.width + x]! < 128) small[cell] = 0
    }
  }
  return small
}

async function writeClip(
  { outputFolder, ffmpegPath, fps, frames }: AnimateTaskInput,
  { width, height }: Size,
  frameAt: (frame: number) => Picture,
  context: TaskContext,
): Promise<void> {
  const writer = openWriter(ffmpegPath, {
    input: rawInput({ layout: 'rgb24', width, height, fps }),
    output: [
      ...['-c:v', 'libx264rgb', '-preset', 'veryfast', '-qp', '0', '-pix_fmt', 'rgb24'],
      ...['-f', 'matroska'],
    ],
    path: join(outputFolder, CLIP_FILE),
    doing: 'write the animated clip',
    frameSize: width * height * 3,
    signal: context.signal,
  })
  try {
    for (let frame = 0; frame < frames; frame++) {
      await writer.write(frameAt(frame).data)
      context.report({ phase: 'encoding', done: frame + 1, total: frames })
      await nextTurn()
      context.signal.throwIfAborted()
    }
    await writer.finish()
  } catch (error) {
    await writer.abort()
    throw error
  }
}
