import { setImmediate as nextTurn } from 'node:timers/promises'
import { placeFrame, type AnalysedFrame, type Placement, type TrackerState } from './analyse.js'
import type { ShotInput } from './analyse.js'
import type { Evidence } from './gate.js'
import type { Homography } from './homography.js'
import type { Picture } from './image.js'
import type { Finished } from './window.js'

/**
 * All that filling a shot carries from one window to the next, except for the pictures, which can
 * be read again. Plain numbers: JSON gives back the very same ones. Frames count from the shot's
 * first.
 */
export interface ShotCheckpoint {
  /** Frames that are finished. */
  readonly finished: number
  /** First frame that is still held, and the place of each one held. */
  readonly first: number
  readonly held: readonly Placement[]
  readonly anchor: { readonly at: number; readonly placement: Placement }
  readonly velocity: Homography
  /** Where the last finished frame borrowed from, and what its filling was judged by. */
  readonly maps: readonly (readonly [number, Homography])[]
  readonly evidence: Evidence | null
  /** How plausible looks what was invented in it, 0..1. */
  readonly plausibility: number
  /** State of the random numbers. */
  readonly random: number
}

/** What going on needs besides the frames from `checkpoint.first` on. */
export interface TakenUp {
  readonly checkpoint: ShotCheckpoint
  /** The frame `checkpoint.anchor.at`; null where it is among those held. */
  readonly anchor: ShotInput | null
  /** What the take holds of frame `finished - 1`: RGBA, alpha 0 wherever the source shows. */
  readonly lastTake: Uint8Array
}

/** True where the anchor has to be read on its own. */
export function isAnchorApart({ anchor, first }: ShotCheckpoint): boolean {
  return anchor.at < first
}

/** Puts the frames of a checkpoint back in their places. */
export async function takeUp(
  { checkpoint, anchor: apart, lastTake }: TakenUp,
  frames: AsyncIterator<ShotInput>,
  signal: AbortSignal,
): Promise<{
  readonly held: AnalysedFrame[]
  readonly tracker: TrackerState
  readonly done: number
  readonly last: Finished
}> {
  const { first, finished, anchor, velocity } = checkpoint
  const held: AnalysedFrame[] = []
  for (const placement of checkpoint.held) {
    const next = await frames.next()
    if (next.done === true) break
    signal.throwIfAborted()
    held.push(placeFrame(next.value.picture, next.value.mask, placement))
    await nextTurn()
  }
  const done = finished - first
  const previous = held[checkpoint.held.length - 1]
  const own =
    apart === null
      ? held[anchor.at - first]
      : placeFrame(apart.picture, apart.mask, anchor.placement)
  const before = held[done - 1]
  if (previous === undefined || own === undefined || before === undefined) {
    throw new Error('A checkpoint does not fit the frames it belongs to.')
  }
  return {
    held,
    done,
    tracker: { previous, anchor: own, velocity },
    last: {
      frame: before,
      picture: layOver(before.picture, lastTake),
      maps: new Map(checkpoint.maps),
      evidence: checkpoint.evidence,
      plausibility: checkpoint.plausibility,
    },
  }
}

/** A picture with a take's pixels in it, opaque: what the hole was finished as. */
function layOver(picture: Picture, take: Uint8Array): Picture {
  const data = picture.data.slice()
  for (let pixel = 0; pixel * 4 < take.length; pixel++) {
    if (take[pixel * 4 + 3] === 0) continue
    for (let c = 0; c < 3; c++) data[pixel * 3 + c] = take[pixel * 4 + c]!
  }
  return { ...picture, data }
}
