import { setImmediate as nextTurn } from 'node:timers/promises'
import type { TrackStop, TrackTaskInput, TrackTaskResult } from '../../../shared/contract/track.js'
import { AppError } from '../../../shared/contract/errors.js'
import type { MaskKeyframe, MaskRec } from '../../../shared/document/model.js'
import { toLassos } from '../../../shared/mask/contours.js'
import { keyframesOf, rasteriseShapes, signedDistance } from '../../../shared/mask/index.js'
import { readFrames } from '../../ffmpeg/frames.js'
import { openMask } from '../maskFrames.js'
import type { TaskContext } from '../taskContext.js'
import { createCutFinder, THUMBNAIL } from '../vision/cuts.js'
import { analysisFactor, analysisSize, type Picture, type Size } from '../vision/image.js'
import { loadOpenCv } from '../vision/opencv.js'
import { chooseKeyframes, type TrackedShapes } from '../vision/track/keyframes.js'
import { createTracker } from '../vision/track/tracker.js'
import { createTrackPreview } from './trackPreview.js'

/** Cells a region should have at least to be followed well; smaller ones are looked at closer. */
const WANTED_AREA = 1500

/** Frames held at a time when going backwards. */
const CHUNK = 40

interface Found extends TrackedShapes {
  readonly confidence: number
}

interface Run {
  /** In the order they were tracked, the start not among them. */
  readonly frames: readonly Found[]
  readonly stop: TrackStop
}

/**
 * Follows a mask from the frame in hand: up to the next painted frame (then from both sides), a
 * cut, or the end of its range.
 *
 * @throws AppError `mask-empty` when the mask is empty on the start frame, `cancelled`, and
 * whatever reading throws
 */
export async function track(input: TrackTaskInput, context: TaskContext): Promise<TrackTaskResult> {
  const { source, frame, direction } = input
  const full = { width: source.info.width, height: source.info.height }
  const plain: MaskRec = { ...input.mask, grow: 0, feather: 0, inverted: false }
  const work = await workSize(input, plain, full)
  const masks = await openMask({ kind: 'keyframes', mask: plain, root: input.root }, work, 0, full)
  const start = await masks(frame)
  const painted = keyframesOf(plain)
    .map((one) => one.frame)
    .filter((one) => plain.tracked?.[String(one)] === undefined)
  const limit = {
    from: Math.max(0, input.range.from),
    to: Math.min(source.info.frames, input.range.to),
  }
  const steps = direction === 'previous' || direction === 'next' ? 1 : Infinity
  const ahead = direction === 'both' || direction === 'forward' || direction === 'next'
  const behind = direction === 'both' || direction === 'backward' || direction === 'previous'
  const next = painted.find((one) => one > frame)
  const previous = painted.findLast((one) => one < frame)
  const to = ahead ? Math.min(limit.to, (next ?? Infinity) + 1, frame + 1 + steps) : frame + 1
  const from = behind ? Math.max(limit.from, previous ?? -1, frame - steps) : frame

  const cuts = await findCuts(input, { from, to }, context)
  const opencv = await loadOpenCv()
  const preview = createTrackPreview(input.outputFolder)
  const anchors = [next, previous].filter((one) => one !== undefined && one >= from && one < to)
  const total = (to - from - 1) * (anchors.length > 0 && steps > 1 ? 2 : 1)
  let done = 0

  /** Goes from one frame towards another; neither is among the results unless it was tracked. */
  async function follow(begin: number, mask: Uint8Array, end: number): Promise<Run> {
    const way = end > begin ? 1 : -1
    const frames: Found[] = []
    const pictures = readWay(input, begin, end, work, context.signal)
    try {
      const first = await pictures.next()
      if (first.done === true) return { frames, stop: 'range' }
      const tracker = createTracker(opencv, { ...work, data: first.value }, mask)
      for (let at = begin + way; at !== end; at += way) {
        // A cut stands before its frame.
        if (cuts.has(way > 0 ? at : at + 1)) return { frames, stop: 'cut' }
        const read = await pictures.next()
        if (read.done === true) return { frames, stop: 'range' }
        const picture: Picture = { ...work, data: read.value }
        const result = tracker.step(picture)
        if (result.gone) return { frames, stop: 'lost' }
        frames.push({
          frame: at,
          shapes: toLassos(result.mask, work, full),
          confidence: result.confidence,
        })
        const file = await preview.offer(picture, result.mask)
        context.report({
          phase: 'tracking',
          done: ++done,
          total,
          ...(file === null ? {} : { preview: { file, frame: at } }),
        })
        await nextTurn()
        context.signal.throwIfAborted()
      }
      return { frames, stop: 'range' }
    } finally {
      await pictures.return(undefined)
    }
  }

  /** One direction, from both sides when a painted frame stands at the other end. */
  async function oneWay(anchor: number | undefined, end: number): Promise<Run> {
    const way = end > frame ? 1 : -1
    const meets = anchor !== undefined && (anchor - frame) * way > 0 && (end - anchor) * way > 0
    const run = await follow(frame, start, meets ? anchor : end)
    if (!meets) return run
    const there = await masks(anchor)
    if (!there.some((value) => value >= 128)) return run.stop === 'range' ? asPainted(run) : run
    const back = await follow(anchor, there, frame)
    return asPainted({
      frames:
        run.stop === 'range'
          ? meet(run.frames, back.frames, work, full)
          : join(run.frames, back.frames.toReversed(), frame, way),
    })
  }

  const forward = ahead && to > frame + 1 ? await oneWay(next, to) : null
  const backward = behind && from < frame ? await oneWay(previous, from - 1) : null
  const list: Found[] = [
    ...(backward === null ? [] : closed(backward, -1, frame, from)),
    {
      frame,
      shapes: toLassos(start, work, full),
      confidence: plain.tracked?.[String(frame)] ?? 1,
      pinned: true,
    },
    ...(forward === null ? [] : closed(forward, 1, frame, to - 1)),
  ]
  const everyFrame = plain.between === 'hold'
  return {
    from: list[0]!.frame,
    to: list.at(-1)!.frame + 1,
    keyframes: everyFrame
      ? Object.fromEntries(list.map((one) => [String(one.frame), one.shapes]))
      : chooseKeyframes(list, full),
    confidence: list.map((one) => Math.round(one.confidence * 100) / 100),
    stopped: {
      ...(forward === null ? {} : { forward: forward.stop }),
      ...(backward === null ? {} : { backward: backward.stop }),
    },
  }
}

/** A run in order of time. Past a cut, and where nothing is left, the mask is empty from there on. */
function closed({ frames, stop }: Run, way: 1 | -1, start: number, last: number): Found[] {
  const end = (frames.at(-1)?.frame ?? start) + way
  const empty: Found[] =
    (stop === 'cut' || stop === 'lost') && (last - end) * way >= 0
      ? [{ frame: end, shapes: [], confidence: 0, pinned: true }]
      : []
  const all = [...frames, ...empty]
  return way > 0 ? all : all.reverse()
}

const asPainted = ({ frames }: Pick<Run, 'frames'>): Run => ({ frames, stop: 'painted' })

/** Two runs on either side of a cut, or of where the region was out of sight: empty between them. */
function join(
  near: readonly Found[],
  far: readonly Found[],
  start: number,
  way: 1 | -1,
): readonly Found[] {
  const last = near.at(-1)?.frame ?? start
  const rest = far.filter((one) => (one.frame - last) * way > 0)
  const first = rest[0]
  const gap = first === undefined || first.frame !== last + way
  const empty: Found = { frame: last + way, shapes: [], confidence: 0, pinned: true }
  return [
    ...near.map((one, n) => (n === near.length - 1 ? { ...one, pinned: true } : one)),
    ...(gap ? emptyRun(empty, first?.frame, way) : []),
    ...rest.map((one, n) => (n === 0 ? { ...one, pinned: true } : one)),
  ]
}

/** The same nothing for every frame up to `end`; one frame when there is no end. */
function emptyRun(one: Found, end: number | undefined, way: 1 | -1): Found[] {
  const count = end === undefined ? 1 : Math.abs(end - one.frame)
  return Array.from({ length: count }, (_, n) => ({ ...one, frame: one.frame + n * way }))
}

/**
 * Blends what was tracked from both sides, by distance in time and by belief. Where only one side
 * got to, that one holds.
 */
function meet(
  near: readonly Found[],
  far: readonly Found[],
  work: Size,
  full: Size,
): readonly Found[] {
  const other = new Map(far.map((one) => [one.frame, one]))
  return near.map((one, n) => {
    const there = other.get(one.frame)
    if (there === undefined || there.shapes.length === 0) return one
    const u = (n + 1) / (near.length + 1)
    const own = (1 - u) * (0.05 + one.confidence)
    const theirs = u * (0.05 + there.confidence)
    const share = theirs / (own + theirs)
    return {
      frame: one.frame,
      shapes: mix(one.shapes, there.shapes, share, work, full),
      confidence: (1 - share) * one.confidence + share * there.confidence,
    }
  })
}

function mix(
  a: MaskKeyframe,
  b: MaskKeyframe,
  share: number,
  work: Size,
  full: Size,
): MaskKeyframe {
  const [one, two] = [a, b].map((shapes) =>
    signedDistance(rasteriseShapes(shapes, full, work), work.width, work.height),
  ) as [Float32Array, Float32Array]
  const mask = new Uint8Array(work.width * work.height)
  for (let i = 0; i < mask.length; i++) {
    const distance = (1 - share) * Math.min(1e4, one[i]!) + share * Math.min(1e4, two[i]!)
    mask[i] = Math.max(0, Math.min(255, Math.round((0.5 - distance) * 255)))
  }
  return toLassos(mask, work, full)
}

/** The grid to work on: the usual one, finer for a small region. */
async function workSize(input: TrackTaskInput, mask: MaskRec, full: Size): Promise<Size> {
  const factor = analysisFactor(full)
  const usual = analysisSize(full, factor)
  const masks = await openMask({ kind: 'keyframes', mask, root: input.root }, usual, 0, full)
  let area = 0
  for (const value of await masks(input.frame)) if (value >= 128) area++
  if (area === 0) {
    throw new AppError(
      'mask-empty',
      'The mask is empty on this frame: there is nothing to follow.',
      {
        hint: 'Paint over the object on this frame, then track again.',
      },
    )
  }
  const closer = Math.floor(factor * Math.sqrt(area / WANTED_AREA))
  return analysisSize(full, Math.max(1, Math.min(factor, closer)))
}

/** Frames from `begin` towards `end` (left out), in that order. */
async function* readWay(
  { source, ffmpegPath }: TrackTaskInput,
  begin: number,
  end: number,
  size: Size,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const options = { ...size, layout: 'rgb24', signal } as const
  if (end > begin) {
    yield* readFrames(ffmpegPath, source, { ...options, from: begin, to: end })
    return
  }
  for (let to = begin + 1; to > end + 1; to -= CHUNK) {
    const from = Math.max(end + 1, to - CHUNK)
    const held: Uint8Array[] = []
    for await (const data of readFrames(ffmpegPath, source, { ...options, from, to })) {
      held.push(data)
    }
    yield* held.reverse()
  }
}

/** First frames after cuts, as source frames. */
async function findCuts(
  { source, ffmpegPath }: TrackTaskInput,
  { from, to }: { readonly from: number; readonly to: number },
  context: TaskContext,
): Promise<ReadonlySet<number>> {
  // A cut shows by standing out of the frames around it.
  const first = Math.max(0, from - 4)
  const last = Math.min(source.info.frames, to + 4)
  const finder = createCutFinder()
  const options = { from: first, to: last, ...THUMBNAIL, layout: 'rgb24' } as const
  let done = 0
  for await (const data of readFrames(ffmpegPath, source, { ...options, signal: context.signal })) {
    finder.add({ ...THUMBNAIL, data })
    if (++done % 16 === 0) {
      context.report({ phase: 'analysing', done, total: last - first })
      await nextTurn()
    }
  }
  return new Set(finder.cuts().map((at) => first + at))
}
