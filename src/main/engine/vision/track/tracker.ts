import { signedDistance } from '../../../../shared/mask/index.js'
import { boundingBox, luma, type Box, type Picture, type Size } from '../image.js'
import type { OpenCvBox } from '../opencv.js'
import { createRandom } from '../random.js'
import { createEvidence } from './evidence.js'
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
import { relaxLabels } from './relax.js'

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

/** Chances between which a pixel counts as hard to tell. */
const HARD = [0.2, 0.8] as const

export interface Tracker {
  /** The mask of the next frame, in either direction of time. */
  step(picture: Picture): TrackedFrame
}

/** A frame with its labels. */
interface Seen {
  readonly picture: Picture
  readonly grey: Uint8Array
  /** Just around the region, and with room for what lies beside it. */
  readonly inner: Box
  readonly box: Box
  readonly area: number
  /** Signed distance over the box, negative inside. */
  readonly distance: Float32Array
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

/** Weight of the painted outline beside the last one. */
const RECALL = 0.3

/**
 * Tips the balance towards inside: removal forgives what is too much and shows what is missing.
 * Chosen on the two clips marked as tuned on in tests/quality/masks.
 */
const GENEROUS = 0.6

interface Memory {
  readonly seen: Seen
  readonly to: Affine
  readonly weight: number
}

/** Chance per pixel of the box of being inside. */
function decide(
  picture: Picture,
  box: Box,
  moved: Float32Array,
  painted: Float32Array,
  band: number,
  memories: readonly Memory[],
): Float32Array {
  const evidence = createEvidence(box)
  const loose = 2 + 0.3 * band
  for (const { seen, to, weight } of memories) {
    const from = seen.box
    for (let y = 0; y < from.height; y++) {
      // Every other pixel says enough.
      for (let x = y & 1; x < from.width; x += 2) {
        const distance = seen.distance[y * from.width + x]!
        const sx = from.x + x
        const sy = from.y + y
        const tx = mapX(to, sx, sy)
        const ty = mapY(to, sx, sy)
        if (tx < box.x || ty < box.y || tx >= box.x + box.width || ty >= box.y + box.height)
          continue
        const i = (sy * picture.width + sx) * 3
        const { data } = seen.picture
        // Right on the edge a pixel is made of both sides.
        const edge = Math.min(1, Math.abs(distance) / 1.5)
        const there = (Math.floor(ty) - box.y) * box.width + Math.floor(tx) - box.x
        // What leaked in must not vouch for itself.
        const leak = distance < 0 && painted[there]! > loose ? 0.2 : 1
        const w = weight * edge * leak
        evidence.vote(tx, ty, data[i]!, data[i + 1]!, data[i + 2]!, distance < 0 ? 1 : 0, w)
      }
    }
  }
  const separation = evidence.separation()
  const count = box.width * box.height
  const chance = new Float32Array(count)
  const belief = new Float32Array(count)
  const sure = new Uint8Array(count)
  const colour = { chance: 0, known: 0 }
  for (let y = 0; y < box.height; y++) {
    for (let x = 0; x < box.width; x++) {
      const at = y * box.width + x
      // The painted outline, carried rigidly, pulls back what leaked out and what was hidden.
      const pull = Math.max(-band, Math.min(band, painted[at]! - moved[at]!))
      const distance = moved[at]! + RECALL * pull
      const mayReturn = painted[at]! < -1 && moved[at]! > 0
      if (Math.abs(moved[at]!) > band && !mayReturn) {
        chance[at] = moved[at]! < 0 ? 1 : 0
        sure[at] = 1
        continue
      }
      const i = ((box.y + y) * picture.width + box.x + x) * 3
      const { data } = picture
      evidence.read(box.x + x, box.y + y, data[i]!, data[i + 1]!, data[i + 2]!, colour)
      const clear = separation(box.x + x, box.y + y)
      // Where colours tell, the outline may move; where they don't, it goes where it was carried.
      const spread = 0.8 + 0.45 * band * clear * clear * colour.known ** 2
      const odds = Math.log(colour.chance / (1 - colour.chance))
      const score = 2.2 * clear * odds - distance / spread + GENEROUS
      const value = 1 / (1 + Math.exp(-score))
      chance[at] = value
      belief[at] = 0.15 + Math.abs(2 * value - 1)
    }
  }
  relaxLabels(picture, box, chance, belief, sure, 0.4)
  return chance
}

/** Share of the band around the moved outline in which it is hard to tell inside from outside. */
function hardToTell(chance: Float32Array, moved: Float32Array, band: number): number {
  let hard = 0
  let all = 0
  for (let i = 0; i < chance.length; i++) {
    if (chance[i]! > HARD[0] && chance[i]! < HARD[1]) hard++
    if (Math.abs(moved[i]!) <= band) all++
  }
  return hard / Math.max(1, all)
}

/** Intersection over union of the decided region and of where it was expected. */
function overlap(chance: Float32Array, moved: Float32Array): number {
  let both = 0
  let either = 0
  for (let i = 0; i < chance.length; i++) {
    const a = chance[i]! >= 0.5
    const b = moved[i]! < 0
    if (a && b) both++
    if (a || b) either++
  }
  return either === 0 ? 0 : both / either
}
