import { setImmediate as nextTurn } from 'node:timers/promises'

import { createShotTracker, type AnalysedFrame } from './analyse.js'
import type { Picture } from './image.js'
import { paintHole } from './keyFrame.js'
import type { OpenCvBox } from './opencv.js'
import { createRandom } from './random.js'
import { fillWindow, type WindowFrame } from './window.js'

export interface ShotInput {
  readonly picture: Picture
  /** 0/1 per pixel: what has to be replaced, already grown by its margin. */
  readonly mask: Uint8Array
}

/** Frames held at a time, by what they are for. Memory is their sum times that of a frame. */
export interface WindowPlan {
  /** Earlier frames kept to borrow from. */
  readonly lookback: number
  /** Frames finished together. */
  readonly core: number
  /** Later frames read ahead to borrow from. */
  readonly lookahead: number
}

export interface FillOptions {
  readonly plan: WindowPlan
  readonly signal: AbortSignal
  /** For what has to be invented: the same seed gives the same picture. */
  readonly seed: number
  /** Called when another frame has been read and measured. */
  readonly onAnalysed?: (count: number) => void
  /** Called when it is known where another frame's hole can be seen. */
  readonly onPrepared?: (count: number) => void
}

/**
 * Fills the holes of one shot, streaming: frames go in and come out in order, and never more than
 * the plan's sum are held, however long the shot is.
 */
export async function* fillShot(
  opencv: OpenCvBox,
  input: AsyncIterable<ShotInput>,
  { plan, signal, seed, onAnalysed, onPrepared }: FillOptions,
): AsyncGenerator<WindowFrame> {
  const tracker = createShotTracker(opencv)
  const random = createRandom(seed)
  const held: AnalysedFrame[] = []
  let done = 0
  let analysed = 0
  let prepared = 0
  let last: Picture | null = null
  const size = plan.lookback + plan.core + plan.lookahead

  async function* flush(to: number): AsyncGenerator<WindowFrame> {
    const carried = last === null || done === 0 ? null : { at: done - 1, picture: last }
    for await (const result of fillWindow(opencv, held, done, to, carried, random, signal, () =>
      onPrepared?.(++prepared),
    )) {
      last =
        result.filled === null
          ? result.frame.picture
          : paintHole(result.frame, result.filled.colours)
      yield result
    }
    done = to
    const drop = Math.max(0, done - plan.lookback)
    held.splice(0, drop)
    done -= drop
  }

  for await (const { picture, mask } of input) {
    signal.throwIfAborted()
    held.push(tracker.add(picture, mask))
    onAnalysed?.(++analysed)
    await nextTurn()
    if (held.length >= size) yield* flush(held.length - plan.lookahead)
  }
  if (done < held.length) yield* flush(held.length)
}
