import { touch } from './canvas.js'
import type { Coverage } from './canvas.js'

/** A grey picture or mask. */
export interface MaskFrame {
  readonly width: number
  readonly height: number
  /** 0..255, row by row. */
  readonly data: Uint8Array
}

/** Looks up an imported bitmap by its project-relative path; undefined where it is not loaded. */
export type MaskBitmaps = (path: string) => MaskFrame | undefined

/** Stretches a picture over the whole target: area average when it shrinks, bilinear when it grows. */
export function drawBitmap(target: Coverage, bitmap: MaskFrame, erase: boolean): void {
  const columns = weights(bitmap.width, target.width)
  const rows = weights(bitmap.height, target.height)
  const line = new Float32Array(bitmap.width)
  for (let y = 0; y < target.height; y++) {
    line.fill(0)
    for (const [row, weight] of rows[y] ?? []) {
      const base = row * bitmap.width
      for (let x = 0; x < bitmap.width; x++) {
        line[x] = (line[x] ?? 0) + (bitmap.data[base + x] ?? 0) * weight
      }
    }
    for (let x = 0; x < target.width; x++) {
      let value = 0
      for (const [column, weight] of columns[x] ?? []) value += (line[column] ?? 0) * weight
      if (value >= 0.5) touch(target, y * target.width + x, Math.round(value), erase)
    }
  }
}

type Weights = readonly (readonly (readonly [index: number, weight: number])[])[]

/** For each of `to` places, which of `from` samples it is made of; the weights add up to 1. */
function weights(from: number, to: number): Weights {
  const scale = from / to
  return Array.from({ length: to }, (_, at) => {
    const entries: [number, number][] = []
    if (scale > 1) {
      const start = at * scale
      const end = Math.min(from, start + scale)
      for (let index = Math.floor(start); index < end; index++) {
        const share = Math.min(index + 1, end) - Math.max(index, start)
        entries.push([index, share / (end - start)])
      }
      return entries
    }
    const centre = (at + 0.5) * scale - 0.5
    const index = Math.floor(centre)
    const share = centre - index
    const clamp = (value: number): number => Math.min(from - 1, Math.max(0, value))
    return [
      [clamp(index), 1 - share],
      [clamp(index + 1), share],
    ]
  })
}
