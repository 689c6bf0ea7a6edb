import { denseFlow } from './flow.js'
import { compose, invert, mapX, mapY, type Homography } from './homography.js'
import type { Box, Plane, Size } from './image.js'
import type { OpenCvBox } from './opencv.js'
import { pullPush } from './pullPush.js'
import { bilinear } from './sample.js'

/**
 * Where source pixels of one frame are in its neighbour: a homography, applied after a local
 * deviation where the scene is not one plane: `q = h(p + deviation(p))`.
 */
export interface Motion {
  readonly h: Homography
  readonly deviation: Deviation | null
}

/** Local motion beyond the homography on the analysis grid, in source pixels (x, y interleaved). */
export interface Deviation {
  readonly box: Box
  readonly factor: number
  readonly data: Float32Array
}

const FOUND = new Float64Array(2)

/** Maps a point; answers a shared two-element array, valid until the next call. */
export function follow(motion: Motion, x: number, y: number): Float64Array {
  let px = x
  let py = y
  if (motion.deviation !== null) {
    const { box, factor, data } = motion.deviation
    const cx = (x + 0.5) / factor - 0.5 - box.x
    const cy = (y + 0.5) / factor - 0.5 - box.y
    const gx = cx < 0 ? 0 : cx > box.width - 1 ? box.width - 1 : cx
    const gy = cy < 0 ? 0 : cy > box.height - 1 ? box.height - 1 : cy
    const ix = gx | 0
    const iy = gy | 0
    const fx = gx - ix
    const fy = gy - iy
    const right = ix < box.width - 1 ? 2 : 0
    const below = iy < box.height - 1 ? box.width * 2 : 0
    const at = (iy * box.width + ix) * 2
    for (let c = 0; c < 2; c++) {
      const i = at + c
      const upper = data[i]! + fx * (data[i + right]! - data[i]!)
      const lower = data[i + below]! + fx * (data[i + below + right]! - data[i + below]!)
      const value = upper + fy * (lower - upper)
      if (c === 0) px += value
      else py += value
    }
  }
  FOUND[0] = mapX(motion.h, px, py)
  FOUND[1] = mapY(motion.h, px, py)
  return FOUND
}

/** A frame as the motion step needs it, on the analysis grid. */
export interface MotionFrame {
  /** Blurred luma with the hole filled. */
  readonly grey: Plane
  /** 1 outside the (slightly grown) hole. */
  readonly known: Uint8Array
}

/**
 * Measures how the neighbourhood of the hole departs from the homography: dense flow between the
 * first frame and the second one warped onto it, inside `box`; departures below a quarter cell are
 * noise and become none. Inside the hole, where nothing is known, the deviation of the
 * surroundings is continued smoothly unless `trustHole` says that the hole holds a picture.
 *
 * @param h first -> second, in cells
 */
export function measureDeviation(
  opencv: OpenCvBox,
  first: MotionFrame,
  second: MotionFrame,
  h: Homography,
  box: Box,
  factor: number,
  trustHole: boolean,
): Deviation {
  const own = crop(first.grey, box)
  const warped = warpOnto(second.grey, h, box)
  const flow = denseFlow(opencv, own, warped)
  const weight = new Float32Array(box.width * box.height)
  for (let y = 0; y < box.height; y++) {
    for (let x = 0; x < box.width; x++) {
      const at = y * box.width + x
      const known = trustHole || first.known[(box.y + y) * first.grey.width + box.x + x] === 1
      weight[at] = known ? 1 : 0
      const u = flow.data[at * 2]!
      const v = flow.data[at * 2 + 1]!
      const keep = smoothstep(0.25, 0.7, Math.hypot(u, v))
      flow.data[at * 2] = u * keep * factor
      flow.data[at * 2 + 1] = v * keep * factor
    }
  }
  if (!trustHole) {
    retreat(weight, box, 4)
    pullPush(flow.data, weight, box, 2)
  }
  return { box, factor, data: flow.data }
}

/** The map from frame to frame that two poses (frame -> common reference) imply. */
export function between(poseFrom: Homography, poseTo: Homography): Homography {
  return compose(invert(poseTo), poseFrom)
}

function smoothstep(low: number, high: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)))
  return t * t * (3 - 2 * t)
}

function crop(plane: Plane, box: Box): Plane {
  const data = new Float32Array(box.width * box.height)
  for (let y = 0; y < box.height; y++) {
    const from = (box.y + y) * plane.width + box.x
    data.set(plane.data.subarray(from, from + box.width), y * box.width)
  }
  return { width: box.width, height: box.height, data }
}

function warpOnto(plane: Plane, h: Homography, box: Box): Plane {
  const data = new Float32Array(box.width * box.height)
  for (let y = 0; y < box.height; y++) {
    for (let x = 0; x < box.width; x++) {
      const gx = box.x + x
      const gy = box.y + y
      data[y * box.width + x] = bilinear(plane, mapX(h, gx, gy), mapY(h, gx, gy))
    }
  }
  return { width: box.width, height: box.height, data }
}

/** Takes the weight of cells within `radius` (city block) of a zero: flow is dragged there. */
function retreat(weight: Float32Array, { width, height }: Size, radius: number): void {
  const distance = new Int32Array(weight.length)
  for (let i = 0; i < weight.length; i++) distance[i] = weight[i] === 0 ? 0 : radius + 1
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      if (x > 0) distance[i] = Math.min(distance[i]!, distance[i - 1]! + 1)
      if (y > 0) distance[i] = Math.min(distance[i]!, distance[i - width]! + 1)
    }
  }
  for (let y = height - 1; y >= 0; y--) {
    for (let x = width - 1; x >= 0; x--) {
      const i = y * width + x
      if (x < width - 1) distance[i] = Math.min(distance[i]!, distance[i + 1]! + 1)
      if (y < height - 1) distance[i] = Math.min(distance[i]!, distance[i + width]! + 1)
      if (distance[i]! <= radius) weight[i] = 0
    }
  }
}

/** Edge of the tiles, in cells, in which the plane must hold. */
const TILE = 8

/**
 * Whether the homography alone explains the known cells in `box`, tile by tile, up to a third of a
 * cell of misplacement and the noise of a compressed video. True when there is nothing to judge by.
 *
 * @param gain,offset brightness change, second -> first
 */
export function followsPlane(
  first: MotionFrame,
  second: MotionFrame,
  h: Homography,
  box: Box,
  gain: number,
  offset: number,
): boolean {
  const { width, height, data } = first.grey
  const columns = Math.ceil(box.width / TILE)
  const good = new Uint16Array(columns * Math.ceil(box.height / TILE))
  const all = new Uint16Array(good.length)
  for (let y = Math.max(1, box.y); y < Math.min(height - 1, box.y + box.height); y++) {
    for (let x = Math.max(1, box.x); x < Math.min(width - 1, box.x + box.width); x++) {
      const i = y * width + x
      if (first.known[i] === 0) continue
      const qx = mapX(h, x, y)
      const qy = mapY(h, x, y)
      if (!(qx >= 0 && qy >= 0 && qx <= width - 1 && qy <= height - 1)) continue
      if (second.known[Math.round(qy) * width + Math.round(qx)] === 0) continue
      const slope = Math.hypot(data[i + 1]! - data[i - 1]!, data[i + width]! - data[i - width]!) / 2
      const tile = Math.floor((y - box.y) / TILE) * columns + Math.floor((x - box.x) / TILE)
      all[tile] = all[tile]! + 1
      const r = Math.abs(gain * bilinear(second.grey, qx, qy) + offset - data[i]!)
      if (r < 3 + 0.35 * slope) good[tile] = good[tile]! + 1
    }
  }
  for (let tile = 0; tile < all.length; tile++) {
    if (all[tile]! > TILE * 2 && good[tile]! < 0.7 * all[tile]!) return false
  }
  return true
}
