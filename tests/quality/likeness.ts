import type { Size } from '../../src/main/engine/vision/image.js'

const LEVELS = 4

/**
 * How unlike two pictures look inside a mask, 0 (alike) to 1: mean strength of edges in four
 * directions, pooled over 5 x 5 pixels at four sizes, so that texture and edges count and not their
 * exact place. A feature distance of our own making; not LPIPS.
 */
export function unlikeness(a: Uint8Array, b: Uint8Array, mask: Uint8Array, size: Size): number {
  let first: Level = { ...size, data: luma(a) }
  let second: Level = { ...size, data: luma(b) }
  let inside: Level = { ...size, data: Float32Array.from(mask) }
  let total = 0
  for (let level = 0; level < LEVELS; level++) {
    const one = edges(first)
    const other = edges(second)
    let apart = 0
    let both = 0
    for (let i = 0; i < inside.data.length; i++) {
      if (inside.data[i]! < 0.5) continue
      for (let c = i * 4; c < i * 4 + 4; c++) {
        apart += Math.abs(one[c]! - other[c]!)
        both += one[c]! + other[c]!
      }
    }
    total += apart / Math.max(both, 1e-6)
    first = half(first)
    second = half(second)
    inside = half(inside)
  }
  return total / LEVELS
}

/** Mean strength of edges inside a mask, against that of another picture: 1 = as crisp. */
export function crispness(a: Uint8Array, truth: Uint8Array, mask: Uint8Array, size: Size): number {
  const sum = (picture: Uint8Array): number => {
    const found = edges({ ...size, data: luma(picture) })
    let total = 0
    for (let i = 0; i < mask.length; i++) {
      if (mask[i] === 1) total += found[i * 4]! + found[i * 4 + 1]!
    }
    return total
  }
  return sum(a) / Math.max(1e-6, sum(truth))
}

interface Level extends Size {
  readonly data: Float32Array
}

function luma(data: Uint8Array): Float32Array {
  const out = new Float32Array(data.length / 3)
  for (let i = 0; i < out.length; i++) {
    out[i] = 0.299 * data[i * 3]! + 0.587 * data[i * 3 + 1]! + 0.114 * data[i * 3 + 2]!
  }
  return out
}

function half({ width, height, data }: Level): Level {
  const out = { width: width >> 1, height: height >> 1 }
  const small = new Float32Array(out.width * out.height)
  for (let y = 0; y < out.height; y++) {
    for (let x = 0; x < out.width; x++) {
      const i = 2 * y * width + 2 * x
      small[y * out.width + x] =
        (data[i]! + data[i + 1]! + data[i + width]! + data[i + width + 1]!) / 4
    }
  }
  return { ...out, data: small }
}

/** Four numbers per pixel: across, down and along both diagonals. */
function edges({ width, height, data }: Level): Float32Array {
  const strength = new Float32Array(width * height * 4)
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x
      const gx = data[i + 1]! - data[i - 1]!
      const gy = data[i + width]! - data[i - width]!
      strength[i * 4] = Math.abs(gx)
      strength[i * 4 + 1] = Math.abs(gy)
      strength[i * 4 + 2] = Math.abs(gx + gy) * Math.SQRT1_2
      strength[i * 4 + 3] = Math.abs(gx - gy) * Math.SQRT1_2
    }
  }
  const pooled = new Float32Array(strength.length)
  for (let y = 2; y < height - 2; y++) {
    for (let x = 2; x < width - 2; x++) {
      for (let c = 0; c < 4; c++) {
        let sum = 0
        for (let dy = -2; dy <= 2; dy++) {
          for (let dx = -2; dx <= 2; dx++) sum += strength[((y + dy) * width + x + dx) * 4 + c]!
        }
        pooled[(y * width + x) * 4 + c] = sum / 25
      }
    }
  }
  return pooled
}
