import { fillRun, touch } from './canvas.js'
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
  let x = points[0] ?? 0
  let y = points[1] ?? 0
  if (points.length <= 2) drawCapsule(target, x, y, x, y, radius, erase)
  const last = points.length - 2
  for (let at = 2; at <= last; at += 2) {
    const nextX = points[at] ?? 0
    const nextY = points[at + 1] ?? 0
    // Pen input comes denser than pixels; a quarter pixel off the line cannot be seen.
    if (at < last && Math.abs(nextX - x) + Math.abs(nextY - y) < 0.25) continue
    drawCapsule(target, x, y, nextX, nextY, radius, erase)
    x = nextX
    y = nextY
  }
}

/** All points within `radius` of the line from a to b. */
function drawCapsule(
  target: Coverage,
  ax: number,
  ay: number,
  bx: number,
  by: number,
  radius: number,
  erase: boolean,
): void {
  const { width, height } = target
  const reach = radius + 0.5
  const first = Math.max(0, Math.floor(Math.min(ay, by) - reach))
  const end = Math.min(height, Math.ceil(Math.max(ay, by) + reach))
  const dx = bx - ax
  const dy = by - ay
  const length2 = dx * dx + dy * dy

  const distance = (px: number, py: number): number => {
    const along = length2 === 0 ? 0 : ((px - ax) * dx + (py - ay) * dy) / length2
    const t = along < 0 ? 0 : along > 1 ? 1 : along
    const ox = px - ax - t * dx
    const oy = py - ay - t * dy
    return Math.sqrt(ox * ox + oy * oy)
  }

  for (let row = first; row < end; row++) {
    const py = row + 0.5
    const outer = span(ax, ay, bx, by, reach, py)
    if (outer === null) continue
    const from = Math.max(0, Math.floor(outer[0] - 0.5))
    const to = Math.min(width, Math.ceil(outer[1] + 0.5))
    // Only the rim needs its distance; most of a stroke is the run between.
    const inner = radius > 0.5 ? span(ax, ay, bx, by, radius - 0.5, py) : null
    const solidFrom = inner === null ? to : Math.max(from, Math.ceil(inner[0] - 0.5))
    const solidTo = inner === null ? to : Math.min(to, Math.floor(inner[1] - 0.5) + 1)
    const base = row * width
    const edge = (column: number): void => {
      const value = (reach - distance(column + 0.5, py)) * 255
      if (value >= 1) touch(target, base + column, value > 255 ? 255 : Math.round(value), erase)
    }
    for (let column = from; column < Math.min(solidFrom, to); column++) edge(column)
    fillRun(target, base + solidFrom, base + solidTo, erase)
    for (let column = Math.max(solidFrom, solidTo); column < to; column++) edge(column)
  }
}

/** Where the horizontal line at `py` crosses the capsule of this radius: a capsule is convex, so one run. */
function span(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  radius: number,
  py: number,
): [number, number] | null {
  let low = Infinity
  let high = -Infinity
  const r2 = radius * radius
  const include = (x: number): void => {
    if (x < low) low = x
    if (x > high) high = x
  }
  const disc = (cx: number, cy: number): void => {
    const rest = r2 - (py - cy) * (py - cy)
    if (rest < 0) return
    const half = Math.sqrt(rest)
    include(cx - half)
    include(cx + half)
  }
  disc(ax, ay)
  disc(bx, by)
  const length = Math.hypot(bx - ax, by - ay)
  if (length > 0) {
    // The two long sides, where the row crosses them.
    const nx = (-(by - ay) / length) * radius
    const ny = ((bx - ax) / length) * radius
    for (const side of [1, -1]) {
      const y0 = ay + side * ny
      const y1 = by + side * ny
      if ((py - y0) * (py - y1) > 0 || y0 === y1) continue
      const t = (py - y0) / (y1 - y0)
      include(ax + side * nx + t * (bx - ax))
    }
  }
  return low <= high ? [low, high] : null
}
