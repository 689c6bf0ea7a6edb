import type { AnalysedFrame } from './analyse.js'
import type { ColourMap } from './colour.js'
import { cellOf, gatherGrid, gatherPlaces, readGrid, smoothGrid } from './grid.js'
import { holeIndex, type Hole } from './hole.js'
import { enlarge, mapX, mapY, type Homography } from './homography.js'
import { analysisFactor, type Picture } from './image.js'
import { aligner } from './registration/alignment.js'
import { type RegistrationLevel } from './registration/level.js'
import { matchRing, nearRing, placeIn, ringOf, type Ring } from './ringMatch.js'
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
  /** For lining it up with the surroundings of the hole. */
  readonly pyramid: readonly RegistrationLevel[] | null
  /** Whether what it lends was made up there, under a camera at rest. */
  readonly invented: boolean
  /** Pixels of the hole that it fills. */
  share: number
  verdict: Verdict | null
}

/** What is thought of a lender; null where too little of the ring is seen in it. */
export interface Verdict {
  /** Expected square error in levels, per cell of the hole's grid. */
  readonly error: Float32Array | null
  /** Share 0..1 of the texture around the hole that it lines up. */
  readonly aligned: number
}

/** What a hole's pixels were taken from: the mean word of each one's lenders. */
export interface Lent {
  /** Expected square error in levels; 0 where no lender was judged. */
  readonly error: Float32Array
  /** Share 0..1 of the texture around the hole that they line up; 1 where none was judged. */
  readonly aligned: Float32Array
  /** 1 where what they show was made up under a camera at rest: no frame shows that pixel. */
  readonly invented: Uint8Array
}

/** As many lenders are judged; the others fill little. */
const MOST = 12

/** Share of the hole below which a lender is not worth judging. */
const LITTLE = 0.01

/** Share of the ring that a lender must show to be judged by it. */
const ENOUGH = 0.15

/**
 * Judges the pictures that fill a hole on what is known around it, each as a whole. The ring itself
 * is seen in the frame next door, whose prediction of it says nothing of one that is a second away
 * and fills the middle.
 */
export function judgeLenders(
  { picture, around }: Pick<AnalysedFrame, 'picture' | 'around'>,
  hole: Hole,
  lenders: Iterable<Lender>,
): void {
  const all = [...lenders].sort((a, b) => b.share - a.share)
  const filled = all.reduce((sum, { share }) => sum + share, 0)
  const ring = ringOf(picture, hole, true)
  const near = Int32Array.from(nearRing(ring, picture, hole))
  const to = near.map((n) => placeIn(ring, picture, hole, n) * 3)
  const cells = ring.places.map((n) => cellOf(hole, picture.width, n))
  const shown = new Float32Array(ring.area * 3).fill(Number.NaN)
  const lineUp = around === null ? null : aligner(around.pyramid[0]!)
  const scale = 1 / analysisFactor(picture)
  for (const lender of all.slice(0, MOST)) {
    if (lender.share <= LITTLE * filled) break
    look(picture, hole, near, to, lender, shown)
    const aligned =
      lender.pyramid === null || lineUp === null
        ? 1
        : lineUp(lender.pyramid[0]!, enlarge(lender.map, scale)).aligned
    lender.verdict = { error: errorOn(ring, hole, cells, shown), aligned }
  }
}

function errorOn(
  ring: Ring,
  hole: Hole,
  cells: Int32Array,
  shown: Float32Array,
): Float32Array | null {
  const error = matchRing(ring, shown)
  let known = 0
  for (const value of error) if (value >= 0) known++
  if (known < ENOUGH * error.length) return null
  return smoothGrid(gatherPlaces(hole, cells, error), 2).data
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

/** What one lender shows of some of the hole's pixels. */
function look(
  { width }: Picture,
  hole: Hole,
  places: Int32Array,
  to: Int32Array,
  { picture, hole: hidden, map, change }: Lender,
  shown: Float32Array,
): void {
  for (let k = 0; k < places.length; k++) {
    const at = to[k]!
    shown[at] = Number.NaN
    const pixel = hole.pixels[places[k]!]!
    const px = pixel % width
    const py = (pixel - px) / width
    const x = mapX(map, px, py)
    const y = mapY(map, px, py)
    if (!(x >= 0 && y >= 0 && x <= picture.width - 1 && y <= picture.height - 1)) continue
    if (hidden !== null && holeIndex(hidden, Math.round(x), Math.round(y)) >= 0) continue
    bicubic(picture, x, y, shown, at)
    for (let c = 0; c < 3; c++) {
      shown[at + c] = change.gain[c as 0] * shown[at + c]! + change.offset[c as 0]
    }
  }
}
