import type { MaskKeyframe, MaskRec, MaskShape } from '../document/model.js'
import { drawBitmap } from './bitmap.js'
import type { MaskBitmaps } from './bitmap.js'
import { touch } from './canvas.js'
import type { Coverage } from './canvas.js'
import { boxOf, coverage, dilate, erode, signedDistance } from './distance.js'
import { findDrawn, findPrefix, remember } from './drawn.js'
import type { Box, DistanceField, Drawn, Size } from './drawn.js'
import { featherEdge } from './feather.js'
import { maskSourceAt } from './keyframes.js'
import { drawPolygon, ellipsePoints } from './polygon.js'
import { drawStroke } from './stroke.js'

/**
 * Draws one key frame. Shapes are in pixels of `source`; the result has `out.width *
 * out.height` coverages 0..255, row by row, and belongs to the caller. Shapes combine by
 * maximum, erasing ones by minimum, in order. A bitmap that is not there draws nothing.
 */
export function rasteriseShapes(
  shapes: MaskKeyframe,
  source: Size,
  out: Size,
  bitmaps?: MaskBitmaps,
): Uint8Array {
  return drawn(shapes, source, out, bitmaps).data.slice()
}

/**
 * The mask as it applies to one source frame: its key frames (held, or blended by distance
 * after bringing the centroids together), then grown or shrunk, inverted, feathered. A mask
 * without key frames is empty before inversion.
 */
export function maskAt(
  mask: MaskRec,
  frame: number,
  source: Size,
  out: Size,
  bitmaps?: MaskBitmaps,
): Uint8Array {
  const { width, height } = out
  const scale = strokeScale(source, out)
  const shown = maskSourceAt(mask, frame)
  let data: Uint8Array
  if (shown.kind === 'none') data = new Uint8Array(width * height)
  else if (shown.kind === 'one') data = rasteriseShapes(shown.shapes, source, out, bitmaps)
  else data = blend(shown.before, shown.after, shown.t, source, out, bitmaps)

  if (mask.grow > 0) data = dilate(data, width, height, mask.grow * scale)
  else if (mask.grow < 0) data = erode(data, width, height, -mask.grow * scale)
  if (mask.inverted) for (let at = 0; at < data.length; at++) data[at] = 255 - (data[at] ?? 0)
  return mask.feather > 0 ? featherEdge(data, width, height, mask.feather * scale) : data
}

/** Brush sizes scale by the mean of both directions, which differ only by rounding to whole pixels. */
function strokeScale(source: Size, out: Size): number {
  return Math.sqrt((out.width / source.width) * (out.height / source.height))
}

function drawn(shapes: MaskKeyframe, source: Size, out: Size, bitmaps?: MaskBitmaps): Drawn {
  const known = findDrawn(shapes, source, out, bitmaps)
  if (known !== undefined) return known
  // One more stroke on what was drawn last needs only that stroke.
  const start = findPrefix(shapes, source, out, bitmaps)
  const used = new Map(start?.used)
  const lookUp: MaskBitmaps = (path) => {
    const bitmap = bitmaps?.(path)
    used.set(path, bitmap)
    return bitmap
  }
  const data = start?.data.slice() ?? new Uint8Array(out.width * out.height)
  const target = { width: out.width, height: out.height, data }
  for (const shape of shapes.slice(start?.shapes.length ?? 0)) {
    drawShape(target, shape, source, lookUp)
  }
  return remember({ shapes, source: { ...source }, out: { ...out }, used, data })
}

function drawShape(target: Coverage, shape: MaskShape, source: Size, bitmaps: MaskBitmaps): void {
  const sx = target.width / source.width
  const sy = target.height / source.height
  const scaled = (points: readonly number[]): number[] =>
    points.map((value, at) => value * (at % 2 === 0 ? sx : sy))
  switch (shape.kind) {
    case 'stroke':
      drawStroke(
        target,
        scaled(shape.points),
        (shape.size / 2) * strokeScale(source, target),
        shape.erase,
      )
      return
    case 'rectangle': {
      const { x, y, width, height } = shape
      const corners = [x, y, x + width, y, x + width, y + height, x, y + height]
      drawPolygon(target, scaled(corners), shape.erase)
      return
    }
    case 'ellipse': {
      const rx = (shape.width / 2) * sx
      const ry = (shape.height / 2) * sy
      drawPolygon(target, ellipsePoints(shape.x * sx + rx, shape.y * sy + ry, rx, ry), shape.erase)
      return
    }
    case 'lasso':
      drawPolygon(target, scaled(shape.points), shape.erase)
      return
    case 'bitmap': {
      const bitmap = bitmaps(shape.path)
      if (bitmap !== undefined) drawBitmap(target, bitmap, shape.erase)
      return
    }
    case 'between': {
      const { before, after, t } = shape
      const data = blend(before, after, t, source, target, bitmaps)
      for (let at = 0; at < data.length; at++) touch(target, at, data[at] ?? 0, shape.erase)
    }
  }
}

/** The mask between two key frames: both distance fields, moved to a common centroid, mixed. */
function blend(
  before: MaskKeyframe,
  after: MaskKeyframe,
  t: number,
  source: Size,
  out: Size,
  bitmaps?: MaskBitmaps,
): Uint8Array {
  const { width, height } = out
  const a = fieldOf(drawn(before, source, out, bitmaps))
  const b = fieldOf(drawn(after, source, out, bitmaps))
  // Nothing to move towards or from: keep the earlier one.
  if (a.centroid === null || b.centroid === null || t <= 0) {
    return rasteriseShapes(before, source, out, bitmaps)
  }
  if (t >= 1) return rasteriseShapes(after, source, out, bitmaps)
  const dx = b.centroid.x - a.centroid.x
  const dy = b.centroid.y - a.centroid.y
  const result = new Uint8Array(width * height)
  const line = new Float32Array(width)
  // Where neither of the two reaches, no mean of their distances is near an edge.
  const reachA = shifted(a.box, -dx * t, -dy * t, out)
  const reachB = shifted(b.box, dx * (1 - t), dy * (1 - t), out)
  const left = Math.min(reachA.left, reachB.left)
  const right = Math.max(reachA.right, reachB.right)
  const top = Math.min(reachA.top, reachB.top)
  const bottom = Math.max(reachA.bottom, reachB.bottom)
  for (let row = top; row < bottom; row++) {
    const part = { width, height, row, left, right }
    line.fill(0, left, right)
    addShifted(line, a.distance, part, -dx * t, -dy * t, 1 - t)
    addShifted(line, b.distance, part, dx * (1 - t), dy * (1 - t), t)
    const base = row * width
    for (let x = left; x < right; x++) result[base + x] = coverage(line[x] ?? 0)
  }
  return result
}

/** Where samples taken (dx, dy) away may meet the box, whose border is that of the picture repeated. */
function shifted(box: Box, dx: number, dy: number, { width, height }: Size): Box {
  const within = (value: number, most: number): number => Math.min(most, Math.max(0, value))
  return {
    left: box.left === 0 ? 0 : within(Math.floor(box.left - dx) - 1, width),
    right: box.right === width ? width : within(Math.ceil(box.right - dx) + 1, width),
    top: box.top === 0 ? 0 : within(Math.floor(box.top - dy) - 1, height),
    bottom: box.bottom === height ? height : within(Math.ceil(box.bottom - dy) + 1, height),
  }
}

function fieldOf(entry: Drawn): DistanceField {
  if (entry.field !== undefined) return entry.field
  const { width, height } = entry.out
  let mass = 0
  let x = 0
  let y = 0
  for (let at = 0; at < entry.data.length; at++) {
    if ((entry.data[at] ?? 0) < 128) continue
    mass++
    x += at % width
    y += Math.floor(at / width)
  }
  const box = boxOf(entry.data, width, height)
  // A field without an edge is infinite, and infinities do not mix.
  const limit = width + height
  const distance = signedDistance(entry.data, width, height)
  for (let at = 0; at < distance.length; at++) {
    distance[at] = Math.max(-limit, Math.min(limit, distance[at] ?? 0))
  }
  entry.field = { distance, centroid: mass === 0 ? null : { x: x / mass, y: y / mass }, box }
  return entry.field
}

/** Adds `weight` times part of a row of the field, sampled bilinearly (dx, dy) away and repeated at the border. */
function addShifted(
  line: Float32Array,
  field: Float32Array,
  part: {
    readonly width: number
    readonly height: number
    readonly row: number
    readonly left: number
    readonly right: number
  },
  dx: number,
  dy: number,
  weight: number,
): void {
  const { width, height, row } = part
  const clampY = (y: number): number => Math.min(height - 1, Math.max(0, y))
  const clampX = (x: number): number => (x < 0 ? 0 : x >= width ? width - 1 : x)
  const y = Math.floor(row + dy)
  const fy = row + dy - y
  const upper = clampY(y) * width
  const lower = clampY(y + 1) * width
  const whole = Math.floor(dx)
  const fx = dx - whole
  let left = mixed(clampX(part.left + whole))
  for (let x = part.left; x < part.right; x++) {
    const right = mixed(clampX(x + whole + 1))
    line[x] = (line[x] ?? 0) + weight * (left + (right - left) * fx)
    left = right
  }

  function mixed(x: number): number {
    const top = field[upper + x] ?? 0
    return top + ((field[lower + x] ?? 0) - top) * fy
  }
}
