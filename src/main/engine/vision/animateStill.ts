import type { Picture } from './image.js'
import { bicubic, bilinear } from './sample.js'
import { followField } from './stillMotion.js'
import type { MotionField, Offsets } from './stillMotion.js'

/**
 * Frames of a still whose region moves along a field, in a cycle without a seam: each frame is
 * what has come from the beginning of the cycle, fading into what will arrive at its end. Frame 0
 * is the still; a pixel that the region does not cover is the still's, bit for bit, in all.
 *
 * @param region coverage 0..255 at the still's size
 * @param field at any size; its border lies on the still's
 * @returns a function from frame number to the frame
 */
export function animateStill(
  still: Picture,
  region: Uint8Array,
  field: MotionField,
  cycle: number,
): (frame: number) => Picture {
  const back = followField(field, cycle, -1)
  const ahead = followField(field, cycle, 1)
  const { width, height } = still
  const scaleX = width / field.width
  const scaleY = height / field.height

  /** Where a pixel's content is to be read, in pixels. */
  function source(offsets: Offsets, x: number, y: number, out: Float64Array): void {
    const cellX = (x + 0.5) / scaleX - 0.5
    const cellY = (y + 0.5) / scaleY - 0.5
    out[0] = x + bilinear(offsets.x, cellX, cellY) * scaleX
    out[1] = y + bilinear(offsets.y, cellX, cellY) * scaleY
  }

  const at = new Float64Array(2)
  const come = new Float32Array(3)
  const will = new Float32Array(3)
  return (frame) => {
    const n = frame % cycle
    if (n === 0) return still
    const data = still.data.slice()
    const arriving = n / cycle
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const pixel = y * width + x
        const cover = region[pixel]! / 255
        if (cover === 0) continue
        source(back[n]!, x, y, at)
        if (at[0] === x && at[1] === y) continue
        bicubic(still, at[0]!, at[1]!, come, 0)
        source(ahead[cycle - n]!, x, y, at)
        bicubic(still, at[0]!, at[1]!, will, 0)
        for (let c = 0; c < 3; c++) {
          const moved = come[c]! + arriving * (will[c]! - come[c]!)
          const under = still.data[pixel * 3 + c]!
          const value = Math.round(under + cover * (moved - under))
          data[pixel * 3 + c] = value < 0 ? 0 : value > 255 ? 255 : value
        }
      }
    }
    return { width, height, data }
  }
}
