import type { Size } from './image.js'

/**
 * Fills unknown samples smoothly from the known ones (pull-push, Gortler et al. 1996, "The
 * Lumigraph"; then relaxed towards a membrane). Changes `data` in place where `weight` is 0.
 *
 * @param data interleaved samples, `channels` per pixel
 * @param weight 0 = unknown, 1 = known, one per pixel; anything between pulls in part
 * @param sweeps relaxation sweeps over the unknown pixels; 0 keeps the plain pull-push
 * @param coarse the same on every smaller size, where they reach farther for less
 */
export function pullPush(
  data: Float32Array,
  weight: Float32Array,
  size: Size,
  channels: number,
  sweeps = 24,
  coarse = 0,
): void {
  fillLevel(data, weight, size, channels, coarse)
  if (sweeps > 0) relax(data, weight, size, channels, sweeps)
}

function fillLevel(
  data: Float32Array,
  weight: Float32Array,
  { width, height }: Size,
  channels: number,
  sweeps: number,
): void {
  if (width <= 1 && height <= 1) return
  if (!weight.some((value) => value < 1)) return
  const half = { width: (width + 1) >> 1, height: (height + 1) >> 1 }
  const coarse = new Float32Array(half.width * half.height * channels)
  const coarseWeight = new Float32Array(half.width * half.height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const own = weight[y * width + x]!
      if (own === 0) continue
      const to = (y >> 1) * half.width + (x >> 1)
      coarseWeight[to] = coarseWeight[to]! + own
      const from = (y * width + x) * channels
      for (let c = 0; c < channels; c++) {
        coarse[to * channels + c] = coarse[to * channels + c]! + own * data[from + c]!
      }
    }
  }
  for (let i = 0; i < coarseWeight.length; i++) {
    const sum = coarseWeight[i]!
    if (sum === 0) continue
    for (let c = 0; c < channels; c++) coarse[i * channels + c] = coarse[i * channels + c]! / sum
    coarseWeight[i] = Math.min(1, sum)
  }
  fillLevel(coarse, coarseWeight, half, channels, sweeps)
  if (sweeps > 0) relax(coarse, coarseWeight, half, channels, sweeps)
  for (let y = 0; y < height; y++) {
    // Cell centres of the coarse grid lie between pixels: weights 3/4 and 1/4 (bilinear).
    const y0 = y >> 1
    const y1 = clamp(y0 + ((y & 1) === 0 ? -1 : 1), half.height)
    for (let x = 0; x < width; x++) {
      const own = weight[y * width + x]!
      if (own >= 1) continue
      const x0 = x >> 1
      const x1 = clamp(x0 + ((x & 1) === 0 ? -1 : 1), half.width)
      const a = (y0 * half.width + x0) * channels
      const b = (y0 * half.width + x1) * channels
      const d = (y1 * half.width + x0) * channels
      const e = (y1 * half.width + x1) * channels
      const to = (y * width + x) * channels
      for (let c = 0; c < channels; c++) {
        const smooth =
          (9 * coarse[a + c]! + 3 * coarse[b + c]! + 3 * coarse[d + c]! + coarse[e + c]!) / 16
        data[to + c] = own * data[to + c]! + (1 - own) * smooth
      }
    }
  }
}

/** Successive over-relaxation of the Laplace equation on the pixels with weight 0. */
function relax(
  data: Float32Array,
  weight: Float32Array,
  { width, height }: Size,
  channels: number,
  sweeps: number,
): void {
  const unknown: number[] = []
  for (let i = 0; i < weight.length; i++) if (weight[i] === 0) unknown.push(i)
  const speed = 1.6
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const backwards = (sweep & 1) === 1
    for (let n = 0; n < unknown.length; n++) {
      const i = unknown[backwards ? unknown.length - 1 - n : n]!
      const x = i % width
      const y = (i - x) / width
      const left = (x > 0 ? i - 1 : i) * channels
      const right = (x < width - 1 ? i + 1 : i) * channels
      const up = (y > 0 ? i - width : i) * channels
      const down = (y < height - 1 ? i + width : i) * channels
      const at = i * channels
      for (let c = 0; c < channels; c++) {
        const mean = (data[left + c]! + data[right + c]! + data[up + c]! + data[down + c]!) / 4
        data[at + c] = data[at + c]! + speed * (mean - data[at + c]!)
      }
    }
  }
}

function clamp(value: number, length: number): number {
  return value < 0 ? 0 : value >= length ? length - 1 : value
}
