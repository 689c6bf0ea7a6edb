/**
 * Flat point lists `x0, y0, x1, y1 ...`: smoothing and thinning before a gesture becomes a
 * command, so that projects stay small and strokes stay smooth at any zoom.
 */

/** Largest distance in source pixels by which thinning may move an outline. */
export const TOLERANCE = 0.5

/** One pass of a 1-2-1 filter over the inner points: takes the jitter of the hand away, keeps both ends. */
export function smooth(points: readonly number[]): number[] {
  const out = [...points]
  for (let i = 2; i + 3 < points.length; i += 1) {
    out[i] = ((points[i - 2] ?? 0) + 2 * (points[i] ?? 0) + (points[i + 2] ?? 0)) / 4
  }
  return out
}

/** Squared distance of point p to the segment from a to b. */
function squaredDistance(
  px: number,
  py: number,
  ax: number,
  ay: number,
  bx: number,
  by: number,
): number {
  const dx = bx - ax
  const dy = by - ay
  const length = dx * dx + dy * dy
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / length))
  return (px - ax - t * dx) ** 2 + (py - ay - t * dy) ** 2
}

/**
 * Douglas & Peucker (1973): the fewest of the given points such that no dropped point lies
 * further than `tolerance` from the line that remains. First and last point always stay.
 */
export function simplify(points: readonly number[], tolerance: number = TOLERANCE): number[] {
  const count = points.length >> 1
  if (count <= 2) return [...points]
  const keep = new Uint8Array(count)
  keep[0] = 1
  keep[count - 1] = 1
  const limit = tolerance * tolerance
  // An explicit stack: a long, straight-ish stroke would recurse thousands of levels deep.
  const open: [number, number][] = [[0, count - 1]]
  for (let range = open.pop(); range !== undefined; range = open.pop()) {
    const [first, last] = range
    let worst = limit
    let at = -1
    for (let i = first + 1; i < last; i += 1) {
      const distance = squaredDistance(
        points[2 * i] ?? 0,
        points[2 * i + 1] ?? 0,
        points[2 * first] ?? 0,
        points[2 * first + 1] ?? 0,
        points[2 * last] ?? 0,
        points[2 * last + 1] ?? 0,
      )
      if (distance > worst) {
        worst = distance
        at = i
      }
    }
    if (at < 0) continue
    keep[at] = 1
    open.push([first, at], [at, last])
  }
  const out: number[] = []
  for (let i = 0; i < count; i += 1) {
    if (keep[i] === 1) out.push(points[2 * i] ?? 0, points[2 * i + 1] ?? 0)
  }
  return out
}

/** Tenths of a source pixel: finer than anyone paints, and half the bytes. */
export function roundPoints(points: readonly number[]): number[] {
  return points.map(roundCoordinate)
}

export function roundCoordinate(value: number): number {
  const rounded = Math.round(value * 10) / 10
  return rounded === 0 ? 0 : rounded
}

/** What a finished freehand gesture keeps; thins harder until at most `maxPoints` are left. */
export function finishPoints(points: readonly number[], maxPoints = 4000): number[] {
  const smoothed = smooth(points)
  let tolerance = TOLERANCE
  let kept = simplify(smoothed, tolerance)
  while (kept.length > 2 * maxPoints) {
    tolerance *= 2
    kept = simplify(smoothed, tolerance)
  }
  return roundPoints(kept)
}
