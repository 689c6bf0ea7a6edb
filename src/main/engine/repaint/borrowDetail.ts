import { boxMean } from '../vision/boxMean.js'
import { luma } from '../vision/image.js'
import type { ColourPicture, Plane, Size } from '../vision/image.js'
import type { Rect } from './cropPath.js'
import { resample } from './resample.js'
import type { FloatPicture } from './resample.js'

/** Half-width in cells of the window in which change and light are compared. */
const RADIUS = 2
/** Levels of contrast below which a cell's light is taken for noise. */
const NOISE = 8
/**
 * How far a change may follow the light of a window, in levels for one of the source's: a bit more
 * than half of the contrast there stays at least, so that the drawing does.
 */
const SLOPE = { least: -0.45, most: 0.8 } as const

/**
 * The source in the colours and light of a small made picture, with its own drawing at its own
 * resolution. What the network changed is told, window by window, as an offset of each colour and a
 * share of the source's light (the linear model of He et al., "Guided Image Filtering", 2010), and
 * that model, not the change itself, is enlarged and applied: shapes that the source does not show
 * melt into washes, edges stay where and as sharp as they are. Where nothing was changed, the
 * source comes back bit for bit.
 *
 * @param options.change what was made less the source, on the canvas, RGB levels
 * @param options.small the source on the canvas
 * @param options.part where on the canvas the wanted pixels lie
 * @param options.size of the wanted pixels
 * @param options.source the source's pixels there, interleaved RGB
 * @returns interleaved RGB levels, not clamped
 */
export function borrowDetail(options: {
  readonly change: FloatPicture
  readonly small: FloatPicture
  readonly part: Rect
  readonly size: Size
  readonly source: Uint8Array
}): Float32Array {
  const { change, small, part, size, source } = options
  const model = fit(luma(small), change)
  const slopes = resample(model.slopes, part, size).data
  const offsets = resample(model.offsets, part, size).data
  const light = luma({ ...size, data: source }).data
  const out = new Float32Array(source.length)
  for (let n = 0; n < out.length; n++) {
    out[n] = source[n]! + offsets[n]! + slopes[n]! * light[Math.floor(n / 3)]!
  }
  return out
}

/** Each colour of a change as `offset + slope * light` around each cell. */
function fit(
  light: Plane,
  change: FloatPicture,
): { readonly slopes: FloatPicture; readonly offsets: FloatPicture } {
  const { width, height } = light
  const mean = (values: Float32Array): Float32Array => boxMean(values, light, RADIUS)
  const lights = mean(light.data)
  const squares = mean(light.data.map((one) => one * one))
  const slopes = new Float32Array(change.data.length)
  const offsets = new Float32Array(change.data.length)
  for (let c = 0; c < 3; c++) {
    const plane = light.data.map((_, n) => change.data[n * 3 + c]!)
    const changes = mean(plane)
    const products = mean(plane.map((one, n) => one * light.data[n]!))
    const slope = changes.map((one, n) => {
      const variance = Math.max(0, squares[n]! - lights[n]! ** 2)
      const along = (products[n]! - one * lights[n]!) / (variance + NOISE * NOISE)
      return Math.min(SLOPE.most, Math.max(SLOPE.least, along))
    })
    // Averaged over all windows that see a cell, as the filter is defined.
    const [smooth, rest] = [
      mean(slope),
      mean(changes.map((one, n) => one - slope[n]! * lights[n]!)),
    ]
    for (let n = 0; n < smooth.length; n++) {
      slopes[n * 3 + c] = smooth[n]!
      offsets[n * 3 + c] = rest[n]!
    }
  }
  return { slopes: { width, height, data: slopes }, offsets: { width, height, data: offsets } }
}

/** What was made less what is there, on one grid. */
export function changeBetween(there: ColourPicture, made: FloatPicture): FloatPicture {
  const data = Float32Array.from(made.data, (value, n) => value - there.data[n]!)
  return { width: made.width, height: made.height, data }
}
