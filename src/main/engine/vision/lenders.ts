import type { ColourMap } from './colour.js'
import { gatherGrid, readGrid, smoothGrid } from './grid.js'
import { holeIndex, type Hole } from './hole.js'
import { mapX, mapY, type Homography } from './homography.js'
import type { Picture } from './image.js'
import { REACH, ringError, stepOf } from './ringMatch.js'
import { bicubic } from './sample.js'

/** A picture that a hole borrows from, as a whole. */
export interface Lender {
  readonly picture: Picture
  /** What is hidden there; null where nothing is. */
  readonly hole: Hole | null
  /** The frame's pixels -> the lender's. */
  readonly map: Homography
  /** The lender's colours -> the frame's. */
  readonly change: ColourMap
  /** Pixels of the hole that it fills. */
  share: number
  /** Expected square error in levels per hole pixel; null when it was not judged. */
  error: Float32Array | null
}

/** As many lenders are judged; the others fill little. */
const MOST = 12

/** Share of the ring that a lender must show to be judged by it. */
const ENOUGH = 0.15

/**
 * Judges the pictures that fill a hole on the known ring, each as a whole. The ring itself is seen
 * in the frame next door, whose prediction of it says nothing of one that is a second away and
 * fills the middle.
 */
export function judgeLenders(picture: Picture, hole: Hole, lenders: Iterable<Lender>): void {
  const judged = [...lenders].sort((a, b) => b.share - a.share).slice(0, MOST)
  const count = hole.pixels.length
  const near = nearRing(picture, hole)
  const ring = hole.inside.reduce((sum, value) => sum + 1 - value, 0)
  const colours = new Float32Array(count * 3)
  const seen = new Float32Array(count)
  const shown = new Float32Array(count)
  for (const lender of judged) {
    if (lender.share <= 0) continue
    look(picture, hole, near, lender, colours, seen)
    shown.fill(0)
    const error = ringError(picture, hole, colours, seen, shown)
    let known = 0
    for (let n = 0; n < count; n++) known += shown[n]!
    if (known < ENOUGH * ring) continue
    lender.error = spread(picture, hole, error, shown)
  }
}

/** Local means, continued over the pixels without a value. */
export function spread(
  picture: Picture,
  hole: Hole,
  values: Float32Array,
  weights: Float32Array,
): Float32Array {
  const grid = smoothGrid(gatherGrid(hole, picture.width, values, weights, 1), 2)
  return readGrid(grid, hole, picture.width)
}

/** Positions of the ring's pixels and of those that matching may reach from there. */
function nearRing(picture: Picture, hole: Hole): number[] {
  const { box, index, inside, pixels } = hole
  const reach = REACH * stepOf(picture)
  const out: number[] = []
  for (let n = 0; n < pixels.length; n++) {
    const x = (pixels[n]! % picture.width) - box.x
    const y = Math.floor(pixels[n]! / picture.width) - box.y
    let near = inside[n] === 0
    for (let v = Math.max(0, y - reach); !near && v <= y + reach && v < box.height; v++) {
      for (let u = Math.max(0, x - reach); !near && u <= x + reach && u < box.width; u++) {
        const other = index[v * box.width + u]!
        near = other >= 0 && inside[other] === 0
      }
    }
    if (near) out.push(n)
  }
  return out
}

/** What one lender shows of some of the hole's pixels. */
function look(
  { width }: Picture,
  hole: Hole,
  places: readonly number[],
  { picture, hole: hidden, map, change }: Lender,
  colours: Float32Array,
  seen: Float32Array,
): void {
  seen.fill(0)
  for (const n of places) {
    const px = hole.pixels[n]! % width
    const py = (hole.pixels[n]! - px) / width
    const x = mapX(map, px, py)
    const y = mapY(map, px, py)
    if (!(x >= 0 && y >= 0 && x <= picture.width - 1 && y <= picture.height - 1)) continue
    if (hidden !== null && holeIndex(hidden, Math.round(x), Math.round(y)) >= 0) continue
    bicubic(picture, x, y, colours, n * 3)
    seen[n] = 1
    for (let c = 0; c < 3; c++) {
      const at = n * 3 + c
      colours[at] = change.gain[c as 0] * colours[at]! + change.offset[c as 0]
    }
  }
}
