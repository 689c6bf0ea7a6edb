/** A whole number 0..2^32-1 from others, the same on every computer. */
export function hash(a: number, b: number, c: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35)
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39)
  return (h ^ (h >>> 15)) >>> 0
}

/** 0..1. */
const share = (a: number, b: number, c: number): number => hash(a, b, c) / 4294967296

/** Side of the grain tile, a power of two. */
export const TILE = 512

let tile: { readonly seed: number; readonly data: Float32Array } | null = null

/** A tile of film grain: mean 0, deviation 1, soft-edged grains, wrapping around. */
export function grainTile(seed: number): Float32Array {
  if (tile?.seed === seed) return tile.data
  const white = new Float32Array(TILE * TILE)
  for (let n = 0; n < white.length; n++) {
    // Three even draws make a bell, as near as grain needs.
    white[n] = share(n, seed, 1) + share(n, seed, 2) + share(n, seed, 3) - 1.5
  }
  const data = new Float32Array(TILE * TILE)
  let power = 0
  for (let y = 0; y < TILE; y++) {
    for (let x = 0; x < TILE; x++) {
      let sum = 0
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          const at = ((y + dy) & (TILE - 1)) * TILE + ((x + dx) & (TILE - 1))
          sum += (white[at] as number) * (dx === 0 ? 2 : 1) * (dy === 0 ? 2 : 1)
        }
      }
      data[y * TILE + x] = sum
      power += sum * sum
    }
  }
  const deviation = Math.sqrt(power / data.length)
  for (let n = 0; n < data.length; n++) data[n] = (data[n] as number) / deviation
  tile = { seed, data }
  return data
}

/** Smooth noise 0..1 with features one unit wide. */
export function valueNoise(x: number, y: number, seed: number): number {
  const x0 = Math.floor(x)
  const y0 = Math.floor(y)
  const tx = ease(x - x0)
  const ty = ease(y - y0)
  const top = mix(share(x0, y0, seed), share(x0 + 1, y0, seed), tx)
  const bottom = mix(share(x0, y0 + 1, seed), share(x0 + 1, y0 + 1, seed), tx)
  return mix(top, bottom, ty)
}

const ease = (t: number): number => t * t * (3 - 2 * t)
const mix = (a: number, b: number, t: number): number => a + (b - a) * t
