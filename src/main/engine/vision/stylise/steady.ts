import { boxMean } from '../boxMean.js'
import { denseFlow } from '../flow.js'
import { scaleWithin } from '../image.js'
import type { Plane } from '../image.js'
import type { OpenCvBox } from '../opencv.js'
import { bicubicMix, bilinear } from '../sample.js'
import type { Layers } from './layers.js'
import { eachRow, resample } from './resample.js'
import type { Channels } from './resample.js'

/** Pixels on which motion is measured: enough for what moves, and less than the painting. */
const FLOW_PIXELS = 45_000
/**
 * Measured on the clips of the tuning (docs/style.md): with one turn paint is as steady as with
 * three, and a little steadier with a window of 11 than with the 15 that removing things needs.
 */
const FLOW = { window: 11, turns: 1 } as const
/** Levels by which a place may look different after its way before it counts as another. */
const TOLERANCE = 10
/** Shares below it are not worth reading the frame before for. */
const LEAST = 0.01

/** Keeps paint where it was on things that move. */
export interface Steadier {
  /**
   * Blends the layers of a painted frame with those of the frame before, carried along the motion of
   * the source. What is blended is paint alone: edges are the source's own of this frame, so that
   * nothing is seen twice. Where the source itself did not stay the same (something new, a cut) the
   * frame is left as it is.
   *
   * @param share 0..1 of the frame before, where the motion is sure
   */
  next(fresh: Layers, share: number): Layers
  /** The next frame does not follow the last one. */
  forget(): void
}

export function createSteadier(cv: OpenCvBox): Steadier {
  let before: { readonly layers: Layers; readonly light: Plane } | null = null
  return {
    forget() {
      before = null
    },
    next(fresh, share) {
      if (share === 0) return fresh
      const light = shrunk(fresh.light)
      const layers =
        before === null
          ? fresh
          : blended(fresh, before.layers, wayBack(cv, light, before.light), share)
      before = { layers, light }
      return layers
    },
  }
}

function shrunk(light: Plane): Plane {
  const scale = scaleWithin(light, FLOW_PIXELS)
  const size = {
    width: Math.max(8, Math.round(light.width * scale)),
    height: Math.max(8, Math.round(light.height * scale)),
  }
  return { ...size, data: resample({ ...light, channels: 1 }, size).data }
}

/** Per cell: where it was in the frame before (x, y in cells from here), and how far that is believed. */
function wayBack(cv: OpenCvBox, light: Plane, before: Plane): Channels {
  const { width, height } = light
  const flow = denseFlow(cv, light, before, FLOW)
  const change = new Float32Array(width * height)
  for (let y = 0, n = 0; y < height; y++) {
    for (let x = 0; x < width; x++, n++) {
      const there = bilinear(before, x + flow.data[n * 2]!, y + flow.data[n * 2 + 1]!)
      change[n] = Math.abs(there - light.data[n]!)
    }
  }
  const around = boxMean(change, light, 1, change)
  const data = new Float32Array(width * height * 3)
  for (let y = 0, n = 0; y < height; y++) {
    for (let x = 0; x < width; x++, n++) {
      const dx = flow.data[n * 2]!
      const dy = flow.data[n * 2 + 1]!
      data[n * 3] = dx
      data[n * 3 + 1] = dy
      if (x + dx < 0 || y + dy < 0 || x + dx > width - 1 || y + dy > height - 1) continue
      const apart = around[n]! / TOLERANCE
      data[n * 3 + 2] = Math.exp(-apart * apart)
    }
  }
  return { width, height, channels: 3, data }
}

/**
 * The layers of a painted frame mixed with those of another one of the same things.
 *
 * @param way per cell where it lies in the other (x, y in cells from here), and how far that is
 * believed, 0..1
 */
export function blended(fresh: Layers, before: Layers, way: Channels, share: number): Layers {
  const { width, height } = fresh
  const strokes = (data: Float32Array): Channels => ({ width, height, channels: 3, data })
  return {
    ...fresh,
    ground: mixed(fresh.ground, before.ground, way, share),
    strokes: mixed(strokes(fresh.strokes), strokes(before.strokes), way, share).data,
  }
}

/** Each place with the one that it comes from. */
function mixed(fresh: Channels, before: Channels, way: Channels, share: number): Channels {
  const data = fresh.data.slice()
  const scale = { x: fresh.width / way.width, y: fresh.height / way.height }
  eachRow(way, fresh, (row, y) => {
    mixRow(row, y, before, scale, share, data)
  })
  return { ...fresh, data }
}

function mixRow(
  row: Float32Array,
  y: number,
  before: Channels,
  scale: { readonly x: number; readonly y: number },
  share: number,
  out: Float32Array,
): void {
  const { width, channels } = before
  for (let x = 0, at = 0, to = y * width * channels; x < width; x++, at += 3, to += channels) {
    const weight = share * row[at + 2]!
    if (weight < LEAST) continue
    // Read again and again along the motion, a bilinear sample would wash strokes out.
    bicubicMix(before, x + row[at]! * scale.x, y + row[at + 1]! * scale.y, weight, out, to)
  }
}
