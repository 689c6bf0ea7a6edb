import type { OpenCvBox } from '../opencv.js'
import type { Size } from '../image.js'

/** Where points of one frame are in the next, pairs x, y in cells; only those that lead back. */
export interface PointMotion {
  readonly from: Float32Array
  readonly to: Float32Array
  /** Points that were looked for: `from` holds the share of them that was found. */
  readonly asked: number
}

const MOST_POINTS = 160

/** A point is believed when following it back ends this near to where it began, in cells. */
const BACK_ERROR = 0.8

/**
 * Follows corners inside a region from one 8-bit grey frame to the next: Shi & Tomasi (1994),
 * pyramidal Lucas-Kanade (Bouguet 2000), and back again. A few milliseconds.
 *
 * @param region 0/1 per cell: where to look for corners
 */
export function followPoints(
  { cv }: OpenCvBox,
  from: Uint8Array,
  to: Uint8Array,
  size: Size,
  region: Uint8Array,
  area: number,
): PointMotion {
  const mats: { delete(): void }[] = []
  const grey = (data: Uint8Array): InstanceType<typeof cv.Mat> => {
    const mat = new cv.Mat(size.height, size.width, cv.CV_8UC1)
    mat.data.set(data)
    mats.push(mat)
    return mat
  }
  const empty = (): InstanceType<typeof cv.Mat> => {
    const mat = new cv.Mat()
    mats.push(mat)
    return mat
  }
  try {
    const a = grey(from)
    const b = grey(to)
    const corners = empty()
    const gap = Math.max(2, Math.sqrt(area) / 14)
    cv.goodFeaturesToTrack(a, corners, MOST_POINTS, 0.004, gap, grey(region), 3)
    const count = corners.rows
    if (count === 0) return { from: new Float32Array(0), to: new Float32Array(0), asked: 0 }
    const there = empty()
    const back = empty()
    const found = empty()
    const foundBack = empty()
    const error = empty()
    const window = new cv.Size(15, 15)
    cv.calcOpticalFlowPyrLK(a, b, corners, there, found, error, window, 4)
    cv.calcOpticalFlowPyrLK(b, a, there, back, foundBack, error, window, 4)
    const start: Float32Array = corners.data32F
    const end: Float32Array = there.data32F
    const again: Float32Array = back.data32F
    const good: number[] = []
    for (let i = 0; i < count; i++) {
      if (found.data[i] === 0 || foundBack.data[i] === 0) continue
      const miss = Math.hypot(again[i * 2]! - start[i * 2]!, again[i * 2 + 1]! - start[i * 2 + 1]!)
      if (miss <= BACK_ERROR) good.push(i)
    }
    const pick = (points: Float32Array): Float32Array =>
      Float32Array.from(good.flatMap((i) => [points[i * 2]!, points[i * 2 + 1]!]))
    return { from: pick(start), to: pick(end), asked: count }
  } finally {
    for (const mat of mats) mat.delete()
  }
}
