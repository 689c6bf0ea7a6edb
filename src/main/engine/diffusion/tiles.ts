import { planWindows } from './windows.js'

/** One pass's place on a larger picture, with its share of each column and row. */
export interface Tile {
  readonly x: number
  readonly y: number
  readonly across: readonly number[]
  readonly down: readonly number[]
}

interface Size {
  readonly width: number
  readonly height: number
}

/**
 * MultiDiffusion over the picture: a canvas larger than the network's own is covered by overlapping
 * passes, averaged at every step like windows over time. Over all tiles the shares of a pixel sum
 * to 1.
 *
 * @param canvas at least as large as `network` on both sides
 */
export function planTiles(canvas: Size, network: Size): Tile[] {
  const columns = planWindows(canvas.width, network.width, false)
  const rows = planWindows(canvas.height, network.height, false)
  return rows.flatMap((row) =>
    columns.map((column) => ({
      x: column.frames[0]!,
      y: row.frames[0]!,
      across: column.weights,
      down: row.weights,
    })),
  )
}
