import { denseFlow } from '../../src/main/engine/vision/flow.js'
import type { Plane, Size } from '../../src/main/engine/vision/image.js'
import { loadOpenCv } from '../../src/main/engine/vision/opencv.js'
import { bicubic, bilinear } from '../../src/main/engine/vision/sample.js'

/** Peak signal-to-noise ratio in dB over the pixels set in `mask` (all of them without one). */
export function psnr(
  a: readonly Uint8Array[],
  b: readonly Uint8Array[],
  masks?: readonly Uint8Array[],
): number {
  let sum = 0
  let count = 0
  for (let t = 0; t < a.length; t++) {
    const first = a[t]!
    const second = b[t]!
    const mask = masks?.[t]
    for (let i = 0; i < first.length; i++) {
      if (mask !== undefined && mask[(i / 3) | 0] === 0) continue
      const d = first[i]! - second[i]!
      sum += d * d
      count++
    }
  }
  if (count === 0 || sum === 0) return 99
  return 10 * Math.log10((255 * 255 * count) / sum)
}

/** Mean SSIM of the luma over 8 x 8 windows with stride 4 (Wang et al. 2004). */
export function ssim(a: readonly Uint8Array[], b: readonly Uint8Array[], size: Size): number {
  let total = 0
  let windows = 0
  for (let t = 0; t < a.length; t++) {
    const x = grey(a[t]!)
    const y = grey(b[t]!)
    for (let top = 0; top + 8 <= size.height; top += 4) {
      for (let left = 0; left + 8 <= size.width; left += 4) {
        total += window(x, y, size.width, left, top)
        windows++
      }
    }
  }
  return windows === 0 ? 1 : total / windows
}

function window(
  x: Float32Array,
  y: Float32Array,
  stride: number,
  left: number,
  top: number,
): number {
  let sx = 0
  let sy = 0
  let sxx = 0
  let syy = 0
  let sxy = 0
  for (let row = 0; row < 8; row++) {
    const at = (top + row) * stride + left
    for (let i = at; i < at + 8; i++) {
      const u = x[i]!
      const v = y[i]!
      sx += u
      sy += v
      sxx += u * u
      syy += v * v
      sxy += u * v
    }
  }
  const n = 64
  const mx = sx / n
  const my = sy / n
  const vx = sxx / n - mx * mx
  const vy = syy / n - my * my
  const cov = sxy / n - mx * my
  const c1 = 6.5025
  const c2 = 58.5225
  return ((2 * mx * my + c1) * (2 * cov + c2)) / ((mx * mx + my * my + c1) * (vx + vy + c2))
}

function grey(rgb: Uint8Array): Float32Array {
  const out = new Float32Array(rgb.length / 3)
  for (let i = 0, j = 0; i < out.length; i++, j += 3) {
    out[i] = 0.299 * rgb[j]! + 0.587 * rgb[j + 1]! + 0.114 * rgb[j + 2]!
  }
  return out
}

/**
 * Warping error inside the hole, relative to the truth's own: 1 = as steady as the real video,
 * more = flicker. Motion is measured on the truth, so that a wrong fill cannot excuse itself.
 */
export async function warpRatio(
  frames: readonly Uint8Array[],
  truth: readonly Uint8Array[],
  masks: readonly Uint8Array[],
  size: Size,
): Promise<number> {
  const opencv = await loadOpenCv()
  let own = 0
  let real = 0
  for (let t = 0; t + 1 < truth.length; t++) {
    const from = plane(truth[t]!, size)
    const to = plane(truth[t + 1]!, size)
    const flow = denseFlow(opencv, from, to)
    const first = plane(frames[t]!, size)
    const second = plane(frames[t + 1]!, size)
    for (let i = 0; i < from.data.length; i++) {
      if (masks[t]![i] === 0) continue
      const x = (i % size.width) + flow.data[i * 2]!
      const y = Math.floor(i / size.width) + flow.data[i * 2 + 1]!
      const expected = Math.abs(bilinear(to, x, y) - from.data[i]!)
      // Where the truth itself does not follow its motion, there is nothing to compare with.
      if (expected > 12) continue
      real += expected ** 2
      own += (bilinear(second, x, y) - first.data[i]!) ** 2
    }
  }
  return real === 0 ? 1 : Math.sqrt(own / real)
}

/**
 * What a hole's content would look like if it lay where the truth has it: every pixel is fetched from
 * where dense motion between truth and result says that it went. At best, no alignment can do better.
 */
export async function straightened(
  frames: readonly Uint8Array[],
  truth: readonly Uint8Array[],
  masks: readonly Uint8Array[],
  size: Size,
): Promise<Uint8Array[]> {
  const opencv = await loadOpenCv()
  const sample = new Float32Array(3)
  return frames.map((frame, t) => {
    const out = Uint8ClampedArray.from(frame)
    const flow = denseFlow(opencv, plane(truth[t]!, size), plane(frame, size))
    for (let i = 0; i < masks[t]!.length; i++) {
      if (masks[t]![i] === 0) continue
      const x = (i % size.width) + flow.data[i * 2]!
      const y = Math.floor(i / size.width) + flow.data[i * 2 + 1]!
      bicubic({ ...size, data: frame }, x, y, sample, 0)
      for (let c = 0; c < 3; c++) out[i * 3 + c] = sample[c]!
    }
    return new Uint8Array(out.buffer)
  })
}

function plane(rgb: Uint8Array, size: Size): Plane {
  return { width: size.width, height: size.height, data: grey(rgb) }
}
