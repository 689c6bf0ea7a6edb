/** A frame or plane size in pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** One float channel, row by row; values as in the source, 0..255 unless said otherwise. */
export interface Plane extends Size {
  readonly data: Float32Array
}

/** Interleaved 8-bit RGB, tightly packed. */
export interface Picture extends Size {
  readonly data: Uint8Array
}

/** Interleaved RGB, of bytes or between them. */
export type ColourPicture = Size & { readonly data: Uint8Array | Float32Array }

/** Pixel rectangle `[x, x + width) x [y, y + height)`. */
export interface Box extends Size {
  readonly x: number
  readonly y: number
}

/**
 * Integer factor between source pixels and the analysis grid on which motion is measured:
 * about 430 x 240 cells whatever the source's size (2 at 480p, 4 at 1080p).
 */
export function analysisFactor(size: Size): number {
  return Math.max(1, Math.ceil(Math.sqrt((size.width * size.height) / 120_000) - 0.2))
}

/** Size of the analysis grid; partial cells at the right and bottom edge are left out. */
export function analysisSize(size: Size, factor: number): Size {
  return {
    width: Math.max(1, Math.floor(size.width / factor)),
    height: Math.max(1, Math.floor(size.height / factor)),
  }
}

/** What a side is multiplied by for at most so many pixels in all; 1 where there are no more. */
export function scaleWithin({ width, height }: Size, pixels: number): number {
  return Math.min(1, Math.sqrt(pixels / (width * height)))
}

/** The same shape at another size, in whole pixels. */
export function scaledBy({ width, height }: Size, scale: number): Size {
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  }
}

/** Area average of an RGB picture over `factor` x `factor` cells. */
export function shrinkPicture(picture: Picture, factor: number): Picture {
  if (factor === 1) return picture
  const { width, height } = analysisSize(picture, factor)
  const data = new Uint8Array(width * height * 3)
  const sums = new Uint32Array(width * 3)
  const area = factor * factor
  for (let y = 0; y < height; y++) {
    sums.fill(0)
    for (let sy = 0; sy < factor; sy++) {
      let from = (y * factor + sy) * picture.width * 3
      for (let x = 0; x < width; x++) {
        let red = 0
        let green = 0
        let blue = 0
        for (let sx = 0; sx < factor; sx++, from += 3) {
          red += picture.data[from]!
          green += picture.data[from + 1]!
          blue += picture.data[from + 2]!
        }
        sums[x * 3] = sums[x * 3]! + red
        sums[x * 3 + 1] = sums[x * 3 + 1]! + green
        sums[x * 3 + 2] = sums[x * 3 + 2]! + blue
      }
    }
    const to = y * width * 3
    for (let i = 0; i < sums.length; i++) data[to + i] = (sums[i]! + area / 2) / area
  }
  return { width, height, data }
}

/** A cell is set when any of its source pixels is. */
export function shrinkMask(mask: Uint8Array, size: Size, factor: number): Uint8Array {
  if (factor === 1) return mask.slice()
  const small = analysisSize(size, factor)
  const out = new Uint8Array(small.width * small.height)
  for (let y = 0; y < small.height * factor; y++) {
    const row = y * size.width
    const to = Math.floor(y / factor) * small.width
    for (let x = 0; x < small.width * factor; x++) {
      if (mask[row + x] !== 0) out[to + Math.floor(x / factor)] = 1
    }
  }
  return out
}

/** Rec. 601 luma of an RGB picture, as floats. */
export function luma({ width, height, data: rgb }: ColourPicture): Plane {
  const data = new Float32Array(width * height)
  for (let i = 0, j = 0; i < data.length; i++, j += 3) {
    data[i] = 0.299 * rgb[j]! + 0.587 * rgb[j + 1]! + 0.114 * rgb[j + 2]!
  }
  return { width, height, data }
}

/** Separable [1 4 6 4 1]/16 blur (sigma about 1) with replicated borders. */
export function blur(plane: Plane): Plane {
  const { width, height, data } = plane
  const rows = new Float32Array(data.length)
  const out = new Float32Array(data.length)
  for (let y = 0; y < height; y++) {
    const row = y * width
    for (let x = 0; x < width; x++) {
      const a = data[row + Math.max(0, x - 2)]!
      const b = data[row + Math.max(0, x - 1)]!
      const d = data[row + Math.min(width - 1, x + 1)]!
      const e = data[row + Math.min(width - 1, x + 2)]!
      rows[row + x] = (a + e + 4 * (b + d) + 6 * data[row + x]!) / 16
    }
  }
  for (let y = 0; y < height; y++) {
    const row = y * width
    const a = Math.max(0, y - 2) * width
    const b = Math.max(0, y - 1) * width
    const d = Math.min(height - 1, y + 1) * width
    const e = Math.min(height - 1, y + 2) * width
    for (let x = 0; x < width; x++) {
      out[row + x] =
        (rows[a + x]! + rows[e + x]! + 4 * (rows[b + x]! + rows[d + x]!) + 6 * rows[row + x]!) / 16
    }
  }
  return { width, height, data: out }
}

/** 2 x 2 average; odd borders are left out. */
export function halve(plane: Plane): Plane {
  const width = Math.max(1, plane.width >> 1)
  const height = Math.max(1, plane.height >> 1)
  const data = new Float32Array(width * height)
  const right = plane.width > 1 ? 1 : 0
  const below = plane.height > 1 ? plane.width : 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * 2 * plane.width + x * 2
      data[y * width + x] =
        (plane.data[i]! +
          plane.data[i + right]! +
          plane.data[i + below]! +
          plane.data[i + right + below]!) /
        4
    }
  }
  return { width, height, data }
}

/** Smallest box around the set pixels, grown by `margin` and clipped; null when nothing is set. */
export function boundingBox(mask: Uint8Array, size: Size, margin = 0): Box | null {
  let left = size.width
  let right = -1
  let top = -1
  let bottom = -1
  for (let y = 0; y < size.height; y++) {
    const row = y * size.width
    const first = mask.subarray(row, row + size.width).findIndex((value) => value !== 0)
    if (first < 0) continue
    if (top < 0) top = y
    bottom = y
    if (first < left) left = first
    for (let x = size.width - 1; x > right; x--) {
      if (mask[row + x] !== 0) right = x
    }
  }
  if (top < 0) return null
  const x = Math.max(0, left - margin)
  const y = Math.max(0, top - margin)
  return {
    x,
    y,
    width: Math.min(size.width, right + 1 + margin) - x,
    height: Math.min(size.height, bottom + 1 + margin) - y,
  }
}
