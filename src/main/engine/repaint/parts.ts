import { setImmediate as nextTurn } from 'node:timers/promises'
import type { RepaintTaskInput } from '../../../shared/contract/repaint.js'
import { PAINTED } from '../../../shared/mask/growth.js'
import { toNumber } from '../../../shared/rational.js'
import { readFrames } from '../../ffmpeg/frames.js'
import { openMask } from '../maskFrames.js'
import type { TaskContext } from '../taskContext.js'
import { createCutFinder, THUMBNAIL } from '../vision/cuts.js'
import { analysisFactor, analysisSize, boundingBox } from '../vision/image.js'
import type { Box, Size } from '../vision/image.js'
import { canvasFor, cropPath } from './cropPath.js'
import type { Rect } from './cropPath.js'
import { timeGrid } from './timeGrid.js'
import type { TimeGrid } from './timeGrid.js'

/** The frames of a range that lie in one shot, and how the network is shown them. */
export interface Part {
  /** Source frames `[from, to)`. */
  readonly range: { readonly from: number; readonly to: number }
  /** What lies before and after in the same shot: there the part has to join on. */
  readonly joins: { readonly start: boolean; readonly end: boolean }
  readonly grid: TimeGrid
  /** Size that the network works at. */
  readonly canvas: Size
  /** What of a source frame the network is shown. */
  cropAt(frame: number): Rect
}

/**
 * Splits a range at cuts and plans each piece on its own: nothing carries on over a cut.
 *
 * @returns pieces in order; those without anything painted are left out
 */
export async function planParts(input: RepaintTaskInput, context: TaskContext): Promise<Part[]> {
  const { source, range, pack } = input
  const { manifest } = pack
  const rate = toNumber(source.info.fps)
  const step = (rate * manifest.seconds) / manifest.frames
  const reach = Math.ceil(manifest.frames * step)
  const around = {
    from: Math.max(0, range.from - reach),
    to: Math.min(source.info.frames, range.to + reach),
  }
  const cuts = await findCuts(input, around, context)
  const bounds = [around.from, ...cuts, around.to]
  const boxes = await paintedBoxes(input, context.signal)
  const frame = { width: source.info.width, height: source.info.height }
  return bounds.slice(0, -1).flatMap((from, n): Part[] => {
    const shot = { from, to: bounds[n + 1]! }
    const piece = { from: Math.max(from, range.from), to: Math.min(shot.to, range.to) }
    if (piece.to <= piece.from) return []
    const crops =
      boxes === null
        ? [{ x: 0, y: 0, ...frame }]
        : cropPath(
            boxes.slice(piece.from - range.from, piece.to - range.from),
            ...[frame, manifest, rate],
          )
    const [first] = crops ?? []
    if (crops === null || first === undefined) return []
    return [
      {
        range: piece,
        joins: { start: piece.from > shot.from, end: piece.to < shot.to },
        grid: timeGrid(piece, shot, step, manifest.frames),
        canvas: canvasFor(first, manifest),
        cropAt: (at) => crops[Math.max(0, Math.min(crops.length - 1, at - piece.from))]!,
      },
    ]
  })
}

/** First frames after cuts. */
async function findCuts(
  { source, ffmpegPath }: RepaintTaskInput,
  range: { readonly from: number; readonly to: number },
  context: TaskContext,
): Promise<number[]> {
  const finder = createCutFinder()
  const total = range.to - range.from
  const thumbnails = readFrames(ffmpegPath, source, {
    ...range,
    ...THUMBNAIL,
    layout: 'rgb24',
    signal: context.signal,
  })
  let done = 0
  for await (const data of thumbnails) {
    finder.add({ ...THUMBNAIL, data })
    if (++done % 16 !== 0 && done !== total) continue
    context.report({ phase: 'analysing', done, total })
    await nextTurn()
  }
  return finder.cuts().map((cut) => range.from + cut)
}

/** What is painted on each frame of the range, with what the mask grows by; null without a mask. */
async function paintedBoxes(
  { source, range, mask, growth }: RepaintTaskInput,
  signal: AbortSignal,
): Promise<(Box | null)[] | null> {
  if (mask === null) return null
  const size = { width: source.info.width, height: source.info.height }
  // Where something is painted need not be known to the pixel.
  const factor = analysisFactor(size)
  const small = analysisSize(size, factor)
  const read = await openMask(mask, small, range.from, size)
  const boxes: (Box | null)[] = []
  let held: Uint8Array | null = null
  let box: Box | null = null
  for (let frame = range.from; frame < range.to; frame++) {
    const data = await read(frame)
    if (held !== data) box = boxOf(data, small, factor, growth, size)
    held = data
    boxes.push(box)
    if (boxes.length % 32 === 0) {
      await nextTurn()
      signal.throwIfAborted()
    }
  }
  return boxes
}

function boxOf(data: Uint8Array, small: Size, factor: number, growth: number, size: Size) {
  const painted = data.map((value) => (value >= PAINTED ? 1 : 0))
  const box = boundingBox(painted, small, Math.ceil(growth / factor) + 1)
  if (box === null) return null
  const x = box.x * factor
  const y = box.y * factor
  return {
    ...{ x, y },
    width: Math.min(size.width - x, box.width * factor),
    height: Math.min(size.height - y, box.height * factor),
  }
}
