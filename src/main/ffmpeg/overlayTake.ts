import { CHROMA_SHIFT, isYuv, planesOf } from './layout.js'
import type { Colour, FrameFormat, YuvLayout } from './layout.js'

/**
 * How many pixels around a chroma sample's own the take must cover too, along an axis on which one
 * sample covers several pixels; else the sample stays the source's. Bicubic decoding mixes a pixel's
 * colour from samples less than twice their distance (four pixels) away. Whether the sample of the
 * pixels 2k and 2k + 1 is placed on the first of them (MPEG-2) or between both (MPEG-1), no pixel
 * beyond 2k - 3 and 2k + 4 sees it.
 */
const CHROMA_REACH = 3

/** Luma weights of red and blue by matrix (BT.601, BT.709, BT.2020). */
const WEIGHTS: Record<Colour['matrix'], { readonly red: number; readonly blue: number }> = {
  bt601: { red: 0.299, blue: 0.114 },
  bt709: { red: 0.2126, blue: 0.0722 },
  bt2020: { red: 0.2627, blue: 0.0593 },
}

interface Box {
  readonly left: number
  readonly top: number
  /** Exclusive. */
  readonly right: number
  readonly bottom: number
}

/**
 * Lays a take over a source frame, in place, in the source's own samples. Where the take's alpha
 * is 0 not one byte changes, and no pixel there changes after conversion to RGB either.
 *
 * @param frame a frame of `layout`, `width` x `height`
 * @param take RGBA of the same size, colour not multiplied by alpha
 */
export function overlayTake(frame: Uint8Array, take: Uint8Array, format: FrameFormat): void {
  const { layout, width, height, colour } = format
  const box = changedBox(take, width, height)
  if (box === null) return
  if (layout === 'rgb24' || layout === 'rgba') {
    blendRgb(frame, take, width, box, layout === 'rgba' ? 4 : 3)
    return
  }
  const transfer = yuvOf(colour)
  blendLuma(frame, take, width, box, transfer)
  if (isYuv(layout)) blendChroma(frame, take, { layout, width, height }, box, transfer)
}

/** The smallest rectangle around every pixel with some alpha; null when there is none. */
function changedBox(take: Uint8Array, width: number, height: number): Box | null {
  let left = width
  let right = -1
  let top = -1
  let bottom = -1
  for (let y = 0; y < height; y++) {
    const row = y * width * 4 + 3
    let x = 0
    while (x < width && take[row + x * 4] === 0) x++
    if (x === width) continue
    if (top < 0) top = y
    bottom = y
    if (x < left) left = x
    let last = width - 1
    while (take[row + last * 4] === 0) last--
    if (last > right) right = last
  }
  return top < 0 ? null : { left, top, right: right + 1, bottom: bottom + 1 }
}

function blendRgb(frame: Uint8Array, take: Uint8Array, width: number, box: Box, step: 3 | 4): void {
  for (let y = box.top; y < box.bottom; y++) {
    for (let x = box.left; x < box.right; x++) {
      const from = (y * width + x) * 4
      const alpha = take[from + 3] ?? 0
      if (alpha === 0) continue
      const to = (y * width + x) * step
      for (let c = 0; c < 3; c++)
        frame[to + c] = mix(frame[to + c] ?? 0, take[from + c] ?? 0, alpha)
    }
  }
}

/** RGB 0..255 to YUV levels of one matrix and range: three rows of weights and an offset. */
interface Transfer {
  readonly y: Weighted
  readonly u: Weighted
  readonly v: Weighted
}
interface Weighted {
  readonly red: number
  readonly green: number
  readonly blue: number
  readonly offset: number
}

function yuvOf({ matrix, range }: Colour): Transfer {
  const { red, blue } = WEIGHTS[matrix]
  const green = 1 - red - blue
  const full = range === 'pc'
  const luma = full ? 1 : 219 / 255
  const chroma = full ? 1 : 224 / 255
  const toU = chroma / (2 * (1 - blue))
  const toV = chroma / (2 * (1 - red))
  return {
    y: { red: red * luma, green: green * luma, blue: blue * luma, offset: full ? 0 : 16 },
    u: { red: -red * toU, green: -green * toU, blue: (1 - blue) * toU, offset: 128 },
    v: { red: (1 - red) * toV, green: -green * toV, blue: -blue * toV, offset: 128 },
  }
}

function blendLuma(
  frame: Uint8Array,
  take: Uint8Array,
  width: number,
  box: Box,
  { y: luma }: Transfer,
): void {
  for (let y = box.top; y < box.bottom; y++) {
    for (let x = box.left; x < box.right; x++) {
      const to = y * width + x
      const from = to * 4
      const alpha = take[from + 3] ?? 0
      if (alpha === 0) continue
      const value = weigh(luma, take[from] ?? 0, take[from + 1] ?? 0, take[from + 2] ?? 0)
      frame[to] = mix(frame[to] ?? 0, value, alpha)
    }
  }
}

function blendChroma(
  frame: Uint8Array,
  take: Uint8Array,
  size: { readonly layout: YuvLayout; readonly width: number; readonly height: number },
  box: Box,
  transfer: Transfer,
): void {
  const { layout, width, height } = size
  const shift = CHROMA_SHIFT[layout]
  const [, uPlane, vPlane] = planesOf(layout, width, height)
  if (uPlane === undefined || vPlane === undefined) return
  const cells: Box = {
    left: box.left >> shift.x,
    top: box.top >> shift.y,
    right: ((box.right - 1) >> shift.x) + 1,
    bottom: ((box.bottom - 1) >> shift.y) + 1,
  }
  const safe = safeCells(take, { width, height }, box, cells, shift)
  const across = cells.right - cells.left
  for (let cy = cells.top; cy < cells.bottom; cy++) {
    for (let cx = cells.left; cx < cells.right; cx++) {
      if (safe[(cy - cells.top) * across + cx - cells.left] === 0) continue
      const x0 = cx << shift.x
      const y0 = cy << shift.y
      const x1 = Math.min(width, x0 + (1 << shift.x))
      const y1 = Math.min(height, y0 + (1 << shift.y))
      let weight = 0
      let red = 0
      let green = 0
      let blue = 0
      for (let y = y0; y < y1; y++) {
        for (let x = x0; x < x1; x++) {
          const from = (y * width + x) * 4
          const alpha = take[from + 3] ?? 0
          weight += alpha
          red += alpha * (take[from] ?? 0)
          green += alpha * (take[from + 1] ?? 0)
          blue += alpha * (take[from + 2] ?? 0)
        }
      }
      // The mean of the cell's pixels, each blended by its own alpha; none of them is 0 here.
      const alpha = weight / ((x1 - x0) * (y1 - y0))
      const [r, g, b] = [red / weight, green / weight, blue / weight]
      const to = cy * uPlane.width + cx
      const u = uPlane.offset + to
      const v = vPlane.offset + to
      frame[u] = mix(frame[u] ?? 0, weigh(transfer.u, r, g, b), alpha)
      frame[v] = mix(frame[v] ?? 0, weigh(transfer.v, r, g, b), alpha)
    }
  }
}

/**
 * Which of `cells` can change without a pixel that the take leaves alone changing its colour: 1 for
 * those whose pixels, and {@link CHROMA_REACH} more on every side, all have some alpha. Past the
 * picture's own edge there is nothing to protect.
 */
function safeCells(
  take: Uint8Array,
  size: { readonly width: number; readonly height: number },
  box: Box,
  cells: Box,
  shift: { readonly x: number; readonly y: number },
): Uint8Array {
  const across = cells.right - cells.left
  const rows = new Uint8Array((box.bottom - box.top) * across)
  for (let y = box.top; y < box.bottom; y++) {
    const covered = { data: take, start: (y * size.width + box.left) * 4 + 3, stride: 4 }
    const to = { data: rows, start: (y - box.top) * across, stride: 1 }
    markSafe(covered, to, { from: box.left, to: box.right, whole: size.width }, shift.x)
  }
  const safe = new Uint8Array((cells.bottom - cells.top) * across)
  for (let cell = 0; cell < across; cell++) {
    const covered = { data: rows, start: cell, stride: across }
    const to = { data: safe, start: cell, stride: across }
    markSafe(covered, to, { from: box.top, to: box.bottom, whole: size.height }, shift.y)
  }
  return safe
}

/** Every `stride`-th value of `data` from `start`. */
interface Line {
  readonly data: Uint8Array
  readonly start: number
  readonly stride: number
}

/** One line of {@link safeCells}: `covered` has the pixels `[from, to)`, all others are bare. */
function markSafe(
  covered: Line,
  safe: Line,
  { from, to, whole }: { readonly from: number; readonly to: number; readonly whole: number },
  shift: number,
): void {
  const reach = shift === 0 ? 0 : CHROMA_REACH
  const first = from >> shift
  const end = ((to - 1) >> shift) + 1
  let lastBare = from === 0 ? -Infinity : from - 1
  let next = from
  for (let cell = first; cell < end; cell++) {
    const seenTo = Math.min(whole, ((cell + 1) << shift) + reach)
    for (; next < seenTo; next++) {
      const bare = next >= to || covered.data[covered.start + (next - from) * covered.stride] === 0
      if (bare) lastBare = next
    }
    const isSafe = lastBare < (cell << shift) - reach
    if (isSafe) safe.data[safe.start + (cell - first) * safe.stride] = 1
  }
}

function weigh(by: Weighted, red: number, green: number, blue: number): number {
  return by.red * red + by.green * green + by.blue * blue + by.offset
}

function mix(below: number, above: number, alpha: number): number {
  const value = Math.round(below + ((above - below) * alpha) / 255)
  return value < 0 ? 0 : value > 255 ? 255 : value
}
