import type { AnalysedFrame } from './analyse.js'
import { chainColour, invertColour } from './colour.js'
import { gatherGrid, readGrid, smoothGrid } from './grid.js'
import type { Hole } from './hole.js'
import { mapX, mapY, type Homography } from './homography.js'
import type { Picture } from './image.js'
import { bicubic } from './sample.js'

/** Share of the frame before where it shows the same. */
const KEPT = 0.7

/** Levels of local difference at which the frame before counts half of that. */
const SAME = 16

/** Share of that for detail: moved along time and again, it would grow soft. */
const DETAIL = 0.5

/**
 * Draws a finished hole towards the frame before, moved along with the surroundings, where both
 * nearly agree. What differs more is something new and stays as it is: nothing leaves a trail.
 *
 * @param colours three floats per hole pixel, changed in place
 * @param picture the frame before with its hole finished
 * @param step source pixels of the frame -> those of the frame before
 */
export function steadyHole(
  frame: AnalysedFrame,
  hole: Hole,
  colours: Float32Array,
  before: AnalysedFrame,
  picture: Picture,
  step: Homography,
): void {
  const { gain, offset } = chainColour(before.colour, invertColour(frame.colour))
  const { width, height } = frame.picture
  const count = hole.pixels.length
  const gap = new Float32Array(count * 3)
  const square = new Float32Array(count)
  const valid = new Float32Array(count)
  const sample = new Float32Array(3)
  let ringSum = 0
  let ringCount = 0
  for (let n = 0; n < count; n++) {
    const pixel = hole.pixels[n]!
    const px = pixel % width
    const py = (pixel - px) / width
    const x = mapX(step, px, py)
    const y = mapY(step, px, py)
    if (!(x >= 0 && y >= 0 && x <= width - 1 && y <= height - 1)) continue
    bicubic(picture, x, y, sample, 0)
    valid[n] = 1
    let sum = 0
    for (let c = 0; c < 3; c++) {
      const moved = gain[c as 0] * sample[c]! + offset[c as 0]
      if (hole.inside[n] === 0) {
        ringSum += (moved - frame.picture.data[pixel * 3 + c]!) ** 2
        ringCount++
      }
      const d = moved - colours[n * 3 + c]!
      gap[n * 3 + c] = d
      sum += d * d
    }
    square[n] = sum / 3
  }
  // Two smooth fills may agree where nothing around them does: then nothing holds still.
  const around = ringCount === 0 ? 0 : ringSum / ringCount
  const low = readGrid(smoothGrid(gatherGrid(hole, width, gap, valid, 3), 1), hole, width)
  const local = readGrid(smoothGrid(gatherGrid(hole, width, square, valid, 1), 1), hole, width)
  for (let n = 0; n < count; n++) {
    if (valid[n] === 0) continue
    const kept = KEPT / (1 + (Math.max(around, local[n]!) / SAME ** 2) ** 2)
    const share = kept * DETAIL
    for (let c = 0; c < 3; c++) {
      const at = n * 3 + c
      colours[at] = colours[at]! + share * gap[at]! + (kept - share) * low[at]!
    }
  }
}
