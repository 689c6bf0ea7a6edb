import { setImmediate as nextTurn } from 'node:timers/promises'
import type { StyliseTaskInput } from '../../../../shared/contract/stylise.js'
import { coarseMotion, frameOf, ofOneScene } from '../../vision/between/pairMotion.js'
import type { Frame } from '../../vision/between/pairMotion.js'
import { analysisFactor, luma, shrinkPicture } from '../../vision/image.js'
import type { Picture, Plane, Size } from '../../vision/image.js'
import { carryPaint } from '../../vision/stylise/carry/carryPaint.js'
import type { PaintedKey, Reaching } from '../../vision/stylise/carry/keys.js'
import { followed, packWay, stillWay, unpackWay } from '../../vision/stylise/carry/way.js'
import type { PackedWay, Trail, Way } from '../../vision/stylise/carry/way.js'
import type { Clock } from '../clock.js'
import type { KeyPainter } from './keyPainter.js'
import type { PaintedFrame } from './layOut.js'
import { readShown } from '../shown.js'

/** Frames before a key frame that its paint is carried back to: they are kept until it is there. */
export const REACH_BACK = 96

/** A frame that waits for the next key frame. */
interface Waiting {
  readonly frame: number
  readonly plane: Plane
  /** The way to the key frame before; null where there is none in its scene. */
  readonly before: PackedWay | null
  /** Motion to the frame after it, of cells of its own size. */
  onward: { readonly size: Size; readonly way: PackedWay } | null
}

interface Key {
  readonly frame: number
  readonly paint: PaintedKey
  /** What is seen on it. */
  readonly seen: Frame
}

/**
 * Paints key frames and carries their paint to the frames between, from both sides, never across a
 * cut. Frames are read twice, one reader ahead of the other: what waits is motion and no pictures,
 * at most {@link REACH_BACK} frames of it whatever the length of the clip.
 *
 * Nothing but the key frames decides how a frame comes out, so going on from any frame gives the
 * same bits: it starts again at the key frame before it.
 *
 * @param from source frame of the first that is wanted
 * @param options.onFollowed told each frame whose motion is known, some time before it is painted
 */
export async function* paintByKeys(
  input: StyliseTaskInput,
  painter: KeyPainter,
  from: number,
  options: {
    readonly clock: Clock
    readonly signal: AbortSignal
    readonly onFollowed: (frame: number) => void
  },
): AsyncGenerator<PaintedFrame> {
  const { clock, signal, onFollowed } = options
  const { range, source } = input
  const factor = analysisFactor(source.info)
  const first = painter.freshBefore(from) ?? range.from
  const ahead = readShown(input, { from: first, to: range.to }, signal)
  const behind = readShown(input, { from: first, to: range.to }, signal)

  async function* carried(
    waiting: readonly Waiting[],
    before: Key | null,
    after: Key | null,
  ): AsyncGenerator<PaintedFrame> {
    const waysAfter = after === null ? [] : await waysBack(waiting, after)
    const unpacked: { before: Way | null; after: Way | null } = { before: null, after: null }
    for (const [n, { frame, before: wayBefore }] of waiting.entries()) {
      const next = await behind.next()
      if (next.done === true) return
      const picture = next.value
      if (frame < from) continue
      if (before?.frame === frame) {
        yield asPainted(before, picture)
        continue
      }
      const reaching: Reaching[] = []
      const way = waysAfter[n] ?? null
      const share = nearness(frame, before, after)
      if (before !== null && wayBefore !== null) {
        const near = way === null ? 1 : 1 - share
        unpacked.before = unpackWay(wayBefore, before.seen.plane, unpacked.before)
        reaching.push({ key: before.paint, way: unpacked.before, near })
      }
      if (after !== null && way !== null) {
        const near = reaching.length === 0 ? 1 : share
        unpacked.after = unpackWay(way, after.seen.plane, unpacked.after)
        reaching.push({ key: after.paint, way: unpacked.after, near })
      }
      yield {
        ...{ frame, picture },
        ...clock.now('carrying', () => carryPaint(picture, reaching, painter.toPaint, factor)),
      }
      await pause()
    }
  }

  async function waysBack(waiting: readonly Waiting[], after: Key): Promise<PackedWay[]> {
    const ways = new Array<PackedWay>(waiting.length)
    let way: Trail = stillWay(after.seen.plane)
    for (let n = waiting.length - 1; n >= 0; n--) {
      const { onward, plane } = waiting[n]!
      if (onward === null) throw new Error('There is no motion to go back by.')
      const { width, height, move, belief } = unpackWay(onward.way, onward.size)
      const motion = { flow: { width, height, data: move }, trust: belief }
      const on: Trail = way
      way = clock.now('following', () => followed(on, motion, frameOf(plane), after.seen))
      ways[n] = packWay(way)
      await pause()
    }
    return ways
  }

  const pause = async (): Promise<void> => {
    await nextTurn()
    signal.throwIfAborted()
  }

  let key: Key | null = null
  let trail: Trail | null = null
  let last: Frame | null = null
  let waiting: Waiting[] = []
  let frame = first
  try {
    for await (const picture of ahead) {
      const seen = frameOf(planeOf(picture, factor))
      const pair =
        last === null ? null : clock.now('following', () => coarseMotion(last as Frame, seen))
      const isCut = pair !== null && !ofOneScene(pair)
      const isKey = painter.isKey(frame) || (painter.paintsAny && isCut)
      if (isCut) trail = null
      else if (trail !== null && key !== null && pair !== null) {
        const on: Trail = trail
        const to: Frame = key.seen
        const step = { flow: pair.backward, trust: pair.backwardTrust }
        trail = clock.now('following', (): Trail => followed(on, step, seen, to))
      }
      const way: Trail | null = trail
      const fresh: Key | null = isKey
        ? {
            ...{ frame, seen },
            paint: await clock.time('painting', () => painter.paint(frame, picture, way)),
          }
        : null
      const onward = waiting.at(-1)
      if (pair !== null && !isCut && onward !== undefined) {
        const { width, height, data } = pair.forward
        onward.onward = {
          size: { width, height },
          way: packWay({ move: data, belief: pair.forwardTrust }),
        }
      }
      if (isCut || fresh !== null) {
        yield* carried(waiting, key, isCut ? null : fresh)
        waiting = []
        key = fresh
        trail = fresh === null ? null : stillWay(seen.plane)
      }
      const before = trail === null ? null : packWay(trail)
      waiting.push({ frame, plane: seen.plane, before, onward: null })
      if (waiting.length > REACH_BACK) yield* carried(waiting.splice(0, 1), key, null)
      last = seen
      onFollowed(frame)
      frame++
      await pause()
    }
    yield* carried(waiting, key, null)
  } finally {
    await ahead.return(undefined)
    await behind.return(undefined)
  }
}

/** 0..1: how much nearer the key frame after is; from where its paint begins to arrive. */
function nearness(frame: number, before: Key | null, after: Key | null): number {
  if (after === null) return 0
  const begin = Math.max(before?.frame ?? 0, after.frame - REACH_BACK - 1)
  return Math.min(1, Math.max(0, (frame - begin) / (after.frame - begin)))
}

function asPainted({ frame, paint: { data } }: Key, picture: Picture): PaintedFrame {
  const pixels = data.length / 4
  const colours = new Float32Array(pixels * 3)
  let cover: Uint8Array | null = null
  for (let n = 0; n < pixels; n++) {
    colours[n * 3] = data[n * 4]!
    colours[n * 3 + 1] = data[n * 4 + 1]!
    colours[n * 3 + 2] = data[n * 4 + 2]!
    if (data[n * 4 + 3] === 255) continue
    cover ??= new Uint8Array(pixels).fill(255)
    cover[n] = data[n * 4 + 3]!
  }
  return { frame, picture, colours, cover, confidence: 1 }
}

function planeOf(picture: Picture, factor: number): Plane {
  return luma(shrinkPicture(picture, factor))
}
