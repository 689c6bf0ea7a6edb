import { touch } from './canvas.js'
import type { Coverage } from './canvas.js'

/**
 * Draws a round-capped, round-joined polyline. Points and radius are in target pixels;
 * a pixel's coverage is its distance to the line's edge, clamped to one pixel.
 */
export function drawStroke(
  target: Coverage,
  points: readonly number[],
  radius: number,
  erase: boolean,
): void {
  const runs = { from: new Int32Array(target.height), to: new Int32Array(target.height) }
  let x = points[0] ?? 0
  let y = points[1] ?? 0
  if (points.length <= 2) drawCapsule(target, runs, x, y, x, y, radius, erase)
  const last = points.length - 2
  for (let at = 2; at <= last; at += 2) {
    const nextX = points[at] ?? 0
    const nextY = points[at + 1] ?? 0
    // Pen input comes denser than pixels; a quarter pixel off the line cannot be seen.
    if (at < last && Math.abs(nextX - x) + Math.abs(nextY - y) < 0.25) continue
    drawCapsule(target, runs, x, y, nextX, nextY, radius, erase)
    x = nextX
    y = nextY
  }
  for (let row = 0; row < target.height; row++) flush(target, runs, row, erase)
}

/**
 * The fully covered run of each row that is not in the picture yet. Neighbouring segments
 * cover nearly the same pixels, so runs are joined here and filled once.
 */
interface Runs {
  readonly from: Int32Array
  readonly to: Int32Array
}

function flush(target: Coverage, runs: Runs, row: number, erase: boolean): void {
  const base = row * target.width
  const from = runs.from[row] ?? 0
  const to = runs.to[row] ?? 0
  if (to > from) target.data.fill(erase ? 0 : 255, base + from, base + to)
}

// The run that `crossing` found, from and to: the inner loop must not make objects.
const run = new Float64Array(2)

/** All points within `radius` of the line from a to b. */
function drawCapsule(
  target: Coverage,
  runs: Runs,
  ax: number,
  ay: number,
  bx: number,
  by: number,
  radius: number,
  erase: boolean,
): void {
  const { width, height, data } = target
  const full = erase ? 0 : 255
  const reach = radius + 0.5
  const first = Math.max(0, Math.floor(Math.min(ay, by) - reach))
  const end = Math.min(height, Math.ceil(Math.max(ay, by) + reach))
  const dx = bx - ax
  const dy = by - ay
  const length2 = dx * dx + dy * dy
  const perLength2 = length2 === 0 ? 0 : 1 / length2
  const length = Math.sqrt(length2)

  for (let row = first; row < end; row++) {
    const py = row + 0.5
    if (!crossing(ax, ay, bx, by, length, reach, py)) continue
    const from = Math.max(0, Math.floor((run[0] ?? 0) - 0.5))
    const to = Math.min(width, Math.ceil((run[1] ?? 0) + 0.5))
    // Only the rim needs its distance; most of a stroke is the run between.
    let solidFrom = to
    let solidTo = to
    if (radius > 0.5 && crossing(ax, ay, bx, by, length, radius - 0.5, py)) {
      solidFrom = Math.min(to, Math.max(from, Math.ceil((run[0] ?? 0) - 0.5)))
      solidTo = Math.max(solidFrom, Math.min(to, Math.floor((run[1] ?? 0) - 0.5) + 1))
    }
    const base = row * width
    if (solidTo > solidFrom) {
      const known = (runs.to[row] ?? 0) > (runs.from[row] ?? 0)
      if (known && solidFrom <= (runs.to[row] ?? 0) && solidTo >= (runs.from[row] ?? 0)) {
        solidFrom = Math.min(solidFrom, runs.from[row] ?? 0)
        solidTo = Math.max(solidTo, runs.to[row] ?? 0)
      } else flush(target, runs, row, erase)
      runs.from[row] = solidFrom
      runs.to[row] = solidTo
    }
    const skipFrom = runs.from[row] ?? 0
    const skipTo = runs.to[row] ?? 0
    for (let column = from; column < to; column++) {
      // Segments of a stroke overlap: most of their rims lie in what is covered already.
      if (column >= skipFrom && column < skipTo) {
        column = skipTo - 1
        continue
      }
      if (data[base + column] === full) continue
      const px = column + 0.5 - ax
      const along = (px * dx + (py - ay) * dy) * perLength2
      const t = along < 0 ? 0 : along > 1 ? 1 : along
      const ox = px - t * dx
      const oy = py - ay - t * dy
      const value = (reach - Math.sqrt(ox * ox + oy * oy)) * 255
      if (value >= 1) touch(target, base + column, value > 255 ? 255 : Math.round(value), erase)
    }
  }
}

/** Whether the horizontal line at `py` crosses the capsule; a capsule is convex, so in one run. */
function crossing(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  length: number,
  radius: number,
  py: number,
): boolean {
  let low = Infinity
  let high = -Infinity
  const r2 = radius * radius
  const restA = r2 - (py - ay) * (py - ay)
  if (restA >= 0) {
    const half = Math.sqrt(restA)
    low = ax - half
    high = ax + half
  }
  const restB = r2 - (py - by) * (py - by)
  if (restB >= 0) {
    const half = Math.sqrt(restB)
    if (bx - half < low) low = bx - half
    if (bx + half > high) high = bx + half
  }
  if (length > 0 && ay !== by) {
    // The two long sides, where the row crosses them.
    let nx = (-(by - ay) / length) * radius
    let ny = ((bx - ax) / length) * radius
    for (let side = 0; side < 2; side++) {
      const t = (py - ay - ny) / (by - ay)
      if (t >= 0 && t <= 1) {
        const x = ax + nx + t * (bx - ax)
        if (x < low) low = x
        if (x > high) high = x
      }
      nx = -nx
      ny = -ny
    }
  }
  run[0] = low
  run[1] = high
  return low <= high
}
