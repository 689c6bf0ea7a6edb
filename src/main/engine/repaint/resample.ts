import type { ColourPicture, Size } from '../vision/image.js'
import type { Rect } from './cropPath.js'

/** Interleaved RGB as floats, 0..255. */
export interface FloatPicture extends Size {
  readonly data: Float32Array
}

/** For each sample along one axis: where its taps begin, and their weights, `width` each. */
interface Taps {
  readonly first: Int32Array
  readonly weights: Float32Array
  readonly width: number
}

const LOBES = 3

function lanczos(x: number): number {
  if (x === 0) return 1
  if (Math.abs(x) >= LOBES) return 0
  const angle = Math.PI * x
  return (LOBES * Math.sin(angle) * Math.sin(angle / LOBES)) / (angle * angle)
}

/**
 * @param start position of the first sample's centre, in input pixels (0.5 is the first centre)
 * @param step input pixels per sample; above 1 the kernel widens, so that nothing aliases
 */
function tapsOf(count: number, start: number, step: number, limit: number): Taps {
  const stretch = Math.max(1, step)
  const width = Math.ceil(2 * LOBES * stretch) + 1
  const first = new Int32Array(count)
  const weights = new Float32Array(count * width)
  for (let n = 0; n < count; n++) {
    const centre = start + n * step
    const from = Math.floor(centre - LOBES * stretch)
    first[n] = from
    let sum = 0
    for (let k = 0; k < width; k++) {
      const weight = lanczos((from + k + 0.5 - centre) / stretch)
      weights[n * width + k] = weight
      sum += weight
    }
    for (let k = 0; k < width; k++) weights[n * width + k]! /= sum
  }
  // Taps past the border repeat its pixel.
  return limit > 0 ? { first, weights, width } : { first, weights: weights.fill(0), width }
}

/**
 * Samples a part of an RGB picture on another grid (separable Lanczos; when shrinking, widened to
 * the area that a sample stands for). Borders are repeated.
 *
 * @param part where in the picture the new grid lies, in pixels
 * @param size of the new grid
 */
export function resample(picture: ColourPicture, part: Rect, size: Size): FloatPicture {
  const { width, height, data } = picture
  const stepX = part.width / size.width
  const stepY = part.height / size.height
  const across = tapsOf(size.width, part.x + stepX / 2, stepX, width)
  const down = tapsOf(size.height, part.y + stepY / 2, stepY, height)
  const top = Math.max(0, Math.min(height - 1, down.first[0]!))
  const bottom = Math.max(top, Math.min(height - 1, down.first[size.height - 1]! + down.width))
  const rows = new Float32Array((bottom - top + 1) * size.width * 3)
  for (let y = top; y <= bottom; y++) {
    for (let x = 0; x < size.width; x++) {
      let red = 0
      let green = 0
      let blue = 0
      const from = across.first[x]!
      for (let k = 0; k < across.width; k++) {
        const weight = across.weights[x * across.width + k]!
        if (weight === 0) continue
        const at = from + k
        const i = (y * width + (at < 0 ? 0 : at >= width ? width - 1 : at)) * 3
        red += weight * data[i]!
        green += weight * data[i + 1]!
        blue += weight * data[i + 2]!
      }
      const to = ((y - top) * size.width + x) * 3
      rows[to] = red
      rows[to + 1] = green
      rows[to + 2] = blue
    }
  }
  const out = new Float32Array(size.width * size.height * 3)
  const line = size.width * 3
  for (let y = 0; y < size.height; y++) {
    const from = down.first[y]!
    for (let k = 0; k < down.width; k++) {
      const weight = down.weights[y * down.width + k]!
      if (weight === 0) continue
      const row = Math.max(top, Math.min(bottom, from + k)) - top
      for (let i = 0; i < line; i++) out[y * line + i]! += weight * rows[row * line + i]!
    }
  }
  return { ...size, data: out }
}

/** The part of a crop's grid under a box of the frame: for {@link resample} back to its pixels. */
export function partOfCrop(box: Rect, crop: Rect, canvas: Size): Rect {
  const x = canvas.width / crop.width
  const y = canvas.height / crop.height
  return {
    x: (box.x - crop.x) * x,
    y: (box.y - crop.y) * y,
    width: box.width * x,
    height: box.height * y,
  }
}

/** Cells of a crop's grid that hold a masked pixel, 0/1. */
export function maskOnCanvas(mask: Uint8Array, frame: Size, crop: Rect, canvas: Size): Uint8Array {
  const cells = new Uint8Array(canvas.width * canvas.height)
  const scaleX = canvas.width / crop.width
  const scaleY = canvas.height / crop.height
  const cell = (at: number, scale: number, limit: number): number =>
    Math.max(0, Math.min(limit - 1, Math.floor(at * scale)))
  const bottom = Math.min(frame.height, Math.ceil(crop.y + crop.height))
  const right = Math.min(frame.width, Math.ceil(crop.x + crop.width))
  for (let y = Math.max(0, Math.floor(crop.y)); y < bottom; y++) {
    for (let x = Math.max(0, Math.floor(crop.x)); x < right; x++) {
      if (mask[y * frame.width + x] === 0) continue
      // Both ends of the pixel: enlarged, it covers more than one cell.
      const x1 = cell(x + 0.999 - crop.x, scaleX, canvas.width)
      const y1 = cell(y + 0.999 - crop.y, scaleY, canvas.height)
      for (let cy = cell(y - crop.y, scaleY, canvas.height); cy <= y1; cy++) {
        for (let cx = cell(x - crop.x, scaleX, canvas.width); cx <= x1; cx++) {
          cells[cy * canvas.width + cx] = 1
        }
      }
    }
  }
  return cells
}
