import type { FrameFormat } from '../../ffmpeg/layout.js'
import { isYuv, planesOf } from '../../ffmpeg/layout.js'
import { signedDistance } from '../../../shared/mask/index.js'
import { PAINTED } from '../../../shared/mask/growth.js'
import type { FrameSeam } from '../../../shared/takeProof.js'

/** Largest difference of samples outside a mask, and how many were compared. */
export interface OutsideDifference {
  readonly max: number
  readonly samples: number
}

/** 1 per pixel within `reach` of what is painted. */
export function grownMask(
  painted: Uint8Array,
  size: { readonly width: number; readonly height: number },
  reach: number,
): Uint8Array {
  const solid = painted.map((value) => (value >= PAINTED ? 255 : 0))
  const distance = signedDistance(solid, size.width, size.height)
  const out = new Uint8Array(painted.length)
  for (let at = 0; at < out.length; at++) if ((distance[at] ?? 0) <= reach + 0.5) out[at] = 1
  return out
}

/**
 * Compares two frames sample by sample in their own planes, outside a mask. A chroma sample counts
 * as outside when no pixel that it covers is inside.
 */
export function differenceOutside(
  a: Uint8Array,
  b: Uint8Array,
  inside: Uint8Array,
  { layout, width, height }: FrameFormat,
): OutsideDifference {
  let max = 0
  let samples = 0
  const compare = (at: number): void => {
    samples++
    const difference = Math.abs((a[at] ?? 0) - (b[at] ?? 0))
    if (difference > max) max = difference
  }
  if (!isYuv(layout)) {
    const channels = layout === 'gray' ? 1 : layout === 'rgba' ? 4 : 3
    for (let pixel = 0; pixel < inside.length; pixel++) {
      if (inside[pixel] === 1) continue
      for (let c = 0; c < channels; c++) compare(pixel * channels + c)
    }
    return { max, samples }
  }
  for (const plane of planesOf(layout, width, height)) {
    const sx = plane.width === width ? 1 : 2
    const sy = plane.height === height ? 1 : 2
    for (let y = 0; y < plane.height; y++) {
      for (let x = 0; x < plane.width; x++) {
        let covered = false
        for (let v = y * sy; v < Math.min(height, (y + 1) * sy); v++) {
          for (let u = x * sx; u < Math.min(width, (x + 1) * sx); u++) {
            if (inside[v * width + u] === 1) covered = true
          }
        }
        if (!covered) compare(plane.offset + y * plane.width + x)
      }
    }
  }
  return { max, samples }
}

/** Luma of a frame, 0..255. */
export function lumaOf(
  frame: Uint8Array,
  { layout, width, height }: Omit<FrameFormat, 'colour'>,
): Uint8Array {
  const count = width * height
  if (layout !== 'rgb24' && layout !== 'rgba') return frame.slice(0, count)
  const step = layout === 'rgba' ? 4 : 3
  const out = new Uint8Array(count)
  for (let at = 0; at < count; at++) {
    const i = at * step
    out[at] =
      0.299 * (frame[i] ?? 0) + 0.587 * (frame[i + 1] ?? 0) + 0.114 * (frame[i + 2] ?? 0) + 0.5
  }
  return out
}

interface LumaFrame {
  readonly luma: Uint8Array
  readonly inside: Uint8Array
}

/** How wide the bands are in which the two sides of an edge are compared, in pixels. */
const BAND = 4

/**
 * Measures the edge of what was filled in: the change across it against the change in a band
 * outside, the step from band to band, and how restless the inside is.
 *
 * @returns null where nothing is inside
 */
export function measureSeam(
  now: LumaFrame,
  before: LumaFrame | null,
  { width, height }: { readonly width: number; readonly height: number },
): FrameSeam | null {
  const { luma, inside } = now
  const distance = signedDistance(
    inside.map((value) => value * 255),
    width,
    height,
  )
  const across = createMean()
  const beside = createMean()
  // Over the whole edge the picture's own shading cancels out, and what is left is the fill's.
  const inner = createMean()
  const outer = createMean()
  const own = createMean()
  const around = createMean()
  let any = false
  for (let y = 0; y + 1 < height; y++) {
    for (let x = 0; x + 1 < width; x++) {
      const at = y * width + x
      const d = distance[at] ?? 0
      if (inside[at] === 1) any = true
      if (d > 3 * BAND || d < -3 * BAND) {
        if (inside[at] === 1) addChange(own, before, luma, at)
        continue
      }
      for (const next of [at + 1, at + width]) {
        const change = Math.abs((luma[at] ?? 0) - (luma[next] ?? 0))
        if (inside[at] !== inside[next]) across.add(change)
        else if (d > 1 && inside[at] === 0) beside.add(change)
      }
      if (Math.abs(d) <= BAND) {
        ;(d < 0 ? inner : outer).add(luma[at] ?? 0)
      }
      addChange(inside[at] === 1 ? own : around, before, luma, at)
    }
  }
  if (!any) return null
  return {
    gradient: round((across.value() + 0.5) / (beside.value() + 0.5)),
    step: round(Math.abs(inner.value() - outer.value())),
    flicker: own.count() === 0 ? null : round((own.value() + 0.5) / (around.value() + 0.5)),
  }
}

function addChange(mean: Mean, before: LumaFrame | null, luma: Uint8Array, at: number): void {
  if (before === null || before.inside[at] === undefined) return
  mean.add(Math.abs((luma[at] ?? 0) - (before.luma[at] ?? 0)))
}

interface Mean {
  add(value: number): void
  count(): number
  value(): number
}

function createMean(): Mean {
  let sum = 0
  let count = 0
  return {
    add(value) {
      sum += value
      count++
    },
    count: () => count,
    value: () => (count === 0 ? 0 : sum / count),
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
