import { setImmediate as nextTurn } from 'node:timers/promises'

import type { Doubtful } from '../../../shared/document/model.js'
import { createShotTracker, placementOf, type AnalysedFrame, type ShotInput } from './analyse.js'
import type { OpenCvBox } from './opencv.js'
import { createRandom } from './random.js'
import { takeUp, type ShotCheckpoint, type TakenUp } from './shotCheckpoint.js'
import { fillWindow, type Finished, type WindowFrame } from './window.js'

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
  /** What stands where nothing vouches for what other frames show: `soft` unless said otherwise. */
  readonly doubtful?: Doubtful
  /**
   * Where an earlier run stopped. The input then begins with the frame `checkpoint.first`, and so
   * does the output with frame `checkpoint.finished`; the result is that of a run without a stop.
   */
  readonly from?: TakenUp
  /** How many of the frames that come out first are finished already: they come out empty. */
  readonly known?: number
  /** Called when another frame has been read and measured. */
  readonly onAnalysed?: (count: number) => void
  /** Called when it is known where another frame's hole can be seen. */
  readonly onPrepared?: (count: number) => void
  /** Called between two windows, when every frame so far has been taken by the caller. */
  readonly onCheckpoint?: (checkpoint: ShotCheckpoint) => Promise<void>
}

/**
 * Fills the holes of one shot, streaming: frames go in and come out in order, and never more than
 * the plan's sum are held, however long the shot is.
 */
export async function* fillShot(
  opencv: OpenCvBox,
  input: AsyncIterable<ShotInput>,
  options: FillOptions,
): AsyncGenerator<WindowFrame> {
  const { plan, signal, seed, from, known = 0, onAnalysed, onPrepared, onCheckpoint } = options
  const { doubtful = 'soft' } = options
  const frames = input[Symbol.asyncIterator]()
  const start = from === undefined ? null : await takeUp(from, frames, signal)
  const tracker = createShotTracker(opencv, start?.tracker ?? null)
  const invention = createRandom(from?.checkpoint.random ?? seed)
  const held: AnalysedFrame[] = start?.held ?? []
  /** Position in the shot of the first frame held, and of the tracker's anchor. */
  let first = from?.checkpoint.first ?? 0
  let anchor = from?.checkpoint.anchor.at ?? 0
  let done = start?.done ?? 0
  let skipped = known
  let analysed = 0
  let prepared = 0
  let last: Finished | null = start?.last ?? null
  const size = plan.lookback + plan.core + plan.lookahead

  async function* flush(to: number): AsyncGenerator<WindowFrame> {
    const window = { frames: held, from: done, to, last, known: skipped, doubtful }
    const random = { invention, grain: seed }
    yield* fillWindow(window, random, signal, {
      onPrepared: () => onPrepared?.(++prepared),
      onFinished: (finished) => (last = finished),
    })
    skipped = Math.max(0, skipped - (to - done))
    done = to
    const drop = Math.max(0, done - plan.lookback)
    held.splice(0, drop)
    first += drop
    done -= drop
  }

  function checkpoint(): ShotCheckpoint | null {
    const state = tracker.state()
    if (state === null || last === null) return null
    return {
      finished: first + done,
      first,
      held: held.map(placementOf),
      anchor: { at: anchor, placement: placementOf(state.anchor) },
      velocity: state.velocity,
      maps: [...last.maps],
      evidence: last.evidence,
      plausibility: last.plausibility,
      random: invention.seed(),
    }
  }

  for (let next = await frames.next(); next.done !== true; next = await frames.next()) {
    const { picture, mask } = next.value
    signal.throwIfAborted()
    const frame = tracker.add(picture, mask)
    if (tracker.state()?.anchor === frame) anchor = first + held.length
    held.push(frame)
    onAnalysed?.(++analysed)
    await nextTurn()
    if (held.length < size) continue
    yield* flush(held.length - plan.lookahead)
    const reached = checkpoint()
    if (reached !== null) await onCheckpoint?.(reached)
  }
  if (done < held.length) yield* flush(held.length)
}
