import { holeIndex, type Hole } from './hole.js'
import { analysisFactor, type Picture, type Size } from './image.js'

/** Edge in pixels of the blocks of the ring that are matched as one. */
const BLOCK = 16

/** Steps to each side that a block may be off. */
const REACH = 3

/** The known ring around a hole, laid out so that what pictures show of it can be matched with it. */
export interface Ring {
  /** Ring pixels: their positions in the hole's list. */
  readonly places: Int32Array
  /** Where each of them lies in the hole's box, which has room for every shift around it. */
  readonly at: Int32Array
  /** The block to which each belongs. */
  readonly block: Int32Array
  readonly blocks: number
  /** Three levels each. */
  readonly own: Float32Array
  /** Pixels of a row of that box, its size, and the room at its left and top. */
  readonly stride: number
  readonly area: number
  readonly room: number
  /** Source pixels of one step to the side. */
  readonly step: number
}

/** @param thin take only every second pixel, like the black fields of a chess board */
export function ringOf(picture: Picture, hole: Hole, thin = false): Ring {
  const { box, pixels, inside } = hole
  const step = stepOf(picture)
  const room = REACH * step
  const stride = box.width + 2 * room
  const columns = Math.ceil(box.width / BLOCK)
  const places: number[] = []
  const at: number[] = []
  const block: number[] = []
  const own: number[] = []
  for (let n = 0; n < pixels.length; n++) {
    if (inside[n] === 1) continue
    const x = pixels[n]! % picture.width
    const y = (pixels[n]! - x) / picture.width
    if (thin && ((x + y) & 1) === 1) continue
    places.push(n)
    at.push((y - box.y + room) * stride + x - box.x + room)
    block.push(Math.floor((y - box.y) / BLOCK) * columns + Math.floor((x - box.x) / BLOCK))
    for (let c = 0; c < 3; c++) own.push(picture.data[pixels[n]! * 3 + c]!)
  }
  return {
    places: Int32Array.from(places),
    at: Int32Array.from(at),
    block: Int32Array.from(block),
    blocks: columns * Math.ceil(box.height / BLOCK),
    own: Float32Array.from(own),
    ...{ stride, area: stride * (box.height + 2 * room), room, step },
  }
}

/** The hole's pixels that a block of the ring may be matched with. */
export function nearRing({ places, step }: Ring, picture: Picture, hole: Hole): number[] {
  const near = new Uint8Array(hole.pixels.length)
  for (const n of places) {
    const x = hole.pixels[n]! % picture.width
    const y = (hole.pixels[n]! - x) / picture.width
    for (let dy = -REACH * step; dy <= REACH * step; dy += step) {
      for (let dx = -REACH * step; dx <= REACH * step; dx += step) {
        const other = holeIndex(hole, x + dx, y + dy)
        if (other >= 0) near[other] = 1
      }
    }
  }
  const out: number[] = []
  for (let n = 0; n < near.length; n++) if (near[n] === 1) out.push(n)
  return out
}

/** Where a hole's pixels lie in the box of its ring. */
export function placeIn({ stride, room }: Ring, picture: Picture, hole: Hole, n: number): number {
  const x = hole.pixels[n]! % picture.width
  const y = (hole.pixels[n]! - x) / picture.width
  return (y - hole.box.y + room) * stride + x - hole.box.x + room
}

/**
 * Mean square error in levels of what a picture shows of the ring, where each block of it may be
 * off by a few pixels: fine texture that moved a little is still the right texture, while other
 * content stays wrong wherever it is put.
 *
 * @param shown three levels per pixel of the ring's box; NaN where the picture shows nothing
 * @returns per ring pixel; -1 where it could not be judged
 */
export function matchRing(ring: Ring, shown: Float32Array): Float32Array {
  const { at, block, blocks, own, stride, step } = ring
  const best = new Float64Array(blocks).fill(Number.POSITIVE_INFINITY)
  const sum = new Float64Array(blocks)
  const count = new Uint32Array(blocks)
  const size = new Uint32Array(blocks)
  const used: number[] = []
  for (let k = 0; k < at.length; k++) {
    if (Number.isNaN(shown[at[k]! * 3]!)) continue
    used.push(k)
    size[block[k]!] = size[block[k]!]! + 1
  }
  for (let dy = -REACH; dy <= REACH; dy++) {
    for (let dx = -REACH; dx <= REACH; dx++) {
      sum.fill(0)
      count.fill(0)
      const off = dy * step * stride + dx * step
      for (const k of used) {
        const p = (at[k]! + off) * 3
        const red = shown[p]! - own[k * 3]!
        if (Number.isNaN(red)) continue
        const green = shown[p + 1]! - own[k * 3 + 1]!
        const blue = shown[p + 2]! - own[k * 3 + 2]!
        const b = block[k]!
        sum[b] = sum[b]! + red * red + green * green + blue * blue
        count[b] = count[b]! + 1
      }
      // With many places to choose from, chance finds a better one: farther ones have to earn it.
      const penalty = 1 + 0.06 * Math.hypot(dx, dy)
      for (let b = 0; b < blocks; b++) {
        if (count[b] === 0 || 2 * count[b]! < size[b]!) continue
        best[b] = Math.min(best[b]!, (penalty * sum[b]!) / (3 * count[b]!))
      }
    }
  }
  const out = new Float32Array(at.length).fill(-1)
  for (const k of used) {
    const value = best[block[k]!]!
    if (Number.isFinite(value)) out[k] = value
  }
  return out
}

/**
 * The same of a prediction of the whole hole, per hole pixel.
 *
 * @param colours predicted, three floats per hole pixel
 * @param weight set to 1 where the ring could be judged
 */
export function ringError(
  picture: Picture,
  hole: Hole,
  colours: Float32Array,
  seen: Float32Array,
  weight: Float32Array,
): Float32Array {
  const ring = ringOf(picture, hole)
  const shown = new Float32Array(ring.area * 3).fill(Number.NaN)
  for (const n of nearRing(ring, picture, hole)) {
    if (seen[n] === 0) continue
    const to = placeIn(ring, picture, hole, n) * 3
    for (let c = 0; c < 3; c++) shown[to + c] = colours[n * 3 + c]!
  }
  const out = new Float32Array(hole.pixels.length)
  matchRing(ring, shown).forEach((error, k) => {
    if (error < 0) return
    out[ring.places[k]!] = error
    weight[ring.places[k]!] = 1
  })
  return out
}

/** Source pixels of one step to the side. */
function stepOf(size: Size): number {
  return Math.max(1, Math.round(analysisFactor(size) / 1.5))
}
