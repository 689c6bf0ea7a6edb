/** A hash of two whole numbers and a seed to 0..1: the only source of chance here, so every run agrees. */
export function hash(x: number, y: number, seed: number): number {
  let h = Math.imul(x, 374761393) ^ Math.imul(y, 668265263) ^ Math.imul(seed, 2147483647 - 40503)
  h = Math.imul(h ^ (h >>> 13), 1274126177)
  h = Math.imul(h ^ (h >>> 16), 2246822519)
  return ((h ^ (h >>> 15)) >>> 0) / 4294967296
}

/** Smooth value noise, 0..1, of unit grain. */
export function noise(x: number, y: number, seed: number): number {
  const x0 = Math.floor(x)
  const y0 = Math.floor(y)
  const fx = ease(x - x0)
  const fy = ease(y - y0)
  const top = mix(hash(x0, y0, seed), hash(x0 + 1, y0, seed), fx)
  const bottom = mix(hash(x0, y0 + 1, seed), hash(x0 + 1, y0 + 1, seed), fx)
  return mix(top, bottom, fy)
}

/** Noise at several grains, each half as large and half as strong as the one before; 0..1. */
export function fbm(x: number, y: number, seed: number, octaves: number): number {
  let sum = 0
  let weight = 0.5
  let total = 0
  let scale = 1
  for (let n = 0; n < octaves; n++) {
    sum += weight * noise(x * scale, y * scale, seed + n * 101)
    total += weight
    weight /= 2
    scale *= 2.03
  }
  return sum / total
}

/** Round bumps side by side, as tree tops from afar: 1 in the middle of a bump, 0 between them. */
export function bumps(x: number, y: number, seed: number): number {
  const cellX = Math.floor(x)
  const cellY = Math.floor(y)
  let nearest = 2
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const px = cellX + dx + hash(cellX + dx, cellY + dy, seed)
      const py = cellY + dy + hash(cellX + dx, cellY + dy, seed + 7)
      nearest = Math.min(nearest, (px - x) ** 2 + (py - y) ** 2)
    }
  }
  return Math.max(0, 1 - Math.sqrt(nearest))
}

export function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t
}

/** 0 below `from`, 1 above `to`, smooth between; also for `from` > `to`. */
export function step(from: number, to: number, value: number): number {
  return ease(Math.min(1, Math.max(0, (value - from) / (to - from))))
}

function ease(t: number): number {
  return t * t * (3 - 2 * t)
}

/** Red, green, blue, 0..255. */
export type Rgb = readonly [number, number, number]

export function mixRgb(a: Rgb, b: Rgb, t: number): Rgb {
  return [mix(a[0], b[0], t), mix(a[1], b[1], t), mix(a[2], b[2], t)]
}

export function scaleRgb(colour: Rgb, by: number): Rgb {
  return [colour[0] * by, colour[1] * by, colour[2] * by]
}
