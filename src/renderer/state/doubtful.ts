/** A frame and how sure it is, 0..1. */
export interface Judged {
  readonly frame: number
  readonly value: number
}

/** The weakest frame of every run of frames below the limit, in order of time. */
export function weakSpots(frames: readonly Judged[], limit: number): number[] {
  const spots: number[] = []
  let worst: Judged | null = null
  let last = Number.NEGATIVE_INFINITY
  for (const one of [...frames].sort((a, b) => a.frame - b.frame)) {
    const isWeak = one.value < limit
    if (worst !== null && (!isWeak || one.frame !== last + 1)) {
      spots.push(worst.frame)
      worst = null
    }
    if (isWeak && (worst === null || one.value < worst.value)) worst = one
    last = one.frame
  }
  if (worst !== null) spots.push(worst.frame)
  return spots
}

/** The spot after (or before) a frame, from the other end when there is none. */
export function neighbourSpot(
  spots: readonly number[],
  frame: number,
  direction: -1 | 1,
): number | undefined {
  return direction > 0
    ? (spots.find((spot) => spot > frame) ?? spots[0])
    : (spots.findLast((spot) => spot < frame) ?? spots.at(-1))
}
