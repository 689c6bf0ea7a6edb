import { CHROMA_SHIFT, isYuv, planesOf } from './layout.js'
import type { Colour, FrameFormat, YuvLayout } from './layout.js'

/**
 * How far from the mask's edge chroma stays untouched, in chroma samples, where one chroma sample
 * covers several pixels. Decoders rebuild a pixel's colour from up to two samples on either side
 * (bicubic); with less, pixels outside the mask would change colour by a level or two.
 */
const CHROMA_MARGIN = 2

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
  const cells = {
    left: box.left >> shift.x,
    top: box.top >> shift.y,
    right: ((box.right - 1) >> shift.x) + 1,
    bottom: ((box.bottom - 1) >> shift.y) + 1,
  }
  const across = cells.right - cells.left
  const down = cells.bottom - cells.top
  const alphas = new Uint8Array(across * down)
  const reds = new Float32Array(across * down)
  const greens = new Float32Array(across * down)
  const blues = new Float32Array(across * down)
  for (let cy = 0; cy < down; cy++) {
    for (let cx = 0; cx < across; cx++) {
      const x0 = (cells.left + cx) << shift.x
      const y0 = (cells.top + cy) << shift.y
      const x1 = Math.min(width, x0 + (1 << shift.x))
      const y1 = Math.min(height, y0 + (1 << shift.y))
      let least = 255
      let red = 0
      let green = 0
      let blue = 0
      for (let y = y0; y < y1; y++) {
        for (let x = x0; x < x1; x++) {
          const from = (y * width + x) * 4
          least = Math.min(least, take[from + 3] ?? 0)
          red += take[from] ?? 0
          green += take[from + 1] ?? 0
          blue += take[from + 2] ?? 0
        }
      }
      const at = cy * across + cx
      const covered = (x1 - x0) * (y1 - y0)
      alphas[at] = least
      reds[at] = red / covered
      greens[at] = green / covered
      blues[at] = blue / covered
    }
  }
  const edges = {
    left: cells.left === 0,
    top: cells.top === 0,
    right: cells.right === uPlane.width,
    bottom: cells.bottom === uPlane.height,
  }
  const margin = { x: shift.x * CHROMA_MARGIN, y: shift.y * CHROMA_MARGIN }
  const inner = erode(alphas, across, down, margin, edges)
  for (let cy = 0; cy < down; cy++) {
    for (let cx = 0; cx < across; cx++) {
      const at = cy * across + cx
      const alpha = inner[at] ?? 0
      if (alpha === 0) continue
      const to = (cells.top + cy) * uPlane.width + cells.left + cx
      const [red, green, blue] = [reds[at] ?? 0, greens[at] ?? 0, blues[at] ?? 0]
      const u = uPlane.offset + to
      const v = vPlane.offset + to
      frame[u] = mix(frame[u] ?? 0, weigh(transfer.u, red, green, blue), alpha)
      frame[v] = mix(frame[v] ?? 0, weigh(transfer.v, red, green, blue), alpha)
    }
  }
}

/**
 * The least alpha within the margin. Outside the box alpha is 0, except past the picture's own
 * edge, where there is nothing to protect.
 */
function erode(
  alphas: Uint8Array,
  width: number,
  height: number,
  margin: { readonly x: number; readonly y: number },
  edges: {
    readonly left: boolean
    readonly top: boolean
    readonly right: boolean
    readonly bottom: boolean
  },
): Uint8Array {
  const rows = erodeLines(
    alphas,
    { count: height, stride: width },
    { count: width, stride: 1 },
    margin.x,
    edges.left,
    edges.right,
  )
  return erodeLines(
    rows,
    { count: width, stride: 1 },
    { count: height, stride: width },
    margin.y,
    edges.top,
    edges.bottom,
  )
}

interface Axis {
  readonly count: number
  readonly stride: number
}

function erodeLines(
  data: Uint8Array,
  lines: Axis,
  along: Axis,
  margin: number,
  openBefore: boolean,
  openAfter: boolean,
): Uint8Array {
  if (margin === 0) return data
  const out = new Uint8Array(data.length)
  for (let line = 0; line < lines.count; line++) {
    const start = line * lines.stride
    for (let at = 0; at < along.count; at++) {
      let least = 255
      for (let near = at - margin; near <= at + margin; near++) {
        const outside = near < 0 ? openBefore : near >= along.count ? openAfter : null
        if (outside === null) least = Math.min(least, data[start + near * along.stride] ?? 0)
        else if (!outside) least = 0
      }
      out[start + at * along.stride] = least
    }
  }
  return out
}

function weigh(by: Weighted, red: number, green: number, blue: number): number {
  return by.red * red + by.green * green + by.blue * blue + by.offset
}

function mix(below: number, above: number, alpha: number): number {
  const value = Math.round(below + ((above - below) * alpha) / 255)
  return value < 0 ? 0 : value > 255 ? 255 : value
}
