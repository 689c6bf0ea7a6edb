/**
 * MultiDiffusion over time (Bar-Tal et al., 2023): a clip longer than one pass, or one without an
 * end, is predicted in overlapping windows whose velocities are averaged at every step.
 */
export interface TimeWindow {
  /** Frame of the clip that each frame of the window shows; wraps around in a loop. */
  readonly frames: readonly number[]
  /** Share of this window in each of its frames; over all windows they sum to 1 for each frame. */
  readonly weights: readonly number[]
}

/** Share of a window that its neighbour covers too, at least. */
const OVERLAP = 0.25

/**
 * @param total frames of the clip, at least `length`
 * @param length frames of one pass
 */
export function planWindows(total: number, length: number, loop: boolean): TimeWindow[] {
  const starts = loop ? loopStarts(total, length) : lineStarts(total, length)
  const sums = new Float64Array(total)
  // Least where a window ends: there its neighbour speaks for the frame, and no seam shows.
  const share = (n: number): number => Math.min(n, length - 1 - n) + 0.5
  const framesFrom = (start: number): number[] =>
    Array.from({ length }, (_, n) => (start + n) % total)
  for (const start of starts) framesFrom(start).forEach((frame, n) => (sums[frame]! += share(n)))
  return starts.map((start) => {
    const frames = framesFrom(start)
    return { frames, weights: frames.map((frame, n) => share(n) / sums[frame]!) }
  })
}

function lineStarts(total: number, length: number): number[] {
  const stride = length * (1 - OVERLAP)
  const count = Math.ceil((total - length) / stride) + 1
  if (count === 1) return [0]
  return Array.from({ length: count }, (_, n) => Math.round((n * (total - length)) / (count - 1)))
}

/** Two windows at least, so that the one's middle lies over the other's seam. */
function loopStarts(total: number, length: number): number[] {
  const count = Math.max(2, Math.ceil(total / (length * (1 - OVERLAP))))
  return Array.from({ length: count }, (_, n) => Math.round((n * total) / count))
}
