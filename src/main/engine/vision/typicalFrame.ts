import type { AnalysedFrame } from './analyse.js'
import { chainColour, invertColour } from './colour.js'
import { between, mapX, mapY } from './homography.js'

/** Frames that are compared with each other, at most. */
const COMPARED = 16

/** A frame may lack this much less than the one that lacks most. */
const ENOUGH = 0.9

/**
 * Share of that one's distance to the others, and levels below it, by which another one must be nearer:
 * grain alone is no reason to make something up in a frame that shows more of it.
 */
const NEARER = 0.8
const LEVELS_NEARER = 2

/** Width in cells of the border on which frames are compared. */
const BORDER = 3

/** Levels of difference that mean another thing, however large they are. */
const OTHER = 40

/** Share of a border that two frames must both show to be compared on it. */
const SHARED = 0.3

/**
 * The frame in which to make up what other frames take over: one of those that lack most, and of these
 * one whose hole has around it what the others have around theirs. What is made up while something
 * passes is made of that, and wherever the others show it, it has gone. Under a camera that moves
 * what is around a hole differs anyway, and the one that lacks most is taken.
 *
 * @param lacking hole pixels that are missing, by position in `frames`
 * @param least nothing is made up for fewer
 */
export function typicalFrame(
  frames: readonly AnalysedFrame[],
  lacking: ReadonlyMap<number, number>,
  least: number,
  atRest: boolean,
): number | null {
  let most: number | null = null
  for (const [t, count] of lacking) {
    if (count > (most === null ? least : lacking.get(most)!)) most = t
  }
  if (most === null || !atRest) return most
  const enough = ENOUGH * lacking.get(most)!
  const wide = [...lacking].flatMap(([t, count]) => (count >= enough ? [t] : []))
  const others = some([...lacking.keys()])
  const distance = (t: number): number =>
    distanceTo(
      frames[t]!,
      others.map((o) => frames[o]!),
    )
  let best = most
  const own = distance(most)
  let nearest = Math.min(NEARER * own, own - LEVELS_NEARER)
  for (const t of some(wide)) {
    const far = distance(t)
    if (far < nearest) {
      nearest = far
      best = t
    }
  }
  return best
}

/** At most so many, evenly over all of them. */
function some(all: readonly number[]): number[] {
  if (all.length <= COMPARED) return [...all]
  return Array.from(
    { length: COMPARED },
    (_, k) => all[Math.round((k * (all.length - 1)) / (COMPARED - 1))]!,
  )
}

/** Mean difference in levels of what is around a frame's hole from what others show there. */
function distanceTo(frame: AnalysedFrame, others: readonly AnalysedFrame[]): number {
  const border = borderOf(frame)
  const { width, height } = frame.small
  let sum = 0
  let compared = 0
  for (const other of others) {
    if (other === frame) continue
    const h = between(frame.pose, other.pose)
    const { gain, offset } = chainColour(frame.colour, invertColour(other.colour))
    let own = 0
    let count = 0
    for (const cell of border) {
      const cx = cell % width
      const cy = (cell - cx) / width
      const x = Math.round(mapX(h, cx, cy))
      const y = Math.round(mapY(h, cx, cy))
      if (!(x >= 0 && y >= 0 && x < width && y < height)) continue
      const at = y * width + x
      if (other.known[at] === 0) continue
      let gap = 0
      for (const c of [0, 1, 2] as const) {
        const moved = gain[c] * frame.small.data[cell * 3 + c]! + offset[c]
        gap += Math.abs(moved - other.small.data[at * 3 + c]!)
      }
      own += Math.min(OTHER, gap / 3)
      count++
    }
    if (count < SHARED * border.length) continue
    sum += own / count
    compared++
  }
  return sum / Math.max(1, compared)
}

/** Known cells beside the hole. */
function borderOf({ known, small: { width, height } }: AnalysedFrame): number[] {
  const out: number[] = []
  for (let i = 0; i < known.length; i++) {
    if (known[i] === 0) continue
    const x = i % width
    const y = (i - x) / width
    const near = [
      x >= BORDER ? i - BORDER : i,
      x < width - BORDER ? i + BORDER : i,
      y >= BORDER ? i - BORDER * width : i,
      y < height - BORDER ? i + BORDER * width : i,
    ]
    if (near.some((other) => known[other] === 0)) out.push(i)
  }
  return out
}
