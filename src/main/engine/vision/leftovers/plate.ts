import { signedDistance } from '../../../../shared/mask/index.js'
import type { AnalysedFrame } from '../analyse.js'
import { chainColour, invertColour, type ColourMap } from '../colour.js'
import { between, enlarge, mapX, mapY, type Homography } from '../homography.js'
import { analysisFactor, type Box } from '../image.js'
import { bicubic } from '../sample.js'

/** Other frames looked at for the plate of one. */
const WITNESSES = 24

/** As few of them tell nothing. */
const ENOUGH = 5

/**
 * Share of a point's looks that is kept, those from frames in which the object is farthest from it:
 * whatever a mask leaves out lies beside it, in every frame.
 */
const FARTHEST = 0.6

/**
 * Which of a point's looks, from dark to light, shows it unshadowed: a shadow only ever takes light
 * away, and may lie on a point most of the time.
 */
const LIGHT = 0.85

/** What a part of a frame looks like where nothing stands, put together from other frames. */
export interface Plate {
  /** 1 where enough of the others show it. */
  readonly known: Uint8Array
  /** Levels 0..255, three per pixel: its most usual look, by the shortest half of the looks. */
  readonly usual: Float32Array
  /** Half the width of that half, in levels, of the channel that varies most: grain, misalignment. */
  readonly spread: Float32Array
  /** Three per pixel: the look out of the shadow. */
  readonly light: Float32Array
}

/** A frame that others are looked at through. */
interface Witness {
  readonly frame: AnalysedFrame
  readonly map: Homography
  readonly change: ColourMap
  readonly distance: Float32Array
}

/** Distances to the objects of the frames of one shot, measured once each. */
export type Distances = WeakMap<AnalysedFrame, Float32Array>

/** The plate of the `n`th frame within `area`; unknown outside of it. */
export function plateOf(
  frames: readonly AnalysedFrame[],
  n: number,
  area: Box,
  distances: Distances,
): Plate {
  const { width, height } = frames[n]!.picture
  const count = width * height
  const plate: Plate = {
    known: new Uint8Array(count),
    usual: new Float32Array(count * 3),
    spread: new Float32Array(count),
    light: new Float32Array(count * 3),
  }
  const witnesses = witnessesOf(frames, n, distances)
  const looks = [0, 1, 2].map(() => new Float32Array(witnesses.length))
  const far = new Float32Array(witnesses.length)
  const sorted = new Float32Array(witnesses.length)
  const look = new Float32Array(3)
  for (let y = area.y; y < area.y + area.height; y++) {
    for (let x = area.x; x < area.x + area.width; x++) {
      let found = 0
      for (const { frame, map, change, distance } of witnesses) {
        const u = mapX(map, x, y)
        const v = mapY(map, x, y)
        if (!(u >= 0 && v >= 0 && u <= width - 1 && v <= height - 1)) continue
        const there = Math.round(v) * width + Math.round(u)
        if (frame.mask[there] === 1) continue
        bicubic(frame.picture, u, v, look, 0)
        for (const c of [0, 1, 2] as const) {
          looks[c]![found] = change.gain[c] * look[c]! + change.offset[c]
        }
        far[found++] = distance[there]!
      }
      if (found < ENOUGH) continue
      const at = y * width + x
      plate.known[at] = 1
      for (let c = 0; c < 3; c++) {
        const values = looks[c]!
        sortInto(sorted, values, found)
        plate.light[at * 3 + c] = sorted[Math.min(found - 1, Math.floor(LIGHT * found))]!
      }
      const kept = keepFarthest(looks, far, found, sorted)
      for (let c = 0; c < 3; c++) {
        sortInto(sorted, looks[c]!, kept)
        const half = (kept >> 1) + 1
        let from = 0
        for (let k = 1; k + half <= kept; k++) {
          if (sorted[k + half - 1]! - sorted[k]! < sorted[from + half - 1]! - sorted[from]!)
            from = k
        }
        plate.usual[at * 3 + c] = sorted[from + (half >> 1)]!
        const spread = (sorted[from + half - 1]! - sorted[from]!) / 2
        plate.spread[at] = Math.max(plate.spread[at]!, spread)
      }
    }
  }
  return plate
}

function witnessesOf(
  frames: readonly AnalysedFrame[],
  n: number,
  distances: Distances,
): readonly Witness[] {
  const frame = frames[n]!
  const own = invertColour(frame.colour)
  const stride = Math.max(1, (frames.length - 1) / WITNESSES)
  const chosen = Array.from({ length: Math.min(WITNESSES, frames.length) }, (_, k) =>
    Math.min(frames.length - 1, Math.round(k * stride)),
  )
  return chosen
    .filter((at) => at !== n)
    .map((at) => {
      const other = frames[at]!
      let distance = distances.get(other)
      if (distance === undefined) {
        const { width, height } = other.picture
        distance = signedDistance(
          other.mask.map((value) => value * 255),
          width,
          height,
        )
        distances.set(other, distance)
      }
      return {
        frame: other,
        map: enlarge(between(frame.pose, other.pose), analysisFactor(frame.picture)),
        change: chainColour(other.colour, own),
        distance,
      }
    })
}

/** Moves the looks that are kept to the front; returns how many these are. */
function keepFarthest(
  looks: readonly Float32Array[],
  far: Float32Array,
  found: number,
  sorted: Float32Array,
): number {
  const wanted = Math.max(ENOUGH, Math.ceil(FARTHEST * found))
  sortInto(sorted, far, found)
  const least = sorted[found - wanted]!
  let kept = 0
  for (let k = 0; k < found && kept < wanted; k++) {
    if (far[k]! < least) continue
    for (const values of looks) values[kept] = values[k]!
    kept++
  }
  return kept
}

/** The first `count` values in order. By insertion: there are two dozen, a hundred thousand times. */
function sortInto(out: Float32Array, values: Float32Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const value = values[i]!
    let at = i
    while (at > 0 && out[at - 1]! > value) {
      out[at] = out[at - 1]!
      at--
    }
    out[at] = value
  }
}
