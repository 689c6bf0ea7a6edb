import { denseFlow } from '../vision/flow.js'
import type { FlowField } from '../vision/flow.js'
import { luma } from '../vision/image.js'
import type { ColourPicture } from '../vision/image.js'
import type { OpenCvBox } from '../vision/opencv.js'
import type { FloatPicture } from './resample.js'

/**
 * The pictures between two neighbouring ones: each is carried along its motion to the wanted
 * moment, and the two are blended. Where they disagree there, plain blending is no worse.
 *
 * @param along pictures whose motion is followed, where the two themselves do not show it
 * @returns the picture at a share 0..1 of the way from `a` to `b`
 */
export function inbetween(
  opencv: OpenCvBox,
  a: FloatPicture,
  b: FloatPicture,
  along: readonly [ColourPicture, ColourPicture] = [a, b],
): (share: number) => FloatPicture {
  let motion: { readonly forward: FlowField; readonly backward: FlowField } | null = null
  return (share) => {
    if (share <= 0) return a
    if (share >= 1) return b
    if (motion === null) {
      const [from, to] = [luma(along[0]), luma(along[1])]
      motion = { forward: denseFlow(opencv, from, to), backward: denseFlow(opencv, to, from) }
    }
    return between(a, b, motion, share)
  }
}

function between(
  a: FloatPicture,
  b: FloatPicture,
  { forward, backward }: { readonly forward: FlowField; readonly backward: FlowField },
  share: number,
): FloatPicture {
  const { width, height } = a
  const data = new Float32Array(width * height * 3)
  const early = new Float32Array(3)
  const late = new Float32Array(3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const n = y * width + x
      // What passes through here at this moment, by the mean of both measurements.
      const dx = (forward.data[n * 2]! - backward.data[n * 2]!) / 2
      const dy = (forward.data[n * 2 + 1]! - backward.data[n * 2 + 1]!) / 2
      sample(a, x - share * dx, y - share * dy, early)
      sample(b, x + (1 - share) * dx, y + (1 - share) * dy, late)
      let carried = 0
      let plain = 0
      for (let c = 0; c < 3; c++) {
        carried += Math.abs(early[c]! - late[c]!)
        plain += Math.abs(a.data[n * 3 + c]! - b.data[n * 3 + c]!)
      }
      const moved = carried <= plain
      for (let c = 0; c < 3; c++) {
        const from = moved ? early[c]! : a.data[n * 3 + c]!
        const to = moved ? late[c]! : b.data[n * 3 + c]!
        data[n * 3 + c] = from + (to - from) * share
      }
    }
  }
  return { width, height, data }
}

/** Bilinear, held inside the picture. */
function sample({ width, height, data }: FloatPicture, x: number, y: number, out: Float32Array) {
  const px = x < 0 ? 0 : x > width - 1 ? width - 1 : x
  const py = y < 0 ? 0 : y > height - 1 ? height - 1 : y
  const ix = Math.floor(px)
  const iy = Math.floor(py)
  const fx = px - ix
  const fy = py - iy
  const right = ix < width - 1 ? 3 : 0
  const below = iy < height - 1 ? width * 3 : 0
  const at = (iy * width + ix) * 3
  for (let c = 0; c < 3; c++) {
    const top = data[at + c]! + fx * (data[at + right + c]! - data[at + c]!)
    const bottom =
      data[at + below + c]! + fx * (data[at + below + right + c]! - data[at + below + c]!)
    out[c] = top + fy * (bottom - top)
  }
}
