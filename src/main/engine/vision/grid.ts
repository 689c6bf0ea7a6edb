import type { Hole } from './hole.js'
import { pullPush } from './pullPush.js'

/** Values on 4 x 4 pixel cells over a hole's box, averaged where known and continued elsewhere. */
export interface HoleGrid {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly data: Float32Array
}

const CELL = 4

/** Frame x and y of every hole pixel relative to the box, visited in order. */
function forPixels(
  hole: Hole,
  frameWidth: number,
  visit: (n: number, x: number, y: number) => void,
): void {
  for (let n = 0; n < hole.pixels.length; n++) {
    const pixel = hole.pixels[n]!
    const x = pixel % frameWidth
    visit(n, x - hole.box.x, (pixel - x) / frameWidth - hole.box.y)
  }
}

/**
 * Averages per-pixel values into cells and continues them smoothly over the cells without any.
 *
 * @param weights per hole pixel; 0 leaves a pixel out
 */
export function gatherGrid(
  hole: Hole,
  frameWidth: number,
  values: Float32Array,
  weights: Float32Array,
  channels: number,
): HoleGrid {
  const width = Math.ceil(hole.box.width / CELL)
  const height = Math.ceil(hole.box.height / CELL)
  const data = new Float32Array(width * height * channels)
  const weight = new Float32Array(width * height)
  forPixels(hole, frameWidth, (n, x, y) => {
    const w = weights[n]!
    if (w === 0) return
    const cell = Math.floor(y / CELL) * width + Math.floor(x / CELL)
    weight[cell] = weight[cell]! + w
    for (let c = 0; c < channels; c++) {
      data[cell * channels + c] = data[cell * channels + c]! + w * values[n * channels + c]!
    }
  })
  return continued({ width, height, channels, data }, weight)
}

/**
 * The same for values at a few places only.
 *
 * @param cells of the places, by `cellOf`
 * @param values one per place; a negative one is left out
 */
export function gatherPlaces(hole: Hole, cells: Int32Array, values: Float32Array): HoleGrid {
  const width = Math.ceil(hole.box.width / CELL)
  const height = Math.ceil(hole.box.height / CELL)
  const data = new Float32Array(width * height)
  const weight = new Float32Array(width * height)
  for (let k = 0; k < cells.length; k++) {
    if (values[k]! < 0) continue
    const cell = cells[k]!
    weight[cell] = weight[cell]! + 1
    data[cell] = data[cell]! + values[k]!
  }
  return continued({ width, height, channels: 1, data }, weight)
}

/** The cell in which a hole pixel lies. */
export function cellOf({ box, pixels }: Hole, frameWidth: number, n: number): number {
  const x = pixels[n]! % frameWidth
  const row = Math.floor(((pixels[n]! - x) / frameWidth - box.y) / CELL)
  return row * Math.ceil(box.width / CELL) + Math.floor((x - box.x) / CELL)
}

/** Sums become means, which go on smoothly over the cells without any. */
function continued(grid: HoleGrid, weight: Float32Array): HoleGrid {
  const { channels, data } = grid
  let any = false
  for (let i = 0; i < weight.length; i++) {
    const sum = weight[i]!
    if (sum === 0) continue
    any = true
    for (let c = 0; c < channels; c++) data[i * channels + c] = data[i * channels + c]! / sum
    weight[i] = 1
  }
  if (any) pullPush(data, weight, grid, channels, 16)
  return grid
}

/** Reads a grid back at every hole pixel (bilinear): `channels` floats per pixel. */
export function readGrid(grid: HoleGrid, hole: Hole, frameWidth: number): Float32Array {
  const { width, height, channels, data } = grid
  const out = new Float32Array(hole.pixels.length * channels)
  forPixels(hole, frameWidth, (n, x, y) => {
    const gx = Math.min(width - 1, Math.max(0, (x + 0.5) / CELL - 0.5))
    const gy = Math.min(height - 1, Math.max(0, (y + 0.5) / CELL - 0.5))
    const ix = Math.floor(gx)
    const iy = Math.floor(gy)
    const fx = gx - ix
    const fy = gy - iy
    const right = ix < width - 1 ? channels : 0
    const below = iy < height - 1 ? width * channels : 0
    for (let c = 0; c < channels; c++) {
      const at = (iy * width + ix) * channels + c
      const upper = data[at]! + fx * (data[at + right]! - data[at]!)
      const lower = data[at + below]! + fx * (data[at + below + right]! - data[at + below]!)
      out[n * channels + c] = upper + fy * (lower - upper)
    }
  })
  return out
}

/** Averages every cell with those up to `radius` beside it (box filter, clipped at the border). */
export function smoothGrid(grid: HoleGrid, radius: number): HoleGrid {
  const { width, height, channels, data } = grid
  const out = new Float32Array(data.length)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) {
        let sum = 0
        let count = 0
        for (let v = Math.max(0, y - radius); v <= Math.min(height - 1, y + radius); v++) {
          for (let u = Math.max(0, x - radius); u <= Math.min(width - 1, x + radius); u++) {
            sum += data[(v * width + u) * channels + c]!
            count++
          }
        }
        out[(y * width + x) * channels + c] = sum / count
      }
    }
  }
  return { ...grid, data: out }
}
