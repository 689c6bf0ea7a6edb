import { onlyWhereUneven } from './crop.js'

/**
 * Softens the edge of a 0..255 mask to a ramp `width` pixels wide in all, half inside and
 * half outside; further away nothing changes. Three box blurs, which come close to a
 * Gaussian but end somewhere. The picture's border is repeated, so a mask that touches it
 * does not fade there.
 */
export function featherEdge(
  data: Uint8Array,
  width: number,
  height: number,
  featherWidth: number,
): Uint8Array {
  if (featherWidth <= 0) return data.slice()
  // Each of the three blurs reaches a third of the way.
  const radius = featherWidth / 6
  const margin = 3 * Math.ceil(radius) + 1
  return onlyWhereUneven(data, width, height, margin, (part, partWidth, partHeight) =>
    blur(part, partWidth, partHeight, radius),
  )
}

function blur(data: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  const from = Float32Array.from(data)
  const to = new Float32Array(data.length)
  for (let pass = 0; pass < 3; pass++) {
    blurRows(from, to, width, height, radius)
    blurColumns(to, from, width, height, radius)
  }
  const result = new Uint8Array(data.length)
  for (let at = 0; at < result.length; at++) result[at] = Math.round(from[at] ?? 0)
  return result
}

/** A box of half-width `radius` + 0.5 whose two end pixels count by the fraction. */
function boxOf(radius: number): { whole: number; part: number; scale: number } {
  const whole = Math.floor(radius)
  return { whole, part: radius - whole, scale: 1 / (2 * radius + 1) }
}

function blurRows(
  from: Float32Array,
  to: Float32Array,
  width: number,
  height: number,
  radius: number,
): void {
  const { whole, part, scale } = boxOf(radius)
  const clamp = (x: number): number => (x < 0 ? 0 : x >= width ? width - 1 : x)
  for (let row = 0; row < height; row++) {
    const base = row * width
    let sum = 0
    for (let k = -whole; k <= whole; k++) sum += from[base + clamp(k)] ?? 0
    for (let x = 0; x < width; x++) {
      const before = from[base + clamp(x - whole - 1)] ?? 0
      const after = from[base + clamp(x + whole + 1)] ?? 0
      to[base + x] = (sum + part * (before + after)) * scale
      sum += after - (from[base + clamp(x - whole)] ?? 0)
    }
  }
}

/** The same downwards, a row of sums at a time: walking columns would miss the cache. */
function blurColumns(
  from: Float32Array,
  to: Float32Array,
  width: number,
  height: number,
  radius: number,
): void {
  const { whole, part, scale } = boxOf(radius)
  const rowAt = (y: number): number => (y < 0 ? 0 : y >= height ? height - 1 : y) * width
  const sums = new Float64Array(width)
  for (let k = -whole; k <= whole; k++) {
    const row = rowAt(k)
    for (let x = 0; x < width; x++) sums[x] = (sums[x] ?? 0) + (from[row + x] ?? 0)
  }
  for (let y = 0; y < height; y++) {
    const before = rowAt(y - whole - 1)
    const after = rowAt(y + whole + 1)
    const leaving = rowAt(y - whole)
    const base = y * width
    for (let x = 0; x < width; x++) {
      const next = from[after + x] ?? 0
      const sum = sums[x] ?? 0
      to[base + x] = (sum + part * ((from[before + x] ?? 0) + next)) * scale
      sums[x] = sum + next - (from[leaving + x] ?? 0)
    }
  }
}
