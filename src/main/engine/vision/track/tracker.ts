import { signedDistance } from '../../../../shared/mask/index.js'
import { boundingBox, luma, type Box, type Picture, type Size } from '../image.js'
import type { OpenCvBox } from '../opencv.js'
import { createRandom } from '../random.js'
import { decide, hardToTell, overlap } from './decide.js'
import type { Seen } from './decide.js'
import {
  chain,
  fitMotion,
  growth,
  inverse,
  mapX,
  mapY,
  spreadRest,
  STILL,
  type Affine,
  type RegionMotion,
} from './motion.js'
import { keepBodies } from './bodies.js'
import { followPoints } from './points.js'

export interface TrackedFrame {
  /** Chance 0..255 per cell of being inside; the edge is at 128. */
  readonly mask: Uint8Array
  /** 0..1: about the overlap (intersection over union) with the true region that is to be expected. */
  readonly confidence: number
  /** Nothing is left to follow: the region left the picture or was lost. */
  readonly gone: boolean
}

/** Errors add up: belief lost per frame since the painted one, even when all goes well. */
const FADING = 0.0005

/**
 * Share of the band around the outline in which inside and outside are hard to tell, from which the
 * outline has to be taken for wrong wherever it is not the painted one, carried along.
 */
const BLURRED = 0.1

export interface Tracker {
  /** The mask of the next frame, in either direction of time. */
  step(picture: Picture): TrackedFrame
}

/**
 * Follows a region from the frame it was painted on. Its corners give the motion (a similarity,
 * with parts that move on their own); colours learned on the painted and on the last frame, by
 * place, then decide a band around the moved outline, along the edges of the picture.
 *
 * @param mask 0..255 per cell of the painted frame
 */
export function createTracker(opencv: OpenCvBox, picture: Picture, mask: Uint8Array): Tracker {
  const size: Size = { width: picture.width, height: picture.height }
  const random = createRandom(7)
  const first = see(picture, mask)
  let last = first
  /** From the painted frame to the last one. */
  let sinceFirst: Affine = STILL
  let lastMotion: Affine = STILL
  let trust = 1
  let steps = 0

  function step(next: Picture): TrackedFrame {
    if (last === null || first === null) return lost(size)
    const grey = bytes(next)
    const reach = Math.sqrt(last.area)
    const motion = measure(last, grey, reach)
    const affine = motion?.affine ?? lastMotion
    sinceFirst = chain(affine, sinceFirst)
    const margin = 0.3 * reach + 8
    const box = boxAround([cornersOf(last, affine), cornersOf(first, sinceFirst)], margin, size)
    if (box === null) return lost(size)
    const moved = moveDistance(last, motion, affine, box, reach)
    const band = Math.max(3, Math.min(14, 0.11 * reach + (motion === null ? 3 : 1)))
    const painted = moveDistance(first, null, sinceFirst, box, reach)
    const chance = decide(next, box, moved, painted, band, [
      { seen: last, to: affine, weight: 2 },
      { seen: first, to: sinceFirst, weight: 1.2 },
    ])
    keepBodies(
      chance,
      moved.map((distance, at) => Math.min(distance, painted[at]!)),
      box,
    )
    const found = new Uint8Array(size.width * size.height)
    for (let y = 0; y < box.height; y++) {
      for (let x = 0; x < box.width; x++) {
        found[(box.y + y) * size.width + box.x + x] = Math.round(chance[y * box.width + x]! * 255)
      }
    }
    const before = last
    const now = see(next, found, grey)
    if (now === null || now.area < Math.max(6, 0.02 * first.area)) {
      last = null
      return lost(size)
    }
    const agreement = motion === null ? 0 : Math.min(1, motion.agreement / 0.75)
    const kept = overlap(chance, moved)
    // How much the area differs from what the motion alone would have made of it.
    const jump = Math.abs(Math.log(now.area / (before.area * growth(affine))))
    const change = Math.abs(Math.log(now.area / (first.area * growth(sinceFirst))))
    const steady = Math.min(1, 1.6 * Math.exp(-2.5 * jump))
    const likeFirst = Math.min(1, 1.25 * Math.exp(-0.9 * change))
    const own =
      (0.35 + 0.65 * agreement) *
      Math.min(1, kept / 0.96) ** 2 *
      steady *
      likeFirst *
      Math.exp(-FADING * ++steps)
    // Doubt stays: a frame that follows a bad one is not better known than that one.
    trust = Math.min(own, trust * 0.5 + own * 0.5 + 0.002, trust + 0.02)
    lastMotion = affine
    last = now
    // An object may change its shape; where its edge is clear as well, the new shape is believed.
    const clear = 1 - Math.min(1, hardToTell(chance, moved, band) / BLURRED)
    const expected = clear + (1 - clear) * overlap(chance, painted)
    const confidence = Math.max(0, Math.min(1, trust, expected))
    return { mask: found, confidence, gone: false }
  }

  function measure(from: Seen, grey: Uint8Array, reach: number): RegionMotion | null {
    const region = new Uint8Array(size.width * size.height)
    for (let y = 0; y < from.box.height; y++) {
      for (let x = 0; x < from.box.width; x++) {
        if (from.distance[y * from.box.width + x]! < 0) {
          region[(from.box.y + y) * size.width + from.box.x + x] = 255
        }
      }
    }
    return fitMotion(followPoints(opencv, from.grey, grey, size, region, from.area), reach, random)
  }

  return { step }
}

function lost(size: Size): TrackedFrame {
  return { mask: new Uint8Array(size.width * size.height), confidence: 0, gone: true }
}

function bytes(picture: Picture): Uint8Array {
  const { data } = luma(picture)
  const out = new Uint8Array(data.length)
  for (let i = 0; i < out.length; i++) out[i] = data[i]! + 0.5
  return out
}

function see(picture: Picture, mask: Uint8Array, grey = bytes(picture)): Seen | null {
  const solid = new Uint8Array(mask.length)
  let area = 0
  for (let i = 0; i < mask.length; i++) {
    if (mask[i]! < 128) continue
    solid[i] = 1
    area++
  }
  if (area === 0) return null
  const margin = Math.ceil(0.35 * Math.sqrt(area)) + 8
  const inner = boundingBox(solid, picture)
  const box = boundingBox(solid, picture, margin)
  if (inner === null || box === null) return null
  const near = new Uint8Array(box.width * box.height)
  for (let y = 0; y < box.height; y++) {
    const from = (box.y + y) * picture.width + box.x
    near.set(mask.subarray(from, from + box.width), y * box.width)
  }
  const distance = signedDistance(near, box.width, box.height)
  for (let i = 0; i < distance.length; i++) {
    distance[i] = Math.max(-1e4, Math.min(1e4, distance[i]!))
  }
  return { picture, grey, inner, box, area, distance }
}

type Corners = readonly (readonly [x: number, y: number])[]

/** Where the corners of a region's own box go. */
function cornersOf({ inner }: Seen, affine: Affine): Corners {
  return [inner.x, inner.x + inner.width].flatMap((x) =>
    [inner.y, inner.y + inner.height].map((y) => [mapX(affine, x, y), mapY(affine, x, y)] as const),
  )
}

/** The box around all corners, inside the picture; null when they lie outside of it. */
function boxAround(regions: readonly Corners[], margin: number, size: Size): Box | null {
  const xs = regions.flat().map(([x]) => x)
  const ys = regions.flat().map(([, y]) => y)
  const x = Math.max(0, Math.floor(Math.min(...xs) - margin))
  const y = Math.max(0, Math.floor(Math.min(...ys) - margin))
  const width = Math.min(size.width, Math.ceil(Math.max(...xs) + margin)) - x
  const height = Math.min(size.height, Math.ceil(Math.max(...ys) + margin)) - y
  return width < 3 || height < 3 ? null : { x, y, width, height }
}

/** The last outline's distances, carried along by the motion, over the new box. */
function moveDistance(
  from: Seen,
  motion: RegionMotion | null,
  affine: Affine,
  box: Box,
  reach: number,
): Float32Array {
  const back = inverse(affine)
  const scale = Math.sqrt(growth(affine))
  const rest = motion === null ? null : spreadRest(motion, from.box, reach)
  const out = new Float32Array(box.width * box.height)
  const { width, height } = from.box
  for (let y = 0; y < box.height; y++) {
    for (let x = 0; x < box.width; x++) {
      let fx = mapX(back, box.x + x, box.y + y)
      let fy = mapY(back, box.x + x, box.y + y)
      if (rest !== null) {
        const [dx, dy] = rest.at(fx, fy)
        fx -= dx
        fy -= dy
      }
      out[y * box.width + x] = scale * distanceAt(from.distance, fx - from.box.x, fy - from.box.y)
    }
  }
  return out

  function distanceAt(data: Float32Array, u: number, v: number): number {
    const cu = Math.min(width - 1.001, Math.max(0, u))
    const cv = Math.min(height - 1.001, Math.max(0, v))
    const ix = Math.floor(cu)
    const iy = Math.floor(cv)
    const a = cu - ix
    const b = cv - iy
    const i = iy * width + ix
    const upper = data[i]! * (1 - a) + data[i + 1]! * a
    const lower = data[i + width]! * (1 - a) + data[i + width + 1]! * a
    return upper * (1 - b) + lower * b + Math.hypot(u - cu, v - cv)
  }
}
