import { createShotTracker, type AnalysedFrame } from './analyse.js'
import { chainColour, invertColour } from './colour.js'
import { between, enlarge, mapX, mapY } from './homography.js'
import { analysisFactor, boundingBox, type Picture, type Size } from './image.js'
import type { OpenCvBox } from './opencv.js'
import { growRim } from './rim.js'
import { bicubic } from './sample.js'
import { findShadow } from './shadow.js'

/** Other frames looked at for the plate of one. */
const WITNESSES = 24

/** As few of them tell nothing. */
const ENOUGH = 5

/**
 * Which of a point's looks, from dark to light, is the plate: shadow only ever takes light away, and
 * may lie on a point most of the time.
 */
const LIGHT = 0.85

/** How far around an object its shadow is looked for, in parts of the object's longer side. */
const FAR = 1.2

/** A clip in which this share of the frames shows a shadow has one; a passing one is none. */
const OFTEN = 0.6

/** A frame of a clip whose object may have a shadow. */
export interface ShadowFrame {
  readonly picture: Picture
  /** 0..255: what is painted. */
  readonly painted: Uint8Array
}

/** Shadows per frame, 255 inside; null on frames without one. */
export type Shadows = readonly (Uint8Array | null)[]

/**
 * Looks for the shadow that an object leaves in the frames of one shot. The plate is what most
 * frames show at a point once they are aligned, so an object that never moves has no shadow to find.
 *
 * @param growth pixels that removal grows the mask by
 * @param wanted frames to answer for
 * @returns null where the clip shows no shadow
 */
export async function findShadows(
  opencv: OpenCvBox,
  frames: readonly ShadowFrame[],
  wanted: ReadonlySet<number>,
  growth: number,
  onFrame: (done: number) => Promise<void>,
): Promise<Shadows | null> {
  const tracker = createShotTracker(opencv)
  const analysed: AnalysedFrame[] = []
  for (const { picture, painted } of frames) {
    const empty = new Uint8Array(painted.length)
    analysed.push(tracker.add(picture, growRim(painted, picture, growth, 0)?.mask ?? empty))
    await onFrame(analysed.length)
  }
  const out: (Uint8Array | null)[] = []
  let judged = 0
  let found = 0
  for (const [n, frame] of analysed.entries()) {
    const object = frames[n]!.painted.map((value) => (value >= 128 ? 1 : 0))
    if (!wanted.has(n) || !object.includes(1)) {
      out.push(null)
      continue
    }
    const { plate, known } = plateOf(analysed, n, searchArea(object, frame.picture))
    const look = { picture: frame.picture, plate, known, object }
    const shadow = findShadow(look, Math.ceil(growth) + 3)
    judged++
    if (shadow !== null) found++
    out.push(shadow)
    await onFrame(analysed.length + n + 1)
  }
  return judged > 0 && found >= OFTEN * judged ? out : null
}

function searchArea(object: Uint8Array, size: Size): ReturnType<typeof boundingBox> {
  const own = boundingBox(object, size)
  if (own === null) return null
  return boundingBox(object, size, Math.round(FAR * Math.max(own.width, own.height, 16)))
}

/** What a part of a frame looks like in most of the others. */
function plateOf(
  frames: readonly AnalysedFrame[],
  n: number,
  area: ReturnType<typeof boundingBox>,
): { plate: Float32Array; known: Uint8Array } {
  const frame = frames[n]!
  const { picture } = frame
  const count = picture.width * picture.height
  const plate = new Float32Array(count * 3)
  const known = new Uint8Array(count)
  if (area === null) return { plate, known }
  const own = invertColour(frame.colour)
  const stride = Math.max(1, (frames.length - 1) / WITNESSES)
  const chosen = Array.from({ length: Math.min(WITNESSES, frames.length) }, (_, k) =>
    Math.min(frames.length - 1, Math.round(k * stride)),
  )
  const witnesses = chosen
    .filter((at) => at !== n)
    .map((at) => ({
      other: frames[at]!,
      map: enlarge(between(frame.pose, frames[at]!.pose), analysisFactor(picture)),
      change: chainColour(frames[at]!.colour, own),
    }))
  const looks = new Float32Array(witnesses.length * 3)
  for (let y = area.y; y < area.y + area.height; y++) {
    for (let x = area.x; x < area.x + area.width; x++) {
      let found = 0
      for (const { other, map, change } of witnesses) {
        const u = mapX(map, x, y)
        const v = mapY(map, x, y)
        if (!(u >= 0 && v >= 0 && u <= picture.width - 1 && v <= picture.height - 1)) continue
        if (other.mask[Math.round(v) * picture.width + Math.round(u)] === 1) continue
        const to = found++ * 3
        bicubic(other.picture, u, v, looks, to)
        for (const c of [0, 1, 2] as const) {
          looks[to + c] = change.gain[c] * looks[to + c]! + change.offset[c]
        }
      }
      if (found < ENOUGH) continue
      const at = y * picture.width + x
      known[at] = 1
      for (let c = 0; c < 3; c++) plate[at * 3 + c] = lightOf(looks, found, c)
    }
  }
  return { plate, known }
}

function lightOf(looks: Float32Array, count: number, channel: number): number {
  const values: number[] = []
  for (let k = 0; k < count; k++) values.push(looks[k * 3 + channel]!)
  values.sort((a, b) => a - b)
  return values[Math.min(count - 1, Math.floor(LIGHT * count))]!
}
