import { createShotTracker, type AnalysedFrame } from '../analyse.js'
import { boundingBox, type Box, type Picture, type Size } from '../image.js'
import type { OpenCvBox } from '../opencv.js'
import { growRim } from '../rim.js'
import { findParts } from './parts.js'
import { plateOf, type Distances } from './plate.js'
import { joined, nearObject } from './regions.js'
import { findShadow } from './shadow.js'

/** How far around an object is looked, in parts of its longer side. */
const FAR = 1.2

/** A clip in which this share of the frames shows a shadow has one; a passing one is none. */
const OFTEN = 0.6

/** Pixels around a shadow that are its edge. */
const SHADOW_EDGE = 3

/** A frame of a clip whose mask may leave something out. */
export interface MaskedFrame {
  readonly picture: Picture
  /** 0..255: what is painted. */
  readonly painted: Uint8Array
}

/** What the masks of a clip leave out, 255 inside, by frame; null on frames without it. */
export interface Leftovers {
  /** The shadow attached to the object. */
  readonly shadow: readonly (Uint8Array | null)[]
  /** What belongs to it and sticks out of the mask; what is shadow is left to that. */
  readonly parts: readonly (Uint8Array | null)[]
}

/**
 * Looks for what masks leave out in the frames of one shot. What stands at a place when the object
 * does not is what most frames show there once they are aligned, so an object that never moves
 * leaves nothing to find.
 *
 * @param growth pixels that removal grows the mask by
 * @param wanted frames to answer for
 */
export async function findLeftovers(
  opencv: OpenCvBox,
  frames: readonly MaskedFrame[],
  wanted: ReadonlySet<number>,
  growth: number,
  onFrame: (done: number) => Promise<void>,
): Promise<Leftovers> {
  const tracker = createShotTracker(opencv)
  const analysed: AnalysedFrame[] = []
  for (const { picture, painted } of frames) {
    const empty = new Uint8Array(painted.length)
    analysed.push(tracker.add(picture, growRim(painted, picture, growth, 0)?.mask ?? empty))
    await onFrame(analysed.length)
  }
  const distances: Distances = new WeakMap()
  const reach = Math.ceil(growth) + 3
  const shadow: (Uint8Array | null)[] = []
  const parts: (Uint8Array | null)[] = []
  let judged = 0
  for (const [n, { picture, painted }] of frames.entries()) {
    const object = painted.map((value) => (value >= 128 ? 1 : 0))
    const area = wanted.has(n) ? searchArea(object, picture) : null
    if (area === null) {
      shadow.push(null)
      parts.push(null)
      continue
    }
    judged++
    const look = { picture, plate: plateOf(analysed, n, area, distances), object }
    shadow.push(findShadow(look, reach))
    parts.push(findParts(look, growth, reach))
    await onFrame(analysed.length + n + 1)
  }
  const seen = shadow.filter((one) => one !== null).length
  if (seen < OFTEN * judged) shadow.fill(null)
  const alone = parts.map((one, n) => withoutShadow(one, shadow[n] ?? null, frames[n]!.picture))
  return { shadow, parts: alone }
}

/** Parts without those that are shadow for the most part: a shadow's edge is unlike the ground as well. */
function withoutShadow(
  parts: Uint8Array | null,
  shadow: Uint8Array | null,
  size: Size,
): Uint8Array | null {
  if (parts === null || shadow === null) return parts
  const dark = nearObject(
    shadow.map((value) => (value > 0 ? 1 : 0)),
    size,
    SHADOW_EDGE,
  )
  const out = new Uint8Array(parts.length)
  const visited = new Uint8Array(parts.length)
  for (let start = 0; start < parts.length; start++) {
    if (parts[start] === 0 || visited[start] === 1) continue
    const region = joined(start, visited, size, (at) => parts[at] === 255)
    const own = region.filter((at) => dark[at] === 0)
    if (2 * own.length > region.length) for (const at of region) out[at] = 255
  }
  return out.includes(255) ? out : null
}

function searchArea(object: Uint8Array, size: Size): Box | null {
  const own = boundingBox(object, size)
  if (own === null) return null
  return boundingBox(object, size, Math.round(FAR * Math.max(own.width, own.height, 16)))
}
