import type { Picture, Size } from '../../../src/main/engine/vision/image.js'
import { luma } from '../../../src/main/engine/vision/image.js'
import { ssim } from '../metrics.js'

/** Pixels between the two ends of a difference: from a hair's breadth to a broad stroke. */
const SCALES = [1, 2, 4, 8]
const DIRECTIONS = [
  [1, 0],
  [0, 1],
  [1, 1],
  [1, -1],
] as const

/**
 * How far apart two pictures of one size are in palette and texture, 0 for the same: the mean
 * absolute difference of means and the log ratios of energies, per colour channel, scale and
 * direction. Not a perceptual metric and none of a network's: it was no part of the training.
 */
export function styleDistance(a: Picture, b: Picture): number {
  const [mine, other] = [describe(a), describe(b)]
  const sum = mine.reduce((total, value, n) => total + Math.abs(value - (other[n] ?? 0)), 0)
  return sum / mine.length
}

function describe(picture: Picture): number[] {
  return opponents(picture).flatMap((channel) => {
    const mean = channel.reduce((sum, value) => sum + value, 0) / channel.length
    const spread = Math.sqrt(
      channel.reduce((sum, value) => sum + (value - mean) ** 2, 0) / channel.length,
    )
    const bands = SCALES.flatMap((scale) =>
      DIRECTIONS.map(([dx, dy]) => Math.log(energy(channel, picture, dx * scale, dy * scale) + 1)),
    )
    // A third of the weight to the palette, the rest to texture.
    return [mean / 32, mean / 32, Math.log(spread + 1) * 2, Math.log(spread + 1) * 2, ...bands]
  })
}

/** Light, red against green, yellow against blue. */
function opponents({ data }: Picture): Float32Array[] {
  const count = data.length / 3
  const planes = [0, 1, 2].map(() => new Float32Array(count))
  for (let n = 0; n < count; n++) {
    const [r, g, b] = [data[n * 3]!, data[n * 3 + 1]!, data[n * 3 + 2]!]
    planes[0]![n] = 0.299 * r + 0.587 * g + 0.114 * b
    planes[1]![n] = r - g
    planes[2]![n] = (r + g) / 2 - b
  }
  return planes
}

function energy(plane: Float32Array, { width, height }: Size, dx: number, dy: number): number {
  let sum = 0
  let count = 0
  for (let y = Math.max(0, -dy); y < Math.min(height, height - dy); y++) {
    for (let x = 0; x < width - dx; x++) {
      sum += Math.abs(plane[(y + dy) * width + x + dx]! - plane[y * width + x]!)
      count++
    }
  }
  return count === 0 ? 0 : sum / count
}

/** SSIM of the edges alone: what is left of the content when palette and light are another's. */
export function edgeSsim(
  before: readonly Uint8Array[],
  after: readonly Uint8Array[],
  size: Size,
): number {
  return ssim(before.map(edges(size)), after.map(edges(size)), size)
}

function edges(size: Size): (data: Uint8Array) => Uint8Array {
  const { width, height } = size
  return (data) => {
    const light = luma({ ...size, data }).data
    const strength = new Float32Array(width * height)
    let most = 1
    for (let y = 1; y < height - 1; y++) {
      for (let x = 1; x < width - 1; x++) {
        const n = y * width + x
        const across = light[n + 1]! - light[n - 1]!
        const down = light[n + width]! - light[n - width]!
        strength[n] = Math.hypot(across, down)
      }
    }
    // The strongest twentieth is full: a style may raise or lower contrast as a whole.
    const sorted = Float32Array.from(strength).sort()
    most = Math.max(1, sorted[Math.floor(sorted.length * 0.95)] ?? 1)
    const out = new Uint8Array(data.length)
    for (let n = 0; n < strength.length; n++) {
      out.fill(Math.min(255, Math.round((strength[n]! / most) * 255)), n * 3, n * 3 + 3)
    }
    return out
  }
}
