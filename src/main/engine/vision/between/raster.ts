import { isYuv, planesOf } from '../../../ffmpeg/layout.js'
import type { PixelLayout } from '../../../ffmpeg/layout.js'
import type { Plane, Size } from '../image.js'

/** One channel of a frame where it lies: sample (x, y) is `data[offset + (y * width + x) * step]`. */
export interface Channel extends Size {
  readonly offset: number
  readonly step: number
  /** Samples of this channel per luma sample. */
  readonly scale: { readonly x: number; readonly y: number }
}

/** How the frames of a clip lie in memory. */
export interface RasterFormat extends Size {
  readonly layout: PixelLayout
}

/** The channels of a frame, brightness first where there is one. */
export function channelsOf({ layout, width, height }: RasterFormat): Channel[] {
  if (isYuv(layout)) {
    return planesOf(layout, width, height).map((plane) => ({
      ...plane,
      step: 1,
      scale: { x: plane.width / width, y: plane.height / height },
    }))
  }
  const step = { rgb24: 3, rgba: 4, gray: 1 }[layout]
  const scale = { x: 1, y: 1 }
  return Array.from({ length: step }, (_, offset) => ({ width, height, offset, step, scale }))
}

/** Brightness averaged over `factor` x `factor` samples; partial cells at the edges are left out. */
export function brightness(frame: Uint8Array, format: RasterFormat, factor: number): Plane {
  const { layout, width: across } = format
  const width = Math.max(1, Math.floor(format.width / factor))
  const height = Math.max(1, Math.floor(format.height / factor))
  const data = new Float32Array(width * height)
  const colour = layout === 'rgb24' || layout === 'rgba'
  const step = colour ? (layout === 'rgba' ? 4 : 3) : 1
  const share = 1 / (factor * factor)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0
      for (let dy = 0; dy < factor; dy++) {
        let at = ((y * factor + dy) * across + x * factor) * step
        for (let dx = 0; dx < factor; dx++, at += step) {
          sum += colour
            ? 0.299 * frame[at]! + 0.587 * frame[at + 1]! + 0.114 * frame[at + 2]!
            : frame[at]!
        }
      }
      data[y * width + x] = sum * share
    }
  }
  return { width, height, data }
}
