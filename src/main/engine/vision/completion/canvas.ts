import type { Size } from '../image.js'

/** A picture with a region to invent. */
export interface Canvas extends Size {
  /** Three floats per pixel, 0..255. */
  readonly data: Float32Array
  /** 1 = to invent. */
  readonly target: Uint8Array
  /** 1 = neither invented nor to be copied from. */
  readonly blocked: Uint8Array
}

/** Half the size; known pixels count alone, a cell is a target when most of it is. */
export function halveCanvas(canvas: Canvas): Canvas {
  const width = canvas.width >> 1
  const height = canvas.height >> 1
  const data = new Float32Array(width * height * 3)
  const target = new Uint8Array(width * height)
  const blocked = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const to = y * width + x
      let known = 0
      for (let k = 0; k < 4; k++) {
        const from = (y * 2 + (k >> 1)) * canvas.width + x * 2 + (k & 1)
        if (canvas.blocked[from] === 1) blocked[to] = 1
        if (canvas.target[from] === 1) continue
        known++
        for (let c = 0; c < 3; c++)
          data[to * 3 + c] = data[to * 3 + c]! + canvas.data[from * 3 + c]!
      }
      if (known < 2) {
        target[to] = 1
        data.fill(0, to * 3, to * 3 + 3)
      } else for (let c = 0; c < 3; c++) data[to * 3 + c] = data[to * 3 + c]! / known
    }
  }
  return { width, height, data, target, blocked }
}

/** Channels per pixel of what seams are judged by: colour, and the slopes of luma in x and y. */
export const CHANNELS = 5

/** How much a slope counts beside a level: an edge that ends at a seam shows more than a step of light. */
const SLOPE = 1.5

/** What two pictures are compared by where they meet; slopes only where both neighbours are known. */
export function describeCanvas({ width, height, data, target }: Canvas): Float32Array {
  const out = new Float32Array(width * height * CHANNELS)
  const luma = (i: number): number =>
    0.299 * data[i * 3]! + 0.587 * data[i * 3 + 1]! + 0.114 * data[i * 3 + 2]!
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      if (target[i] === 1) continue
      const to = i * CHANNELS
      for (let c = 0; c < 3; c++) out[to + c] = data[i * 3 + c]!
      const right = x + 1 < width && target[i + 1] === 0 ? i + 1 : i
      const left = x > 0 && target[i - 1] === 0 ? i - 1 : i
      const below = y + 1 < height && target[i + width] === 0 ? i + width : i
      const above = y > 0 && target[i - width] === 0 ? i - width : i
      if (right - left === 2) out[to + 3] = (SLOPE * (luma(right) - luma(left))) / 2
      if (below - above === 2 * width) out[to + 4] = (SLOPE * (luma(below) - luma(above))) / 2
    }
  }
  return out
}
