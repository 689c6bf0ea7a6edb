import type { Plane } from './image.js'
import type { OpenCvBox } from './opencv.js'

/** Dense motion: for every cell where it goes in the other frame, in cells (x, y interleaved). */
export interface FlowField {
  readonly width: number
  readonly height: number
  readonly data: Float32Array
}

/**
 * Dense optical flow from `a` to `b` (Farnebäck 2003, OpenCV). About 70 ms for 432 x 240.
 * Holes must have been filled beforehand: an object's edge drags the flow around it.
 *
 * @param options.window cells over which motion is taken to be one
 * @param options.turns times that it is mended at each size
 */
export function denseFlow(
  { cv }: OpenCvBox,
  a: Plane,
  b: Plane,
  { window = 15, turns = 3 }: { readonly window?: number; readonly turns?: number } = {},
): FlowField {
  const from = toMat(cv, a)
  const to = toMat(cv, b)
  const flow = new cv.Mat()
  try {
    cv.calcOpticalFlowFarneback(from, to, flow, 0.5, 4, window, turns, 5, 1.1, 0)
    return { width: a.width, height: a.height, data: flow.data32F.slice() }
  } finally {
    from.delete()
    to.delete()
    flow.delete()
  }
}

function toMat(cv: OpenCvBox['cv'], plane: Plane): InstanceType<OpenCvBox['cv']['Mat']> {
  const mat = new cv.Mat(plane.height, plane.width, cv.CV_8UC1)
  const bytes: Uint8Array = mat.data
  for (let i = 0; i < bytes.length; i++) {
    const value = plane.data[i]! + 0.5
    bytes[i] = value < 0 ? 0 : value > 255 ? 255 : value
  }
  return mat
}
