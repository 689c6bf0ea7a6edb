/** Which source frames the network's frames stand for, around a range of one shot. */
export interface TimeGrid {
  /** Source frame each network frame stands for, never falling; may lie outside the shot. */
  readonly times: readonly number[]
  /** The same folded back into the shot: the frame whose picture is shown. */
  readonly shown: readonly number[]
  /** Network frames `[first, last]` between which the whole range lies. */
  readonly first: number
  readonly last: number
}

/** Least share of a pass that is given on either side of the range, where the shot has it. */
const CONTEXT = 0.1
const LEAST_CONTEXT = 2

/**
 * Lays the network's frames over a range of source frames, with frames before and after it that
 * are given: between them the made part begins and ends where the source is. Where the shot ends,
 * time runs back (mirrored), since a pass has a fixed length.
 *
 * @param range source frames `[from, to)` to make, inside the shot
 * @param shot source frames `[from, to)` between two cuts
 * @param step source frames per network frame
 * @param length frames of one pass
 */
export function timeGrid(
  range: { readonly from: number; readonly to: number },
  shot: { readonly from: number; readonly to: number },
  step: number,
  length: number,
): TimeGrid {
  const wanted = Math.ceil((range.to - 1 - range.from) / step) + 1
  const room = {
    before: Math.floor((range.from - shot.from) / step),
    after: Math.floor((shot.to - 1 - range.from) / step) + 1 - wanted,
  }
  const least = Math.max(LEAST_CONTEXT, Math.round(length * CONTEXT))
  const spare = Math.max(length - wanted, 2 * least)
  // Half on either side; what one side lacks, the other gives.
  const before = clamp(spare - Math.max(0, room.after), Math.floor(spare / 2), room.before)
  const after = Math.min(Math.max(0, room.after), spare - before)
  const total = Math.max(length, before + wanted + after)
  const times = Array.from({ length: total }, (_, n) =>
    Math.round(range.from + (n - before) * step),
  )
  return {
    times,
    shown: times.map((time) => mirror(time, shot)),
    first: before,
    last: Math.min(total - 1, before + wanted - 1),
  }
}

function clamp(least: number, wanted: number, most: number): number {
  return Math.max(0, Math.min(most, Math.max(least, wanted)))
}

function mirror(time: number, { from, to }: { from: number; to: number }): number {
  const length = to - from
  if (length === 1) return from
  const period = 2 * (length - 1)
  const at = (((time - from) % period) + period) % period
  return from + (at < length ? at : period - at)
}

/** The network frame at or before a source frame, and how far it is to the next one, 0..1. */
export function placeIn(
  { times }: TimeGrid,
  frame: number,
): { readonly at: number; readonly share: number } {
  let at = 0
  while (at + 1 < times.length && times[at + 1]! <= frame) at++
  const gap = (times[at + 1] ?? times[at]!) - times[at]!
  return { at, share: gap === 0 ? 0 : Math.max(0, frame - times[at]!) / gap }
}

/**
 * How much of the made part shows on each frame of a range, 0..1: at an end that joins on to the
 * source it fades in, so that sharp frames do not turn soft from one to the next.
 */
export function joinRamp(
  frames: number,
  fps: number,
  joins: { readonly start: boolean; readonly end: boolean },
): Float64Array {
  const length = Math.min(Math.floor(frames / 3), Math.round(fps * JOIN_SECONDS))
  const ease = (n: number): number => {
    const share = Math.min(1, (n + 1) / (length + 1))
    return share * share * (3 - 2 * share)
  }
  return Float64Array.from({ length: frames }, (_, n) =>
    Math.min(joins.start ? ease(n) : 1, joins.end ? ease(frames - 1 - n) : 1),
  )
}

const JOIN_SECONDS = 0.3
