import type { Hole } from './hole.js'
import type { Picture } from './image.js'

/** Edge in pixels of the blocks in which grain is measured. */
const BLOCK = 8

/** How far around the hole the source's grain is measured, in blocks. */
const REACH = 6

/** Steps of brightness that each have a grain of their own: shadows are noisier than lights. */
const STEPS = 4

/** The flattest share of the blocks shows the grain alone; the others have texture as well. */
const FLATTEST = 0.25

/** What the flattest quarter of blocks of pure noise understates its variance by. */
const UNDERSTATED = 1.26

/** Blocks that a step of brightness needs before it is believed. */
const ENOUGH = 6

/** Variance in levels below which grain is not seen: half a level is rounding. */
const UNSEEN = 0.6

/**
 * Gives a finished hole the grain of its surroundings where it is smoother than they are. Changes
 * `colours` in place; the same seed and frame always give the same grain.
 *
 * @param colours three floats per hole pixel
 */
export function regrain(
  picture: Picture,
  hole: Hole,
  colours: Float32Array,
  random: () => number,
): void {
  const wanted = measureGrain(picture, hole)
  if (wanted === null) return
  const { box, pixels, index, inside } = hole
  const columns = Math.ceil(box.width / BLOCK)
  const rows = Math.ceil(box.height / BLOCK)
  const own = new Float64Array(columns * rows * 3)
  const count = new Uint32Array(columns * rows)
  const { width } = picture
  for (let n = 0; n < pixels.length; n++) {
    const x = (pixels[n]! % width) - box.x
    const y = Math.floor(pixels[n]! / width) - box.y
    if (inside[n] === 0 || x < 1 || y < 1 || x >= box.width - 1 || y >= box.height - 1) continue
    const at = y * box.width + x
    const left = index[at - 1]!
    const right = index[at + 1]!
    const up = index[at - box.width]!
    const down = index[at + box.width]!
    if (left < 0 || right < 0 || up < 0 || down < 0) continue
    const block = Math.floor(y / BLOCK) * columns + Math.floor(x / BLOCK)
    count[block] = count[block]! + 1
    for (let c = 0; c < 3; c++) {
      const mean =
        (colours[left * 3 + c]! +
          colours[right * 3 + c]! +
          colours[up * 3 + c]! +
          colours[down * 3 + c]!) /
        4
      own[block * 3 + c] = own[block * 3 + c]! + (colours[n * 3 + c]! - mean) ** 2
    }
  }
  for (let n = 0; n < pixels.length; n++) {
    if (inside[n] === 0) continue
    const x = (pixels[n]! % width) - box.x
    const y = Math.floor(pixels[n]! / width) - box.y
    const block = Math.floor(y / BLOCK) * columns + Math.floor(x / BLOCK)
    const step = stepOf(colours, n * 3)
    for (let c = 0; c < 3; c++) {
      const noise = gaussian(random)
      const has = count[block] === 0 ? 0 : own[block * 3 + c]! / count[block]!
      const lacks = wanted[step * 3 + c]! - has
      if (lacks > UNSEEN) {
        // The high-pass of white noise has 5/4 of its variance.
        colours[n * 3 + c] = colours[n * 3 + c]! + noise * Math.sqrt(lacks / 1.25)
      }
    }
  }
}

/**
 * High-pass variance of the grain around a hole by step of brightness and channel; null where
 * there is none to speak of.
 */
function measureGrain(picture: Picture, hole: Hole): Float64Array | null {
  const { width, height, data } = picture
  const area = around(hole, picture)
  const found: number[][] = Array.from({ length: STEPS * 3 }, () => [])
  for (let y = area.y + 1; y + BLOCK < area.y + area.height; y += BLOCK) {
    for (let x = area.x + 1; x + BLOCK < area.x + area.width; x += BLOCK) {
      if (touches(hole, x - 1, y - 1) || x + BLOCK >= width || y + BLOCK >= height) continue
      const sum = [0, 0, 0]
      const curved = [0, 0, 0]
      const mean = [0, 0, 0]
      let clipped = false
      for (let v = y; v < y + BLOCK; v++) {
        for (let u = x; u < x + BLOCK; u++) {
          for (let c = 0; c < 3; c++) {
            const i = (v * width + u) * 3 + c
            const row = width * 3
            const value = data[i]!
            if (value < 2 || value > 253) clipped = true
            const beside = data[i - 3]! + data[i + 3]! + data[i - row]! + data[i + row]!
            const corners =
              data[i - row - 3]! + data[i - row + 3]! + data[i + row - 3]! + data[i + row + 3]!
            sum[c] = sum[c]! + (value - beside / 4) ** 2
            curved[c] = curved[c]! + (4 * value - 2 * beside + corners) ** 2
            mean[c] = mean[c]! + value
          }
        }
      }
      if (clipped) continue
      const step = stepOf(
        mean.map((value) => value / BLOCK ** 2),
        0,
      )
      for (let c = 0; c < 3; c++) {
        // Texture goes on in some direction; both measures agree on white noise alone.
        const white = Math.min(sum[c]!, (curved[c]! * 1.25) / 36)
        found[step * 3 + c]!.push(white / BLOCK ** 2)
      }
    }
  }
  const out = new Float64Array(STEPS * 3)
  for (let c = 0; c < 3; c++) {
    const all = flattest(found.filter((_one, n) => n % 3 === c).flat())
    for (let step = 0; step < STEPS; step++) {
      const values = found[step * 3 + c]!
      out[step * 3 + c] = values.length < ENOUGH ? all : flattest(values)
    }
  }
  return out.some((value) => value > UNSEEN) ? out : null
}

function flattest(values: number[]): number {
  if (values.length < ENOUGH) return 0
  values.sort((a, b) => a - b)
  return UNDERSTATED * values[Math.floor(FLATTEST * values.length)]!
}

function around(
  { box }: Hole,
  picture: Picture,
): { x: number; y: number; width: number; height: number } {
  const reach = REACH * BLOCK
  const x = Math.max(0, box.x - reach)
  const y = Math.max(0, box.y - reach)
  return {
    x,
    y,
    width: Math.min(picture.width, box.x + box.width + reach) - x,
    height: Math.min(picture.height, box.y + box.height + reach) - y,
  }
}

/** Whether a block, with a pixel to spare, meets the hole's box index anywhere. */
function touches({ box, index }: Hole, x: number, y: number): boolean {
  for (let v = y; v <= y + BLOCK + 1; v++) {
    for (let u = x; u <= x + BLOCK + 1; u++) {
      const bx = u - box.x
      const by = v - box.y
      if (bx < 0 || by < 0 || bx >= box.width || by >= box.height) continue
      if (index[by * box.width + bx]! >= 0) return true
    }
  }
  return false
}

function stepOf(colours: ArrayLike<number>, at: number): number {
  const luma = 0.299 * colours[at]! + 0.587 * colours[at + 1]! + 0.114 * colours[at + 2]!
  return Math.min(STEPS - 1, Math.max(0, Math.floor((luma / 256) * STEPS)))
}

/** Box and Muller's normal deviate. */
function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
