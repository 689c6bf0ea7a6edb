import { fillRun, touch } from './canvas.js'
import type { Coverage } from './canvas.js'

/**
 * Fills a closed polygon (non-zero winding) with exact area coverage: every edge adds its
 * signed area to the pixels it crosses and a running sum along each row gives the
 * coverage, the method of font rasterisers (Raph Levien's font-rs). Points in target pixels.
 */
export function drawPolygon(target: Coverage, points: readonly number[], erase: boolean): void {
  const box = bounds(target, points)
  if (box === null) return
  const stride = box.width + 2
  const area = new Float32Array(stride * box.height)
  const count = points.length / 2
  for (let at = 0; at < count; at++) {
    const next = (at + 1) % count
    addEdge(
      area,
      stride,
      box,
      (points[at * 2] ?? 0) - box.x,
      (points[at * 2 + 1] ?? 0) - box.y,
      (points[next * 2] ?? 0) - box.x,
      (points[next * 2 + 1] ?? 0) - box.y,
    )
  }
  for (let row = 0; row < box.height; row++) {
    const base = (box.y + row) * target.width + box.x
    let sum = 0
    for (let column = 0; column < box.width; column++) {
      sum += area[row * stride + column] ?? 0
      const value = Math.round(Math.min(1, Math.abs(sum)) * 255)
      if (value === 255) fillRun(target, base + column, base + column + 1, erase)
      else if (value > 0) touch(target, base + column, value, erase)
    }
  }
}

/** An ellipse as a polygon that is nowhere more than 1/20 pixel off. */
export function ellipsePoints(cx: number, cy: number, rx: number, ry: number): number[] {
  const count = Math.max(16, Math.ceil(Math.PI * Math.sqrt(Math.max(rx, ry) * 10)))
  const points: number[] = []
  for (let at = 0; at < count; at++) {
    const angle = (at * 2 * Math.PI) / count
    points.push(cx + rx * Math.cos(angle), cy + ry * Math.sin(angle))
  }
  return points
}

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** The pixels the polygon can touch; null when there are none. */
function bounds(target: Coverage, points: readonly number[]): Box | null {
  let left = Infinity
  let top = Infinity
  let right = -Infinity
  let bottom = -Infinity
  for (let at = 0; at + 1 < points.length; at += 2) {
    const x = points[at] ?? 0
    const y = points[at + 1] ?? 0
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  }
  const x = Math.max(0, Math.floor(left))
  const y = Math.max(0, Math.floor(top))
  const width = Math.min(target.width, Math.ceil(right)) - x
  const height = Math.min(target.height, Math.ceil(bottom)) - y
  return width > 0 && height > 0 ? { x, y, width, height } : null
}

/** Cuts an edge to the box (what lies left of it still counts for its rows) and adds the parts. */
function addEdge(
  area: Float32Array,
  stride: number,
  box: Box,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
): void {
  if (y0 === y1) return
  const direction = y0 < y1 ? 1 : -1
  const [topX, topY, lowX, lowY] = y0 < y1 ? [x0, y0, x1, y1] : [x1, y1, x0, y0]
  const slope = (lowX - topX) / (lowY - topY)
  const xAt = (y: number): number => topX + (y - topY) * slope
  const from = Math.max(0, topY)
  const to = Math.min(box.height, lowY)
  if (from >= to) return
  // Where the edge crosses the left and right border, so that each part lies on one side.
  const cuts = [from, to]
  if (slope !== 0) {
    for (const border of [0, box.width]) {
      const y = topY + (border - topX) / slope
      if (y > from && y < to) cuts.push(y)
    }
    cuts.sort((a, b) => a - b)
  }
  for (let at = 0; at + 1 < cuts.length; at++) {
    const a = cuts[at] ?? 0
    const b = cuts[at + 1] ?? 0
    const clamp = (x: number): number => Math.min(box.width, Math.max(0, x))
    addInside(area, stride, clamp(xAt(a)), a, clamp(xAt(b)), b, direction)
  }
}

/** Adds a downward edge that lies inside the box, pixel row by pixel row. */
function addInside(
  area: Float32Array,
  stride: number,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  direction: number,
): void {
  const slope = y1 === y0 ? 0 : (x1 - x0) / (y1 - y0)
  for (let row = Math.floor(y0); row < y1; row++) {
    const top = Math.max(y0, row)
    const low = Math.min(y1, row + 1)
    if (low <= top) continue
    const cover = direction * (low - top)
    const xa = x0 + (top - y0) * slope
    const xb = x0 + (low - y0) * slope
    addRow(area, row * stride, Math.min(xa, xb), Math.max(xa, xb), cover)
  }
}

/** One row's share: `cover` spread over the columns between `left` and `right`. */
function addRow(
  area: Float32Array,
  base: number,
  left: number,
  right: number,
  cover: number,
): void {
  const first = Math.floor(left)
  const last = Math.ceil(right)
  const add = (column: number, value: number): void => {
    area[base + column] = (area[base + column] ?? 0) + value
  }
  if (last <= first + 1) {
    // Within one column: the part right of the edge's middle.
    const middle = (left + right) / 2 - first
    add(first, cover * (1 - middle))
    add(first + 1, cover * middle)
    return
  }
  const perColumn = 1 / (right - left)
  let before = 0
  for (let column = first; column < last; column++) {
    // Share of the cover that lies left of this column's right border, averaged over the column.
    const until = areaLeftOf(left, right, column + 1, perColumn)
    add(column, cover * (until - before))
    before = until
  }
  add(last, cover * (1 - before))
}

/** Integral over the column ending at `border` of the share of the edge that lies left of each x. */
function areaLeftOf(left: number, right: number, border: number, perColumn: number): number {
  const from = Math.max(left, border - 1)
  const to = Math.min(right, border)
  const ramp = (((from - left) * perColumn + (to - left) * perColumn) / 2) * (to - from)
  return ramp + (border - to)
}
