/** Points along each side of the table. */
export const LUT_SIZE = 33

/**
 * A table of colours: red changes slowest, three sRGB values 0..1 an entry. The order of
 * ffmpeg's lut3d in memory; a .cube file runs the other way round.
 */
export type Lut = Float32Array

/** Which points of a table are wanted, one byte each, in its order; 0 for those that are not. */
export type LutPoints = Uint8Array

/** The table a share of the way from one to the other. */
export function mixLuts(from: Lut, to: Lut, share: number): Lut {
  const mixed = new Float32Array(from.length)
  for (let n = 0; n < mixed.length; n++) {
    const a = from[n] as number
    mixed[n] = a + ((to[n] as number) - a) * share
  }
  return mixed
}

/** For every byte: the grid point at or below it, so that there is one above it. */
export const BELOW: Uint8Array = Uint8Array.from({ length: 256 }, (_, n) =>
  Math.min(LUT_SIZE - 2, Math.floor((n / 255) * (LUT_SIZE - 1))),
)

/**
 * Looks colours up, in place, by the tetrahedron of the grid that each lies in: as ffmpeg's lut3d
 * does by default.
 *
 * @param colours sRGB 0..1, three values a colour
 */
export function lookUp(lut: Lut, colours: Float32Array): void {
  const last = LUT_SIZE - 1
  const stepX = LUT_SIZE * LUT_SIZE * 3
  const stepY = LUT_SIZE * 3
  for (let at = 0; at < colours.length; at += 3) {
    const x = (colours[at] as number) * last
    const y = (colours[at + 1] as number) * last
    const z = (colours[at + 2] as number) * last
    const x0 = x >= last ? last - 1 : x | 0
    const y0 = y >= last ? last - 1 : y | 0
    const z0 = z >= last ? last - 1 : z | 0
    const dx = x - x0
    const dy = y - y0
    const dz = z - z0
    const low = x0 * stepX + y0 * stepY + z0 * 3
    const high = low + stepX + stepY + 3
    // From the lowest to the highest corner of the cell, along the largest of the steps first.
    let first: number
    let second: number
    let a: number
    let b: number
    let c: number
    if (dx > dy) {
      if (dy > dz) {
        first = low + stepX
        second = first + stepY
        a = dx
        b = dy
        c = dz
      } else if (dx > dz) {
        first = low + stepX
        second = first + 3
        a = dx
        b = dz
        c = dy
      } else {
        first = low + 3
        second = first + stepX
        a = dz
        b = dx
        c = dy
      }
    } else if (dz > dy) {
      first = low + 3
      second = first + stepY
      a = dz
      b = dy
      c = dx
    } else if (dz > dx) {
      first = low + stepY
      second = first + 3
      a = dy
      b = dz
      c = dx
    } else {
      first = low + stepY
      second = first + stepX
      a = dy
      b = dx
      c = dz
    }
    const p = 1 - a
    const q = a - b
    const r = b - c
    for (let n = 0; n < 3; n++) {
      colours[at + n] =
        p * (lut[low + n] as number) +
        q * (lut[first + n] as number) +
        r * (lut[second + n] as number) +
        c * (lut[high + n] as number)
    }
  }
}

/**
 * The points that {@link lookUp} and the tables of lutBytes.ts read for these colours: a picture has few
 * of all colours, and a table for it alone is made in a fraction of the time.
 *
 * @param data sRGB bytes, `channels` a pixel
 */
export function pointsOf(data: Uint8Array | Uint8ClampedArray, channels: 3 | 4): LutPoints {
  const points = new Uint8Array(LUT_SIZE ** 3)
  for (let from = 0; from < data.length; from += channels) {
    const low =
      (BELOW[data[from] as number] as number) * LUT_SIZE * LUT_SIZE +
      (BELOW[data[from + 1] as number] as number) * LUT_SIZE +
      (BELOW[data[from + 2] as number] as number)
    points[low] = 2
  }
  // The cell that begins at a point has eight corners.
  for (let low = 0; low < points.length; low++) {
    if (points[low] !== 2) continue
    for (const plane of [low, low + LUT_SIZE * LUT_SIZE]) {
      for (const line of [plane, plane + LUT_SIZE]) {
        for (const point of [line, line + 1]) if (points[point] === 0) points[point] = 1
      }
    }
  }
  return points
}
