import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  LEFTOVER_KINDS,
  type FoundLeftovers,
  type LeftoverKind,
  type LeftoversTaskInput,
} from '../../../shared/contract/leftovers.js'
import type { MaskKeyframe } from '../../../shared/document/model.js'
import { toLassos } from '../../../shared/mask/contours.js'
import { defaultGrowth } from '../../../shared/mask/growth.js'
import { keyframesOf } from '../../../shared/mask/index.js'
import { readFrames } from '../../ffmpeg/frames.js'
import { openMask } from '../maskFrames.js'
import type { TaskContext } from '../taskContext.js'
import { createCutFinder, THUMBNAIL } from '../vision/cuts.js'
import { scaledBy, scaleWithin } from '../vision/image.js'
import { loadOpenCv } from '../vision/opencv.js'
import { findLeftovers, type MaskedFrame } from '../vision/leftovers/clip.js'

/** Pixels of a frame: a soft edge needs no more, and a larger one gains parts nothing. */
const MOST_PIXELS = 320 * 180

/** Frames held at a time, and how far apart those of a long shot may lie. */
const MOST_FRAMES = 160
const MOST_APART = 3

/**
 * Looks for what a mask leaves out, the object's shadow and parts that stick out, on the mask's key
 * frames, shot by shot and at a reduced size.
 *
 * @throws AppError `cancelled`, and whatever reading throws
 */
export async function leftovers(
  input: LeftoversTaskInput,
  context: TaskContext,
): Promise<FoundLeftovers> {
  const { source, range, mask, params, ffmpegPath } = input
  const { signal } = context
  const full = { width: source.info.width, height: source.info.height }
  const scale = scaleWithin(full, MOST_PIXELS)
  const size = scaledBy(full, scale)
  const growth = Math.max(1, (params.dilate ?? defaultGrowth(full)) * scale)
  const masks = await openMask({ kind: 'keyframes', mask, root: input.root }, size, 0, full)
  const targets = targetsOf(input)
  const total = range.to - range.from
  const opencv = await loadOpenCv()
  const keyframes = { shadow: {}, parts: {} } as Record<LeftoverKind, Record<string, MaskKeyframe>>

  async function judge(frames: readonly MaskedFrame[], at: readonly number[]): Promise<void> {
    const wanted = new Set(at.flatMap((frame, n) => (targets.has(frame) ? [n] : [])))
    if (wanted.size === 0) return
    const found = await findLeftovers(opencv, frames, wanted, growth, async () => {
      await nextTurn()
      signal.throwIfAborted()
    })
    for (const kind of LEFTOVER_KINDS) {
      found[kind].forEach((one, n) => {
        const lassos = one === null ? [] : toLassos(one, size, full)
        if (lassos.length > 0) keyframes[kind][String(at[n])] = lassos
      })
    }
  }

  let frames: MaskedFrame[] = []
  let at: number[] = []
  const cuts = await findCuts(input, context)
  const read = readFrames(ffmpegPath, source, { ...range, ...size, layout: 'rgb24', signal })
  let frame = range.from
  let shot = range.from
  for await (const data of read) {
    if (cuts.has(frame)) shot = frame
    if ((cuts.has(frame) && frames.length > 0) || frames.length >= MOST_FRAMES) {
      await judge(frames, at)
      frames = []
      at = []
    }
    if ((frame - shot) % apartOf(total) === 0 || targets.has(frame)) {
      frames.push({ picture: { ...size, data }, painted: await masks(frame) })
      at.push(frame)
    }
    frame++
    context.report({ phase: 'analysing', done: total + frame - range.from, total: 2 * total })
  }
  await judge(frames, at)
  return { ...keyframes, looked: targets.size }
}

/** The mask's key frames in the range; where it is only held through the range, its first frame. */
function targetsOf({ mask, range }: LeftoversTaskInput): ReadonlySet<number> {
  // What an inverted mask covers is no object.
  if (mask.inverted) return new Set()
  const painted = keyframesOf(mask)
    .map(({ frame }) => frame)
    .filter((frame) => frame >= range.from && frame < range.to)
  return new Set(painted.length > 0 ? painted : [range.from])
}

function apartOf(frames: number): number {
  return Math.min(MOST_APART, Math.max(1, Math.ceil(frames / MOST_FRAMES)))
}

/** First frames after cuts, as source frames. */
async function findCuts(
  { source, range, ffmpegPath }: LeftoversTaskInput,
  context: TaskContext,
): Promise<ReadonlySet<number>> {
  const { signal } = context
  const finder = createCutFinder()
  const total = range.to - range.from
  const options = { ...range, ...THUMBNAIL, layout: 'rgb24', signal } as const
  let done = 0
  for await (const data of readFrames(ffmpegPath, source, options)) {
    finder.add({ ...THUMBNAIL, data })
    if (++done % 16 === 0) {
      context.report({ phase: 'analysing', done, total: 2 * total })
      await nextTurn()
    }
  }
  return new Set(finder.cuts().map((cut) => range.from + cut))
}
