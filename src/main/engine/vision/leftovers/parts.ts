import type { Picture } from '../image.js'
import type { Plate } from './plate.js'
import { joined, nearObject, sizeOfRegion } from './regions.js'

/**
 * Levels by which a pixel has to lie outside of what the plate has within a pixel around it, and how
 * much more where the plate itself varies.
 */
const DIFFERENT = 9
const VARYING = 3.2

/** Twice as different is beyond doubt; a part has some such pixels. */
const SURE = 2
const SURE_PIXELS = 4

/** Fewer pixels than these outside of what the grown mask covers anyway are no part. */
const SPECK = 12

/** How many of a part's pixels touch the object. */
const TOUCHING = 3

/** Pixels up to which pieces are one: texture like the ground's must not cut a thing into parts. */
const GAP = 1

/** What is larger than this share of the object is no part of it: someone else, or a wrong plate. */
const LARGEST = 0.6

/** A frame, and what it looks like where nothing stands. */
export interface PartsLook {
  readonly picture: Picture
  readonly plate: Plate
  /** 1 where the object is painted. */
  readonly object: Uint8Array
}

/**
 * What sticks out of a mask: joined to the object, and unlike what other frames show at its place.
 *
 * @param growth pixels that removal grows the mask by
 * @param reach pixels from the object within which a part has to begin
 * @returns 255 per pixel of such parts, outside the object; null where there are none
 */
export function findParts(
  { picture, plate, object }: PartsLook,
  growth: number,
  reach: number,
): Uint8Array | null {
  const unlike = difference(picture, plate, object)
  const isUnlike = Uint8Array.from(unlike, (value) => (value > 1 ? 1 : 0))
  const pieces = nearObject(isUnlike, picture, GAP)
  const near = nearObject(object, picture, reach)
  const covered = nearObject(object, picture, Math.round(growth))
  const largest = LARGEST * sizeOfRegion(object)
  const out = new Uint8Array(object.length)
  const visited = new Uint8Array(object.length)
  let any = false
  for (let start = 0; start < object.length; start++) {
    if (visited[start] === 1 || pieces[start] === 0 || object[start] === 1) continue
    const isPiece = (at: number): boolean => pieces[at] === 1 && object[at] === 0
    const region = joined(start, visited, picture, isPiece).filter((at) => isUnlike[at] === 1)
    const beyond = region.filter((at) => covered[at] === 0).length
    if (beyond < SPECK || region.length > largest) continue
    const sure = region.filter((at) => unlike[at]! > SURE).length
    const touching = region.filter((at) => near[at] === 1).length
    if (sure < SURE_PIXELS || touching < TOUCHING) continue
    for (const at of region) out[at] = 255
    any = true
  }
  return any ? out : null
}

/** How far a pixel is outside of the plate around it; above 1 it is something else. */
function difference(picture: Picture, plate: Plate, object: Uint8Array): Float32Array {
  const { width, height, data } = picture
  const { known, usual, light, spread } = plate
  const out = new Float32Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x
      if (known[at] === 0 || object[at] === 1) continue
      let varying = 0
      let most = 0
      for (let c = 0; c < 3; c++) {
        let low = Infinity
        let high = -Infinity
        for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
          for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
            const there = v * width + u
            if (known[there] === 0) continue
            // Where the object's shadow lies most of the time, the ground out of it is no part.
            const [dark, bright] = [usual[there * 3 + c]!, light[there * 3 + c]!]
            if (dark < low) low = dark
            if (bright > high) high = bright
            if (spread[there]! > varying) varying = spread[there]!
          }
        }
        const value = data[at * 3 + c]!
        most = Math.max(most, low - value, value - high)
      }
      out[at] = most / (DIFFERENT + VARYING * varying)
    }
  }
  return out
}
