import { holeIndex, type Hole } from './hole.js'
import type { Picture } from './image.js'

/** Levels of a step that nobody sees. */
const UNSEEN = 4

/** Mean excess in levels at which half is left of what the content inside is worth. */
const HALF_CUT = 4

/**
 * How hard the border of what was made up cuts through a finished picture: the step from each of its
 * pixels to the known one beside it, beyond the largest of the steps behind and before it in the same
 * direction. What was filmed has no such steps: lens and compression draw every edge over two pixels
 * or more, while a thing that passes behind a fill ends between two.
 *
 * @param picture with the hole filled
 * @param invented 1 per hole pixel that no frame shows
 * @returns mean over that border in levels 0..255; 0 where it meets nothing known
 */
export function cutEdges(picture: Picture, hole: Hole, invented: Uint8Array): number {
  const { width, height, data } = picture
  const step = (i: number, j: number): number => {
    const red = data[i * 3]! - data[j * 3]!
    const green = data[i * 3 + 1]! - data[j * 3 + 1]!
    const blue = data[i * 3 + 2]! - data[j * 3 + 2]!
    return Math.sqrt((red * red + green * green + blue * blue) / 3)
  }
  let sum = 0
  let count = 0
  // From outside: the known ring is narrow, whatever the hole is.
  for (let n = 0; n < hole.pixels.length; n++) {
    if (hole.inside[n] === 1) continue
    const known = hole.pixels[n]!
    const x = known % width
    const y = (known - x) / width
    for (const { dx, dy } of INWARDS) {
      const m = holeIndex(hole, x + dx, y + dy)
      if (m < 0 || hole.inside[m] === 0 || invented[m] === 0) continue
      if (!isInPicture(x - 2 * dx, y - 2 * dy, width, height)) continue
      if (!isInPicture(x + 3 * dx, y + 3 * dy, width, height)) continue
      const on = dy * width + dx
      const pixel = known + on
      const usual = Math.max(
        step(pixel + on, pixel + 2 * on),
        step(pixel, pixel + on),
        step(known, known - on),
        step(known - on, known - 2 * on),
      )
      sum += Math.max(0, step(pixel, known) - usual - UNSEEN)
      count++
    }
  }
  return sum / Math.max(1, count)
}

/** How much of what was made up is worth believing beside such edges, 0..1. */
export function uncut(excess: number): number {
  return 1 / (1 + (excess / HALF_CUT) ** 2)
}

const INWARDS = [
  { dx: 1, dy: 0 },
  { dx: -1, dy: 0 },
  { dx: 0, dy: 1 },
  { dx: 0, dy: -1 },
] as const

function isInPicture(x: number, y: number, width: number, height: number): boolean {
  return x >= 0 && y >= 0 && x < width && y < height
}
