import { holeIndex, type Hole } from './hole.js'
import { analysisFactor, type Picture, type Size } from './image.js'

/** Edge in pixels of the blocks of the ring that are matched as one. */
const BLOCK = 16

/** Steps to each side that a block may be off. */
export const REACH = 3

/**
 * Mean square error in levels of a prediction on the known ring, where each block of it may be off
 * by a few pixels: fine texture that moved a little is still the right texture, while other
 * content stays wrong wherever it is put.
 *
 * @param colours predicted, three floats per hole pixel
 * @param weight set to 1 where the ring could be judged, 0 elsewhere
 */
export function ringError(
  picture: Picture,
  hole: Hole,
  colours: Float32Array,
  seen: Float32Array,
  weight: Float32Array,
): Float32Array {
  const step = stepOf(picture)
  const { box } = hole
  const columns = Math.ceil(box.width / BLOCK)
  const blocks = columns * Math.ceil(box.height / BLOCK)
  const ring: number[] = []
  const block: number[] = []
  const size = new Uint32Array(blocks)
  for (let n = 0; n < hole.pixels.length; n++) {
    if (hole.inside[n] === 1 || seen[n] === 0) continue
    const x = hole.pixels[n]! % picture.width
    const y = (hole.pixels[n]! - x) / picture.width
    const b = Math.floor((y - box.y) / BLOCK) * columns + Math.floor((x - box.x) / BLOCK)
    ring.push(n)
    block.push(b)
    size[b] = size[b]! + 1
  }
  const best = new Float32Array(blocks).fill(Number.POSITIVE_INFINITY)
  const sum = new Float64Array(blocks)
  const count = new Uint32Array(blocks)
  for (let dy = -REACH; dy <= REACH; dy++) {
    for (let dx = -REACH; dx <= REACH; dx++) {
      sum.fill(0)
      count.fill(0)
      for (let k = 0; k < ring.length; k++) {
        const pixel = hole.pixels[ring[k]!]!
        const x = pixel % picture.width
        const n = holeIndex(hole, x + dx * step, (pixel - x) / picture.width + dy * step)
        if (n < 0 || seen[n] === 0) continue
        const b = block[k]!
        for (let c = 0; c < 3; c++) {
          sum[b] = sum[b]! + (picture.data[pixel * 3 + c]! - colours[n * 3 + c]!) ** 2
        }
        count[b] = count[b]! + 3
      }
      // With many places to choose from, chance finds a better one: farther ones have to earn it.
      const penalty = 1 + 0.06 * Math.hypot(dx, dy)
      for (let b = 0; b < blocks; b++) {
        if (count[b]! < 1.5 * size[b]! || count[b] === 0) continue
        best[b] = Math.min(best[b]!, (penalty * sum[b]!) / count[b]!)
      }
    }
  }
  const out = new Float32Array(hole.pixels.length)
  for (let k = 0; k < ring.length; k++) {
    const value = best[block[k]!]!
    if (!Number.isFinite(value)) continue
    out[ring[k]!] = value
    weight[ring[k]!] = 1
  }
  return out
}

/** Source pixels of one step to the side. */
export function stepOf(size: Size): number {
  return Math.max(1, Math.round(analysisFactor(size) / 1.5))
}
