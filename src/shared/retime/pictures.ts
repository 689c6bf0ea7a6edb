import type { Smoothness } from './operations.js'
import { frameInPiece } from './timeMap.js'
import type { TimeMap } from './timeMap.js'

/** What an output frame shows: a source frame as it is, or what lies between it and the next. */
export interface PlannedPicture {
  /** Source frame, counted from the first of the range. */
  readonly frame: number
  /** 0 shows the frame itself; else how far it is to the next one, above 0 and below 1. */
  readonly share: number
}

export interface PicturePlan {
  readonly smoothness: Smoothness
  /** Frames `[first, end)` that there are: slow motion leans on one beyond the range where it can. */
  readonly first: number
  readonly end: number
}

/** Shares nearer to a frame than this show that frame: nobody can tell them apart. */
const CLOSE = 0.02

/** What every output frame of a time map shows. */
export function planPictures(map: TimeMap, plan: PicturePlan): PlannedPicture[] {
  const { smoothness, first, end } = plan
  const last = map.sourceFrames - 1
  const out: PlannedPicture[] = []
  for (const { piece, start, end: stop } of map.pieces) {
    const backward = piece.kind === 'play' && piece.to < piece.from
    for (let frame = start; frame < stop; frame++) {
      const at = frameInPiece(piece, frame - start)
      const below = Math.floor(at + CLOSE)
      const share = Math.max(0, at - below)
      if (smoothness === 'repeat' || share < CLOSE) {
        const whole = backward && share >= CLOSE ? below + 1 : below
        out.push({ frame: Math.max(0, Math.min(last, whole)), share: 0 })
      } else if (below < first || below + 1 >= end) {
        // Nothing lies there to lean on: the end of the file stands still.
        out.push({
          frame: Math.max(0, Math.min(last, below < first ? below + 1 : below)),
          share: 0,
        })
      } else out.push({ frame: below, share })
    }
  }
  return out
}
