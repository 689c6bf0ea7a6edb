/**
 * Outlines of a mask by marching squares (Lorensen & Cline 1987, in the plane), with the
 * crossing placed between pixels in proportion to their coverage.
 */

const HALF = 127.5

/** For each of the 16 corner patterns (1 top-left, 2 top-right, 4 bottom-right, 8 bottom-left): pairs of sides to join; 0 top, 1 right, 2 bottom, 3 left. */
const JOINS: readonly (readonly (readonly [number, number])[])[] = [
  [],
  [[3, 0]],
  [[0, 1]],
  [[3, 1]],
  [[1, 2]],
  [
    [3, 0],
    [1, 2],
  ],
  [[0, 2]],
  [[3, 2]],
  [[2, 3]],
  [[2, 0]],
  [
    [0, 1],
    [2, 3],
  ],
  [[2, 1]],
  [[1, 3]],
  [[1, 0]],
  [[0, 3]],
  [],
]

/**
 * Closed outlines where coverage passes one half, as flat point lists in pixels of the mask
 * (a pixel's centre lies at + 0.5). Outside the picture counts as uncovered.
 */
export function maskOutlines(data: Uint8Array, width: number, height: number): number[][] {
  const stride = width + 1
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : (data[y * width + x] ?? 0)
  const links = new Map<number, number>()
  const places = new Map<number, readonly [number, number]>()

  /** A side's identity, the same from both cells that share it; also notes where it is crossed. */
  const sideOf = (x: number, y: number, side: number): number => {
    const horizontal = side === 0 || side === 2
    const ax = side === 1 ? x + 1 : x
    const ay = side === 2 ? y + 1 : y
    const id = ((ay + 1) * stride + ax + 1) * 2 + (horizontal ? 0 : 1)
    if (!places.has(id)) {
      const a = at(ax, ay)
      const b = horizontal ? at(ax + 1, ay) : at(ax, ay + 1)
      const t = (HALF - a) / (b - a)
      places.set(id, horizontal ? [ax + 0.5 + t, ay + 0.5] : [ax + 0.5, ay + 0.5 + t])
    }
    return id
  }

  for (let y = -1; y < height; y += 1) {
    for (let x = -1; x < width; x += 1) {
      const pattern =
        (at(x, y) > HALF ? 1 : 0) |
        (at(x + 1, y) > HALF ? 2 : 0) |
        (at(x + 1, y + 1) > HALF ? 4 : 0) |
        (at(x, y + 1) > HALF ? 8 : 0)
      for (const [from, to] of JOINS[pattern] ?? []) {
        links.set(sideOf(x, y, from), sideOf(x, y, to))
      }
    }
  }

  const outlines: number[][] = []
  for (let start = first(links); start !== undefined; start = first(links)) {
    const outline: number[] = []
    let side: number | undefined = start
    do {
      const place = places.get(side)
      if (place !== undefined) outline.push(place[0], place[1])
      const next = links.get(side)
      links.delete(side)
      side = next
    } while (side !== undefined && side !== start)
    outlines.push(outline)
  }
  return outlines
}

function first(links: ReadonlyMap<number, number>): number | undefined {
  for (const key of links.keys()) return key
  return undefined
}
