import { listHole } from '../vision/hole.js'
import type { Picture, Size } from '../vision/image.js'
import { correctSeam } from '../vision/seam.js'
import { resample } from './resample.js'
import type { Rect } from './cropPath.js'
import type { FloatPicture } from './resample.js'

/** Width in cells of the known ring on which the network's colours are compared with the true ones. */
const RING = 6

/**
 * The made cells with the network's error of colour taken out: how far it is off on the known ring
 * around the hole (it predicts those cells too) is carried smoothly into the hole.
 *
 * @param known what is really there, on the canvas
 * @param made what the network predicts everywhere, on the canvas
 * @param hole 0/1 per cell: what is to be replaced
 * @returns the known cells with the made ones in the hole
 */
export function matchColours(known: Picture, made: FloatPicture, hole: Uint8Array): FloatPicture {
  const data = Float32Array.from(known.data)
  const list = listHole(hole, known, RING)
  if (list === null) return { width: known.width, height: known.height, data }
  const count = list.pixels.length
  const colours = new Float32Array(count * 3)
  for (let n = 0; n < count; n++) {
    const from = list.pixels[n]! * 3
    for (let c = 0; c < 3; c++) colours[n * 3 + c] = made.data[from + c]!
  }
  correctSeam(known, list, colours, new Float32Array(count).fill(1))
  for (let n = 0; n < count; n++) {
    if (list.inside[n] === 0) continue
    const to = list.pixels[n]! * 3
    for (let c = 0; c < 3; c++) data[to + c] = clampLevel(colours[n * 3 + c]!)
  }
  return { width: known.width, height: known.height, data }
}

/** Levels of change at which half of the source's fine detail is kept. */
const SAME = 10

/**
 * How far the network left each cell as it was, 0..1, smoothed: there the source's own detail,
 * which the small picture cannot hold, still belongs.
 */
export function unchanged(source: FloatPicture, made: FloatPicture): FloatPicture {
  const { width, height } = source
  const change = new Float32Array(width * height)
  for (let n = 0; n < change.length; n++) {
    let sum = 0
    for (let c = 0; c < 3; c++) sum += Math.abs(source.data[n * 3 + c]! - made.data[n * 3 + c]!)
    change[n] = sum / 3
  }
  const spread = boxBlur(change, { width, height })
  const data = new Float32Array(width * height * 3)
  for (let n = 0; n < spread.length; n++) {
    // 255 levels stand for 1, so that the one resampler serves.
    data.fill(255 / (1 + (spread[n]! / SAME) ** 4), n * 3, n * 3 + 3)
  }
  return { width, height, data }
}

function boxBlur(values: Float32Array, { width, height }: Size): Float32Array {
  const out = new Float32Array(values.length)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0
      let count = 0
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          if (x + dx < 0 || x + dx >= width || y + dy < 0 || y + dy >= height) continue
          sum += values[(y + dy) * width + x + dx]!
          count++
        }
      }
      out[y * width + x] = sum / count
    }
  }
  return out
}

/**
 * A made part at the frame's own resolution: enlarged, and where the network changed nothing with
 * the source's detail on top, so that there it is the source.
 *
 * @param options.crisp the made part as a network enlarged it; null where none did
 * @param options.source the frame's pixels under the box, interleaved RGB
 * @param options.small the same on the canvas; null where nothing of the source may come back
 */
export function enlarge(options: {
  readonly made: FloatPicture
  readonly crisp: FloatPicture | null
  readonly part: { readonly x: number; readonly y: number } & Size
  readonly size: Size
  readonly source: Uint8Array
  readonly small: FloatPicture | null
}): Float32Array {
  const { made, crisp, part, size, source, small } = options
  const best = crisp === null ? null : resample(crisp, scaled(part, crisp, made), size).data
  if (small === null && best !== null) return best
  const { data } = resample(made, part, size)
  if (small === null) return data
  const soft = resample(small, part, size).data
  const kept = resample(unchanged(small, made), part, size).data
  for (let n = 0; n < data.length; n++) {
    const share = Math.min(1, Math.max(0, kept[n]! / 255))
    // Where nothing changed both are enlarged alike, so that what is left is the source.
    const enlarged = best === null ? data[n]! : best[n]! + share * (data[n]! - best[n]!)
    data[n] = enlarged + share * (source[n]! - soft[n]!)
  }
  return data
}

/** A part of one grid on another that lies over the same picture. */
function scaled({ x, y, width, height }: Rect, to: Size, from: Size): Rect {
  const [across, down] = [to.width / from.width, to.height / from.height]
  return { x: x * across, y: y * down, width: width * across, height: height * down }
}

export function clampLevel(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value
}
