import { blendLevel } from '../../../shared/blend.js'
import type { OverlayLook } from '../../../shared/blend.js'
import { CHROMA_SHIFT, isYuv, planesOf } from '../../ffmpeg/layout.js'
import type { Colour, FrameFormat, YuvLayout } from '../../ffmpeg/layout.js'

interface Place {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Luma weights of red and blue by matrix (BT.601, BT.709, BT.2020). */
const WEIGHTS: Record<Colour['matrix'], { readonly red: number; readonly blue: number }> = {
  bt601: { red: 0.299, blue: 0.114 },
  bt709: { red: 0.2126, blue: 0.0722 },
  bt2020: { red: 0.2627, blue: 0.0593 },
}

/**
 * Blends an RGB picture over a frame, in place, in the frame's own samples: the change that the
 * look makes in RGB is added to them, so that where it makes none (black under `screen`, outside
 * the picture) not one byte changes.
 *
 * @param frame a frame of `format`
 * @param above RGB of the place's size
 * @param place of the picture in the frame; what lies outside is cut off
 */
export function blendOver(
  frame: Uint8Array,
  format: FrameFormat,
  above: Uint8Array,
  place: Place,
  look: OverlayLook,
): void {
  if (look.opacity === 0) return
  const { layout } = format
  if (isYuv(layout)) blendYuv(frame, { ...format, layout }, above, place, look)
  else if (layout === 'gray') blendGrey(frame, format, above, place, look)
  else blendRgb(frame, format, above, place, look)
}

/** Calls back for every pixel of the place inside the frame: its index in the frame and above. */
function forPixels(
  { width, height }: FrameFormat,
  place: Place,
  visit: (at: number, from: number, x: number, y: number) => void,
): void {
  const right = Math.min(width, place.x + place.width)
  const bottom = Math.min(height, place.y + place.height)
  for (let y = Math.max(0, place.y); y < bottom; y++) {
    for (let x = Math.max(0, place.x); x < right; x++) {
      visit(y * width + x, ((y - place.y) * place.width + x - place.x) * 3, x, y)
    }
  }
}

function blendRgb(
  frame: Uint8Array,
  format: FrameFormat,
  above: Uint8Array,
  place: Place,
  look: OverlayLook,
): void {
  const step = format.layout === 'rgba' ? 4 : 3
  forPixels(format, place, (at, from) => {
    for (let c = 0; c < 3; c++) {
      const to = at * step + c
      frame[to] = Math.round(blendLevel(look, frame[to] ?? 0, above[from + c] ?? 0))
    }
  })
}

function blendGrey(
  frame: Uint8Array,
  format: FrameFormat,
  above: Uint8Array,
  place: Place,
  look: OverlayLook,
): void {
  const { red, blue } = WEIGHTS.bt601
  const green = 1 - red - blue
  forPixels(format, place, (at, from) => {
    const [r, g, b] = [above[from] ?? 0, above[from + 1] ?? 0, above[from + 2] ?? 0]
    const level = red * r + green * g + blue * b
    frame[at] = Math.round(blendLevel(look, frame[at] ?? 0, level))
  })
}

function blendYuv(
  frame: Uint8Array,
  format: FrameFormat & { readonly layout: YuvLayout },
  above: Uint8Array,
  place: Place,
  look: OverlayLook,
): void {
  const { layout, width, height, colour } = format
  const [, uPlane, vPlane] = planesOf(layout, width, height)
  if (uPlane === undefined || vPlane === undefined) return
  const shift = CHROMA_SHIFT[layout]
  const cell = (x: number, y: number): number => (y >> shift.y) * uPlane.width + (x >> shift.x)
  const { red, blue } = WEIGHTS[colour.matrix]
  const green = 1 - red - blue
  const full = colour.range === 'pc'
  const luma = full ? 1 : 219 / 255
  const chroma = full ? 1 : 224 / 255
  const base = full ? 0 : 16
  const cells = uPlane.width * uPlane.height
  const changeU = new Float32Array(cells)
  const changeV = new Float32Array(cells)
  const below = [0, 0, 0]
  const change = [0, 0, 0]
  forPixels(format, place, (at, from, x, y) => {
    const n = cell(x, y)
    const grey = ((frame[at] ?? 0) - base) / luma
    const u = ((frame[uPlane.offset + n] ?? 128) - 128) / chroma
    const v = ((frame[vPlane.offset + n] ?? 128) - 128) / chroma
    below[0] = clampLevel(grey + 2 * (1 - red) * v)
    below[2] = clampLevel(grey + 2 * (1 - blue) * u)
    below[1] = clampLevel(grey - (2 * (1 - red) * red * v + 2 * (1 - blue) * blue * u) / green)
    for (let c = 0; c < 3; c++) {
      change[c] = blendLevel(look, below[c] ?? 0, above[from + c] ?? 0) - (below[c] ?? 0)
    }
    const [r = 0, g = 0, b = 0] = change
    const grown = red * r + green * g + blue * b
    frame[at] = clampLevel(Math.round((frame[at] ?? 0) + luma * grown))
    changeU[n] = (changeU[n] ?? 0) + (b - grown) / (2 * (1 - blue))
    changeV[n] = (changeV[n] ?? 0) + (r - grown) / (2 * (1 - red))
  })
  // A cell covers several pixels; those outside the picture change by nothing.
  const share = chroma / ((1 << shift.x) * (1 << shift.y))
  for (let n = 0; n < cells; n++) {
    for (const [plane, sums] of [
      [uPlane, changeU],
      [vPlane, changeV],
    ] as const) {
      const by = (sums[n] ?? 0) * share
      if (by === 0) continue
      const to = plane.offset + n
      frame[to] = clampLevel(Math.round((frame[to] ?? 0) + by))
    }
  }
}

function clampLevel(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value
}
