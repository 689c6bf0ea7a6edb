import type { FlowField } from './flow.js'
import type { OpenCvBox } from './opencv.js'

/** A 3 x 3 projective map of pixel-centre coordinates, row by row, last element 1. */
export type Homography = readonly number[]

export const IDENTITY: Homography = [1, 0, 0, 0, 1, 0, 0, 0, 1]

/** `a` after `b`: maps x to a(b(x)). */
export function compose(a: Homography, b: Homography): Homography {
  const out = new Array<number>(9).fill(0)
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 3; column++) {
      let sum = 0
      for (let k = 0; k < 3; k++) sum += a[row * 3 + k]! * b[k * 3 + column]!
      out[row * 3 + column] = sum
    }
  }
  return normalise(out)
}

export function invert(h: Homography): Homography {
  const [a, b, c, d, e, f, g, i, j] = h as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  return normalise([
    e * j - f * i,
    c * i - b * j,
    b * f - c * e,
    f * g - d * j,
    a * j - c * g,
    c * d - a * f,
    d * i - e * g,
    b * g - a * i,
    a * e - b * d,
  ])
}

/** The map from frame to frame that two poses (frame -> common reference) imply. */
export function between(poseFrom: Homography, poseTo: Homography): Homography {
  return compose(invert(poseTo), poseFrom)
}

function normalise(h: readonly number[]): Homography {
  const last = h[8]!
  return Math.abs(last) < 1e-12 ? IDENTITY : h.map((value) => value / last)
}

export function mapX(h: Homography, x: number, y: number): number {
  return (h[0]! * x + h[1]! * y + h[2]!) / (h[6]! * x + h[7]! * y + h[8]!)
}

export function mapY(h: Homography, x: number, y: number): number {
  return (h[3]! * x + h[4]! * y + h[5]!) / (h[6]! * x + h[7]! * y + h[8]!)
}

/**
 * The same map between grids whose cells are `factor` times as large (analysis -> source pixels).
 * Cell centres: source = (cell + 1/2) * factor - 1/2.
 */
export function enlarge(h: Homography, factor: number): Homography {
  const offset = (factor - 1) / 2
  const up: Homography = [factor, 0, offset, 0, factor, offset, 0, 0, 1]
  return compose(compose(up, h), invert(up))
}

/** Largest distance in pixels that any corner of the frame moves. */
export function cornerShift(h: Homography, width: number, height: number): number {
  let most = 0
  for (const x of [0, width - 1]) {
    for (const y of [0, height - 1]) {
      most = Math.max(most, Math.hypot(mapX(h, x, y) - x, mapY(h, x, y) - y))
    }
  }
  return most
}

/**
 * The homography most of the measured motion agrees on (RANSAC, OpenCV), from points sampled on a
 * grid where `known` is set. Null when there are too few points or nothing agrees.
 *
 * @param threshold largest reprojection error of an inlier, in cells
 */
export function ransacHomography(
  { cv }: OpenCvBox,
  flow: FlowField,
  known: Uint8Array,
  threshold = 0.7,
): Homography | null {
  const from: number[] = []
  const to: number[] = []
  const step = Math.max(4, Math.round(Math.sqrt((flow.width * flow.height) / 1500)))
  for (let y = step >> 1; y < flow.height; y += step) {
    for (let x = step >> 1; x < flow.width; x += step) {
      const i = y * flow.width + x
      if (known[i] === 0) continue
      from.push(x, y)
      to.push(x + flow.data[i * 2]!, y + flow.data[i * 2 + 1]!)
    }
  }
  if (from.length < 24) return null
  const source = cv.matFromArray(from.length / 2, 1, cv.CV_32FC2, from)
  const target = cv.matFromArray(to.length / 2, 1, cv.CV_32FC2, to)
  const inliers = new cv.Mat()
  try {
    const method = Number(cv.RANSAC)
    const found = cv.findHomography(source, target, method, threshold, inliers, 600, 0.995)
    const h = Array.from(found.data64F as ArrayLike<number>)
    found.delete()
    return h.length === 9 && h.every(Number.isFinite) ? h : null
  } finally {
    source.delete()
    target.delete()
    inliers.delete()
  }
}
