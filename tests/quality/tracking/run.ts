import type { Size } from '../../../src/main/engine/vision/image.js'
import { loadOpenCv } from '../../../src/main/engine/vision/opencv.js'
import { createTracker } from '../../../src/main/engine/vision/track/tracker.js'

export interface TrackCase extends Size {
  readonly frames: readonly Uint8Array[]
  /** Known masks by frame; the first frame's is what tracking starts from. */
  readonly truth: ReadonlyMap<number, Uint8Array>
}

export interface Followed {
  readonly masks: readonly Uint8Array[]
  readonly confidence: readonly number[]
  readonly corrections: number
  /** Processor seconds, so that other work on the machine does not count. */
  readonly secondsPerFrame: number
}

/** Follows the first mask; where `isWrong` says so, the truth is painted and tracked on from. */
export async function followAll(
  clip: TrackCase,
  isWrong: (mask: Uint8Array, at: number) => boolean,
): Promise<Followed> {
  const opencv = await loadOpenCv()
  const picture = (at: number) => ({
    width: clip.width,
    height: clip.height,
    data: clip.frames[at]!,
  })
  const masks = [clip.truth.get(0)!]
  const confidence = [1]
  let corrections = 0
  let tracker = createTracker(opencv, picture(0), masks[0]!)
  const before = process.cpuUsage()
  for (let at = 1; at < clip.frames.length; at++) {
    const found = tracker.step(picture(at))
    const wrong = isWrong(found.mask, at)
    if (wrong) {
      corrections++
      tracker = createTracker(opencv, picture(at), clip.truth.get(at)!)
    }
    masks.push(wrong ? clip.truth.get(at)! : found.mask)
    confidence.push(found.confidence)
  }
  const { user, system } = process.cpuUsage(before)
  const secondsPerFrame = (user + system) / 1e6 / Math.max(1, clip.frames.length - 1)
  return { masks, confidence, corrections, secondsPerFrame }
}
