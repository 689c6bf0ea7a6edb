import type { AnalysedFrame } from './analyse.js'
import type { Hole } from './hole.js'
import { between, enlarge, mapX, mapY, type Homography } from './homography.js'
import { analysisFactor } from './image.js'
import { fitAround } from './surroundings.js'

/** Motion of a hole's surroundings from frame to frame along the shot's course, in source pixels. */
export function stepBetween(from: AnalysedFrame, to: AnalysedFrame): Homography {
  return enlarge(between(from.near, to.near), analysisFactor(from.picture))
}

/**
 * Aligns another frame with the surroundings of a frame's hole directly.
 *
 * @param guess frame -> other, in source pixels; by default what the shot's course says
 */
export function viewOf(
  frame: AnalysedFrame,
  other: AnalysedFrame,
  guess: Homography = stepBetween(frame, other),
): Homography {
  if (frame.around === null) return guess
  const factor = analysisFactor(frame.picture)
  const steady = between(frame.pose, other.pose)
  return enlarge(fitAround(frame.around, other.pyramid, steady, enlarge(guess, 1 / factor)), factor)
}

/** Share of the frame before in a view of the same source. */
const HELD = 0.8

/** Source pixels by which two maps may differ and still count half as the same. */
const SAME = 2

/**
 * Holds a map to what the frame before says of the same source: what is left of an alignment's
 * error then wanders slowly where it would jump from frame to frame.
 */
export function hold(fresh: Homography, carried: Homography, { box }: Hole): Homography {
  let gap = 0
  for (const x of [box.x, box.x + box.width]) {
    for (const y of [box.y, box.y + box.height]) {
      const dx = mapX(carried, x, y) - mapX(fresh, x, y)
      const dy = mapY(carried, x, y) - mapY(fresh, x, y)
      gap = Math.max(gap, Math.hypot(dx, dy))
    }
  }
  const held = HELD / (1 + (gap / SAME) ** 4)
  return fresh.map((value, n) => value + held * (carried[n]! - value))
}
