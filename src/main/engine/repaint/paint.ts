import { enlargedSize } from '../../../shared/enlargement.js'
import type { RepaintTaskInput } from '../../../shared/contract/repaint.js'
import type { UpscaleModel } from '../models/upscaleModel.js'
import { boundingBox } from '../vision/image.js'
import type { Box, Picture, Size } from '../vision/image.js'
import type { OpenCvBox } from '../vision/opencv.js'
import type { Rim } from '../vision/rim.js'
import { clampLevel, enlarge, matchColours } from './blendIn.js'
import { borrowDetail, changeBetween } from './borrowDetail.js'
import { betweenRects } from './cropPath.js'
import { inbetween } from './inbetween.js'
import type { Part } from './parts.js'
import { partOfCrop, resample } from './resample.js'
import type { FloatPicture } from './resample.js'
import { placeIn } from './timeGrid.js'

/** What the network was shown of one of its frames. */
export interface Shown {
  readonly known: Picture
  /** 0/1 per cell: made by the network. */
  readonly hole: Uint8Array
}

/** A frame of the take, and the source with the take over it. */
export interface PaintedFrame {
  readonly rgba: Uint8Array
  readonly shown: Picture
}

/**
 * Brings a made part back to the source's rate and size, frame by frame in order.
 *
 * @param made `[frames, 3, height, width]` in -1..1 on the part's canvas
 * @param shown per network frame
 * @param upscaler enlarges what was made; Lanczos where null
 */
export function createPainter(
  opencv: OpenCvBox,
  part: Part,
  made: Float32Array,
  shown: readonly Shown[],
  { detail }: Pick<RepaintTaskInput, 'detail'>,
  upscaler: Pick<UpscaleModel, 'enlarge'> | null,
): (frame: number, picture: Picture, rim: Rim, fade: number) => Promise<PaintedFrame> {
  const { grid, canvas } = part
  const borrows = detail === 'borrowed'
  const matched = new Map<number, FloatPicture>()
  /** A network frame as it is to be shown; what differs from the source where detail is borrowed. */
  const at = (n: number): FloatPicture => {
    const known = matched.get(n)
    if (known !== undefined) return known
    const { known: there, hole } = shown[n]!
    const matching = matchColours(there, levelsOf(made, n, canvas), hole)
    const one = borrows ? changeBetween(there, matching) : matching
    // Frames come in order: only the two around the present one are needed.
    for (const old of matched.keys()) if (old < n - 1) matched.delete(old)
    matched.set(n, one)
    return one
  }
  let pair: { readonly at: number; readonly mix: (share: number) => FloatPicture } | null = null

  return async (frame, picture, rim, fade) => {
    const { at: n, share } = placeIn(grid, frame)
    const next = Math.min(grid.times.length - 1, n + 1)
    if (pair?.at !== n) {
      // What was changed moves with what the source shows.
      const along = borrows ? ([shown[n]!.known, shown[next]!.known] as const) : undefined
      pair = { at: n, mix: inbetween(opencv, at(n), at(next), along) }
    }
    const small = pair.mix(share)
    const crop = betweenRects(part.cropAt(grid.shown[n]!), part.cropAt(grid.shown[next]!), share)
    const box = boundingBox(rim.mask, picture) ?? { x: 0, y: 0, width: 1, height: 1 }
    // What the whole canvas would be in the frame's own pixels, as far as the network goes.
    const grown = enlargedSize(canvas, crop)
    const isLarger = grown.width > canvas.width
    const place = {
      part: partOfCrop(box, crop, canvas),
      size: { width: box.width, height: box.height },
      source: cut(picture, box),
    }
    const colours = borrows
      ? borrowDetail({ ...place, change: small, small: resample(picture, crop, canvas) })
      : enlarge({
          ...{ ...place, made: small },
          crisp: upscaler !== null && isLarger ? await upscaler.enlarge(small, grown) : null,
          small: detail === 'unchanged' ? resample(picture, crop, canvas) : null,
        })
    return lay(picture, box, colours, rim, fade)
  }
}

/** Lays colours over a box of a frame by the rim's alpha. */
function lay(
  picture: Picture,
  box: Box,
  colours: Float32Array,
  rim: Rim,
  fade: number,
): PaintedFrame {
  const rgba = new Uint8Array(picture.width * picture.height * 4)
  const shown = picture.data.slice()
  for (let y = 0; y < box.height; y++) {
    for (let x = 0; x < box.width; x++) {
      const pixel = (box.y + y) * picture.width + box.x + x
      const alpha = Math.round(rim.alpha[pixel]! * fade)
      if (alpha === 0) continue
      rgba[pixel * 4 + 3] = alpha
      for (let c = 0; c < 3; c++) {
        const value = Math.round(clampLevel(colours[(y * box.width + x) * 3 + c]!))
        rgba[pixel * 4 + c] = value
        const under = shown[pixel * 3 + c]!
        shown[pixel * 3 + c] = Math.round(under + ((value - under) * alpha) / 255)
      }
    }
  }
  return { rgba, shown: { ...picture, data: shown } }
}

function cut({ width, data }: Picture, box: Box): Uint8Array {
  const out = new Uint8Array(box.width * box.height * 3)
  for (let y = 0; y < box.height; y++) {
    const from = ((box.y + y) * width + box.x) * 3
    out.set(data.subarray(from, from + box.width * 3), y * box.width * 3)
  }
  return out
}

/** One frame of a made clip as interleaved RGB levels. */
function levelsOf(made: Float32Array, frame: number, { width, height }: Size): FloatPicture {
  const area = width * height
  const data = new Float32Array(3 * area)
  for (let c = 0; c < 3; c++) {
    const plane = (frame * 3 + c) * area
    for (let n = 0; n < area; n++) data[n * 3 + c] = (made[plane + n]! + 1) * 127.5
  }
  return { width, height, data }
}
