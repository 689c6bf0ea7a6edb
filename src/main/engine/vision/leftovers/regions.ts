import type { Size } from '../image.js'

/** Pixels of a 0/1 region. */
export function sizeOfRegion(region: Uint8Array): number {
  let sum = 0
  for (const value of region) sum += value
  return sum
}

/** 1 within a square of `reach` around the object. */
export function nearObject(object: Uint8Array, { width, height }: Size, reach: number): Uint8Array {
  const out = new Uint8Array(object.length)
  for (let at = 0; at < object.length; at++) {
    if (object[at] === 0) continue
    const x = at % width
    const y = (at - x) / width
    for (let v = Math.max(0, y - reach); v <= Math.min(height - 1, y + reach); v++) {
      out.fill(1, v * width + Math.max(0, x - reach), v * width + Math.min(width, x + reach + 1))
    }
  }
  return out
}

/** Connected pixels (4 neighbours) from one of them on; they are marked as visited. */
export function joined(
  start: number,
  visited: Uint8Array,
  { width, height }: Size,
  isInside: (at: number) => boolean,
): number[] {
  const region = [start]
  visited[start] = 1
  for (let n = 0; n < region.length; n++) {
    const at = region[n]!
    const x = at % width
    for (const [next, there] of [
      [at - 1, x > 0],
      [at + 1, x + 1 < width],
      [at - width, at >= width],
      [at + width, at + width < width * height],
    ] as const) {
      if (!there || visited[next] === 1 || !isInside(next)) continue
      visited[next] = 1
      region.push(next)
    }
  }
  return region
}
