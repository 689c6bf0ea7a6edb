import type { Picture, Plane, Size } from '../image.js'
import type { Plate } from './plate.js'
import { joined, nearObject, sizeOfRegion } from './regions.js'

/** Darker than this share of the plate's light starts a shadow; a lighter one may carry it on. */
const SURE = 0.88
const FAINT = 0.95

/** Darker than this is a thing and not a shadow. */
const BLACK = 0.2

/** Added to every level before ratios are taken: in the dark, compression decides. */
const FLOOR = 8

/** Radius in pixels of the window in which ratios are averaged. */
const WINDOW = 2

/** A shadow keeps hue: how far channels may part, beside a share of how dark it is (natural logs). */
const HUE = 0.06
const HUE_SHARE = 0.35

/** It keeps texture: how much the ratio may scatter, likewise. */
const SCATTER = 0.05
const SCATTER_SHARE = 0.3

/** Pixels by which a region takes in its own edge. */
const EDGE = 2 * WINDOW

/** Smallest share of the object's area that is worth a word, and smallest area in pixels. */
const SMALLEST = 0.03
const SPECK = 20

/** A frame, and what it looks like where nothing stands. */
export interface ShadowLook {
  readonly picture: Picture
  readonly plate: Plate
  /** 1 where the object is painted. */
  readonly object: Uint8Array
}

/**
 * The shadow attached to an object: darker than the plate by a smooth factor that leaves hue and
 * texture alone, and joined to the object.
 *
 * @param reach pixels from the object within which a shadow has to begin
 * @returns 255 per pixel of the shadow, outside the object; null where there is none
 */
export function findShadow(look: ShadowLook, reach: number): Uint8Array | null {
  const { picture, object } = look
  const { dark, hue, scatter, weight } = compare(look)
  const darkened = (at: number, ratio: number): boolean => {
    const depth = dark.data[at]!
    return (
      weight.data[at]! > 0.3 &&
      object[at] === 0 &&
      depth < Math.log(ratio) &&
      depth > Math.log(BLACK) &&
      hue.data[at]! < HUE - HUE_SHARE * depth
    )
  }
  const allowed = (at: number, ratio: number): boolean =>
    darkened(at, ratio) && scatter.data[at]! < SCATTER - SCATTER_SHARE * dark.data[at]!
  const out = new Uint8Array(object.length)
  const visited = new Uint8Array(object.length)
  const near = nearObject(object, picture, reach)
  const area = sizeOfRegion(object)
  let any = false
  for (let start = 0; start < object.length; start++) {
    if (visited[start] === 1 || !allowed(start, FAINT)) continue
    const region = joined(start, visited, picture, (at) => allowed(at, FAINT))
    const sure = region.filter((at) => allowed(at, SURE)).length
    const touches = region.some((at) => near[at] === 1 && allowed(at, SURE))
    if (!touches || sure < Math.max(SPECK, SMALLEST * area) || 4 * sure < region.length) continue
    for (const at of region) out[at] = 255
    any = true
  }
  if (!any) return null
  // Across its edge the ratio changes, which is no texture.
  for (let ring = 0; ring < EDGE; ring++) widen(out, picture, (at) => darkened(at, FAINT))
  return out
}

/** Natural log of frame over plate and how it varies, averaged in windows of known pixels. */
function compare({ picture, plate: { known, light: plate }, object }: ShadowLook): {
  readonly dark: Plane
  readonly hue: Plane
  readonly scatter: Plane
  readonly weight: Plane
} {
  const count = picture.width * picture.height
  const logs = [0, 1, 2].map(() => new Float32Array(count))
  const light = new Float32Array(count)
  const valid = new Float32Array(count)
  const usual: number[] = []
  for (let at = 0; at < count; at++) {
    if (known[at] === 0 || object[at] === 1) continue
    valid[at] = 1
    let own = 0
    let clean = 0
    for (let c = 0; c < 3; c++) {
      const i = at * 3 + c
      logs[c]![at] = Math.log((picture.data[i]! + FLOOR) / (plate[i]! + FLOOR))
      own += picture.data[i]!
      clean += plate[i]!
    }
    light[at] = Math.log((own / 3 + FLOOR) / (clean / 3 + FLOOR))
    if (at % 3 === 0) usual.push(light[at]!)
  }
  // Most of what surrounds an object is not in its shadow: what has changed there is the light.
  usual.sort((a, b) => a - b)
  const drift = Math.max(0, usual[Math.floor(0.7 * usual.length)] ?? 0)
  const square = light.map((value) => value * value)
  const weight = boxMean(valid, picture)
  const averaged = (values: Float32Array): Float32Array => {
    const mean = boxMean(
      values.map((value, at) => value * valid[at]!),
      picture,
    )
    return mean.map((value, at) => (weight[at]! > 0 ? value / weight[at]! : 0))
  }
  const means = logs.map(averaged)
  const mean = averaged(light)
  const squares = averaged(square)
  const plane = (data: Float32Array): Plane => ({ ...sizeOf(picture), data })
  return {
    dark: plane(mean.map((value) => value - drift)),
    hue: plane(
      mean.map((_value, at) => {
        const [red, green, blue] = means.map((one) => one[at]!) as [number, number, number]
        return Math.max(Math.abs(red - green), Math.abs(blue - green))
      }),
    ),
    scatter: plane(squares.map((value, at) => Math.sqrt(Math.max(0, value - mean[at]! ** 2)))),
    weight: plane(weight),
  }
}

function sizeOf({ width, height }: Size): Size {
  return { width, height }
}

/** Mean over a square window, clipped at the border. */
function boxMean(values: Float32Array, { width, height }: Size): Float32Array {
  const rows = new Float32Array(values.length)
  const out = new Float32Array(values.length)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0
      const from = Math.max(0, x - WINDOW)
      const to = Math.min(width - 1, x + WINDOW)
      for (let u = from; u <= to; u++) sum += values[y * width + u]!
      rows[y * width + x] = sum / (to - from + 1)
    }
  }
  for (let y = 0; y < height; y++) {
    const from = Math.max(0, y - WINDOW)
    const to = Math.min(height - 1, y + WINDOW)
    for (let x = 0; x < width; x++) {
      let sum = 0
      for (let v = from; v <= to; v++) sum += rows[v * width + x]!
      out[y * width + x] = sum / (to - from + 1)
    }
  }
  return out
}

/** Adds the pixels beside a region that may belong to it. */
function widen(region: Uint8Array, { width }: Size, mayJoin: (at: number) => boolean): void {
  const before = region.slice()
  for (let at = 0; at < before.length; at++) {
    if (before[at] !== 0) continue
    const x = at % width
    const beside =
      (x > 0 && before[at - 1] === 255) ||
      (x + 1 < width && before[at + 1] === 255) ||
      before[at - width] === 255 ||
      before[at + width] === 255
    if (beside && mayJoin(at)) region[at] = 255
  }
}
