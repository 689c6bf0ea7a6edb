import type { Picture } from '../../src/main/engine/vision/image.js'
import { createRandom } from '../../src/main/engine/vision/random.js'

/** A still "photograph": soft shading, several octaves of noise, and hard-edged shapes. */
export function renderTexture(width: number, height: number, seed: number): Picture {
  const random = createRandom(seed)
  const data = new Float32Array(width * height * 3)
  const base = [90 + 60 * random(), 90 + 60 * random(), 90 + 60 * random()]
  for (let i = 0; i < data.length; i++) data[i] = base[i % 3]!
  for (const [cell, strength] of [
    [160, 45],
    [48, 28],
    [14, 20],
    [5, 10],
  ] as const) {
    addNoise(data, width, height, cell, strength, random)
  }
  const shapes = Math.round((width * height) / 9000)
  for (let n = 0; n < shapes; n++) addShape(data, width, height, random)
  const out = new Uint8Array(data.length)
  for (let i = 0; i < data.length; i++) out[i] = Math.min(255, Math.max(0, data[i]! + 0.5))
  return { width, height, data: out }
}

function addNoise(
  data: Float32Array,
  width: number,
  height: number,
  cell: number,
  strength: number,
  random: () => number,
): void {
  const columns = Math.ceil(width / cell) + 2
  const rows = Math.ceil(height / cell) + 2
  const grid = Float32Array.from({ length: columns * rows * 3 }, () => random() * 2 - 1)
  const ease = (t: number): number => t * t * (3 - 2 * t)
  for (let y = 0; y < height; y++) {
    const gy = Math.floor(y / cell)
    const fy = ease(y / cell - gy)
    for (let x = 0; x < width; x++) {
      const gx = Math.floor(x / cell)
      const fx = ease(x / cell - gx)
      const at = (gy * columns + gx) * 3
      for (let c = 0; c < 3; c++) {
        const top = grid[at + c]! * (1 - fx) + grid[at + 3 + c]! * fx
        const bottom = grid[at + columns * 3 + c]! * (1 - fx) + grid[at + columns * 3 + 3 + c]! * fx
        // Mostly grey detail with a little colour of its own, as in photographs.
        const upper = grid[at]! * (1 - fx) + grid[at + 3]! * fx
        const lower = grid[at + columns * 3]! * (1 - fx) + grid[at + columns * 3 + 3]! * fx
        const grey = upper * (1 - fy) + lower * fy
        const value = (0.6 * grey + 0.4 * (top * (1 - fy) + bottom * fy)) * strength
        const i = (y * width + x) * 3 + c
        data[i] = data[i]! + value
      }
    }
  }
}

function addShape(data: Float32Array, width: number, height: number, random: () => number): void {
  const cx = random() * width
  const cy = random() * height
  const rx = 4 + random() * random() * 60
  const ry = 4 + random() * random() * 60
  const angle = random() * Math.PI
  const colour = [40 + random() * 180, 40 + random() * 180, 40 + random() * 180]
  const round = random() < 0.5
  const opacity = 0.4 + 0.6 * random()
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  const reach = Math.ceil(Math.hypot(rx, ry)) + 2
  for (let y = Math.max(0, cy - reach) | 0; y < Math.min(height, cy + reach); y++) {
    for (let x = Math.max(0, cx - reach) | 0; x < Math.min(width, cx + reach); x++) {
      const u = ((x - cx) * cos + (y - cy) * sin) / rx
      const v = ((y - cy) * cos - (x - cx) * sin) / ry
      const inside = round ? 1 - Math.hypot(u, v) : 1 - Math.max(Math.abs(u), Math.abs(v))
      // About 1.2 px of edge, so that the picture is band-limited like a lens's.
      const cover = Math.min(1, Math.max(0, (inside * Math.min(rx, ry)) / 1.2 + 0.5)) * opacity
      if (cover === 0) continue
      const i = (y * width + x) * 3
      for (let c = 0; c < 3; c++) data[i + c] = data[i + c]! * (1 - cover) + colour[c]! * cover
    }
  }
}
