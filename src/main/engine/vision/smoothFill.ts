import type { Hole } from './hole.js'
import type { Picture } from './image.js'
import { pullPush } from './pullPush.js'

/** The hole continued smoothly from its border: three floats per hole pixel. */
export function smoothFill(picture: Picture, mask: Uint8Array, hole: Hole): Float32Array {
  const { box } = hole
  const margin = 4
  const left = Math.max(0, box.x - margin)
  const top = Math.max(0, box.y - margin)
  const width = Math.min(picture.width, box.x + box.width + margin) - left
  const height = Math.min(picture.height, box.y + box.height + margin) - top
  const data = new Float32Array(width * height * 3)
  const weight = new Float32Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (top + y) * picture.width + left + x
      if (mask[from] !== 0) continue
      const to = y * width + x
      weight[to] = 1
      for (let c = 0; c < 3; c++) data[to * 3 + c] = picture.data[from * 3 + c]!
    }
  }
  pullPush(data, weight, { width, height }, 3)
  const out = new Float32Array(hole.pixels.length * 3)
  for (let n = 0; n < hole.pixels.length; n++) {
    const pixel = hole.pixels[n]!
    const x = (pixel % picture.width) - left
    const y = Math.floor(pixel / picture.width) - top
    const at = (y * width + x) * 3
    for (let c = 0; c < 3; c++) out[n * 3 + c] = data[at + c]!
  }
  return out
}
