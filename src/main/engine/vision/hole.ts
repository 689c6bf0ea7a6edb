import { boundingBox, type Box, type Size } from './image.js'

/** The pixels of one frame that are predicted: the hole and a known ring around it. */
export interface Hole {
  readonly box: Box
  /** Frame pixel indices, in row order. */
  readonly pixels: Int32Array
  /** Box pixel -> position in `pixels`, -1 outside. */
  readonly index: Int32Array
  /** 1 where the pixel has to be replaced, 0 on the ring, where the truth is known. */
  readonly inside: Uint8Array
}

/**
 * Lists a hole's pixels together with a ring around it, on which predictions can be judged.
 *
 * @param mask 0/1 per frame pixel
 * @returns null when the mask is empty
 */
export function listHole(mask: Uint8Array, size: Size, ring: number): Hole | null {
  const box = boundingBox(mask, size, ring)
  if (box === null) return null
  const wide = growInBox(mask, size, box, ring)
  let count = 0
  for (const value of wide) count += value
  const pixels = new Int32Array(count)
  const inside = new Uint8Array(count)
  const index = new Int32Array(wide.length).fill(-1)
  let n = 0
  for (let y = 0; y < box.height; y++) {
    const row = (box.y + y) * size.width + box.x
    for (let x = 0; x < box.width; x++) {
      const at = y * box.width + x
      if (wide[at] === 0) continue
      pixels[n] = row + x
      inside[n] = mask[row + x] === 0 ? 0 : 1
      index[at] = n++
    }
  }
  return { box, pixels, index, inside }
}

/** Position in `hole.pixels` of a frame pixel, -1 when it is known. */
export function holeIndex(hole: Hole, x: number, y: number): number {
  const bx = x - hole.box.x
  const by = y - hole.box.y
  if (bx < 0 || by < 0 || bx >= hole.box.width || by >= hole.box.height) return -1
  return hole.index[by * hole.box.width + bx]!
}

/**
 * How deep each pixel lies in the hole: steps in eight directions to the nearest known pixel, 0 on
 * the ring. The picture's border is no known pixel.
 */
export function depthsOf({ box, index, inside }: Hole): Float32Array {
  const { width, height } = box
  const deep = new Float32Array(index.length)
  for (let at = 0; at < index.length; at++) {
    const n = index[at]!
    deep[at] = n >= 0 && inside[n] === 1 ? Number.POSITIVE_INFINITY : 0
  }
  const near = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= width || y >= height ? Number.POSITIVE_INFINITY : deep[y * width + x]!
  for (const step of [-1, 1]) {
    for (let row = 0; row < height; row++) {
      const y = step < 0 ? row : height - 1 - row
      for (let column = 0; column < width; column++) {
        const x = step < 0 ? column : width - 1 - column
        const least = Math.min(
          near(x + step, y),
          near(x - 1, y + step),
          near(x, y + step),
          near(x + 1, y + step),
        )
        const at = y * width + x
        deep[at] = Math.min(deep[at]!, least + 1)
      }
    }
  }
  const out = new Float32Array(inside.length)
  for (let at = 0; at < index.length; at++) if (index[at]! >= 0) out[index[at]!] = deep[at]!
  return out
}

/** Square dilation by `radius`, only inside the box. */
function growInBox(mask: Uint8Array, size: Size, box: Box, radius: number): Uint8Array {
  const { width, height } = box
  const rows = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    const from = (box.y + y) * size.width + box.x
    let last = Number.NEGATIVE_INFINITY
    for (let x = 0; x < width; x++) {
      if (mask[from + x] !== 0) last = x
      if (x - last <= radius) rows[y * width + x] = 1
    }
    last = Number.POSITIVE_INFINITY
    for (let x = width - 1; x >= 0; x--) {
      if (mask[from + x] !== 0) last = x
      if (last - x <= radius) rows[y * width + x] = 1
    }
  }
  const out = new Uint8Array(width * height)
  const lastRow = new Float64Array(width).fill(Number.NEGATIVE_INFINITY)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (rows[y * width + x] !== 0) lastRow[x] = y
      if (y - lastRow[x]! <= radius) out[y * width + x] = 1
    }
  }
  lastRow.fill(Number.POSITIVE_INFINITY)
  for (let y = height - 1; y >= 0; y--) {
    for (let x = 0; x < width; x++) {
      if (rows[y * width + x] !== 0) lastRow[x] = y
      if (lastRow[x]! - y <= radius) out[y * width + x] = 1
    }
  }
  return out
}
