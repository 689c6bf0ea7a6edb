import type { Size } from '../image.js'

/** A separate piece smaller than this share of the largest one is noise. */
const SMALLEST = 0.04

/**
 * Clears islands that were not part of the region and fills pinholes, in place.
 *
 * @param chance per pixel 0..1, inside from 0.5
 * @param expected signed distance per pixel to the outline where it was expected, negative inside
 */
export function keepBodies(chance: Float32Array, expected: Float32Array, size: Size): void {
  const islands = label(chance, size, true)
  const largest = Math.max(0, ...islands.map((one) => one.length))
  for (const island of islands) {
    const known = island.some((at) => expected[at]! < -1)
    if (island.length >= SMALLEST * largest && known) continue
    if (island.length === largest) continue
    for (const at of island) chance[at] = Math.min(chance[at]!, 0.3)
  }
  for (const hole of label(chance, size, false)) {
    const real = hole.length > SMALLEST * largest || hole.some((at) => onBorder(at, size))
    if (real) continue
    for (const at of hole) chance[at] = Math.max(chance[at]!, 0.7)
  }
}

function onBorder(at: number, { width, height }: Size): boolean {
  const x = at % width
  return x === 0 || x === width - 1 || at < width || at >= width * (height - 1)
}

/** Pixels of each connected area (4 neighbours) inside or outside. */
function label(chance: Float32Array, { width, height }: Size, inside: boolean): number[][] {
  const visited = new Uint8Array(width * height)
  const areas: number[][] = []
  for (let start = 0; start < visited.length; start++) {
    if (visited[start] === 1 || chance[start]! >= 0.5 !== inside) continue
    const area = [start]
    visited[start] = 1
    for (let n = 0; n < area.length; n++) {
      const at = area[n]!
      const x = at % width
      for (const [next, there] of [
        [at - 1, x > 0],
        [at + 1, x + 1 < width],
        [at - width, at >= width],
        [at + width, at + width < visited.length],
      ] as const) {
        if (!there || visited[next] === 1 || chance[next]! >= 0.5 !== inside) continue
        visited[next] = 1
        area.push(next)
      }
    }
    areas.push(area)
  }
  return areas
}
