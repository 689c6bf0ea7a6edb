import { denseFlow } from '../flow.js'
import { luma, shrinkPicture } from '../image.js'
import type { Picture, Plane } from '../image.js'
import type { OpenCvBox } from '../opencv.js'
import { bilinear } from '../sample.js'
import { resample } from './resample.js'

/** Pixels on which motion is measured: enough for what moves, and a fraction of the painting. */
const FLOW_PIXELS = 45_000
/** Levels by which a point may have changed on its way before it counts as another. */
const TOLERANCE = 7

/** Keeps paint where it was on things that move. */
export interface Steadier {
  /**
   * Blends a painted frame with the one before it, carried along the motion of the source. Where
   * the source itself did not stay the same (something new, a cut) the frame is left as it is.
   *
   * @param small the source at the painted frame's size
   * @param share 0..1 of the frame before, where the motion is sure
   */
  next(small: Picture, painted: Picture, share: number): Picture
  /** The next frame does not follow the last one. */
  forget(): void
}

export function createSteadier(cv: OpenCvBox): Steadier {
  let before: { readonly light: Plane; readonly painted: Picture } | null = null
  return {
    forget() {
      before = null
    },
    next(small, painted, share) {
      const area = small.width * small.height
      const factor = Math.max(1, Math.ceil(Math.sqrt(area / FLOW_PIXELS) - 0.2))
      const light = luma(shrinkPicture(small, factor))
      const out =
        before === null || share === 0 ? painted : blend(cv, before, light, painted, share)
      before = { light, painted: out }
      return out
    },
  }
}

function blend(
  cv: OpenCvBox,
  before: { readonly light: Plane; readonly painted: Picture },
  light: Plane,
  painted: Picture,
  share: number,
): Picture {
  const { width, height } = painted
  const flow = denseFlow(cv, light, before.light)
  // Per cell: displacement, and how much of the frame before.
  const cells = new Float32Array(light.width * light.height * 3)
  for (let y = 0, n = 0; y < light.height; y++) {
    for (let x = 0; x < light.width; x++, n++) {
      const dx = flow.data[n * 2]!
      const dy = flow.data[n * 2 + 1]!
      const qx = x + dx
      const qy = y + dy
      const inside = qx >= 0 && qy >= 0 && qx <= light.width - 1 && qy <= light.height - 1
      const change = (bilinear(before.light, qx, qy) - light.data[n]!) / TOLERANCE
      cells[n * 3] = dx
      cells[n * 3 + 1] = dy
      cells[n * 3 + 2] = inside ? share * Math.exp(-change * change) : 0
    }
  }
  const scaleX = width / light.width
  const scaleY = height / light.height
  const large = resample(
    { width: light.width, height: light.height, channels: 3, data: cells },
    { width, height },
  ).data
  const data = new Uint8Array(painted.data.length)
  const old = before.painted.data
  for (let y = 0, n = 0; y < height; y++) {
    for (let x = 0; x < width; x++, n++) {
      const weight = large[n * 3 + 2]!
      const at = n * 3
      if (weight < 0.01) {
        data[at] = painted.data[at]!
        data[at + 1] = painted.data[at + 1]!
        data[at + 2] = painted.data[at + 2]!
        continue
      }
      const px = Math.min(width - 1, Math.max(0, x + large[at]! * scaleX))
      const py = Math.min(height - 1, Math.max(0, y + large[at + 1]! * scaleY))
      const ix = Math.floor(px)
      const iy = Math.floor(py)
      const fx = px - ix
      const fy = py - iy
      const a = (iy * width + ix) * 3
      const b = ix < width - 1 ? a + 3 : a
      const down = iy < height - 1 ? width * 3 : 0
      for (let c = 0; c < 3; c++) {
        const top = old[a + c]! + fx * (old[b + c]! - old[a + c]!)
        const low = old[a + down + c]! + fx * (old[b + down + c]! - old[a + down + c]!)
        const carried = top + fy * (low - top)
        const fresh = painted.data[at + c]!
        data[at + c] = Math.round(fresh + weight * (carried - fresh))
      }
    }
  }
  return { width, height, data }
}
