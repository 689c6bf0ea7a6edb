import type { Picture, Size } from '../image.js'
import { takeApart } from './layers.js'
import type { Layers } from './layers.js'

/**
 * What a network has painted, with strokes that can be carried along the motion.
 *
 * @param boldness as for {@link takeApart}
 */
export function layersOf(small: Picture, painted: Picture, boldness: number): Layers {
  const layers = takeApart(small, painted, boldness)
  withoutWeave(layers.strokes, layers)
  return layers
}

/**
 * Takes the weave out of strokes, in place: what changes from one pixel to the next and back is no
 * stroke of a brush but a trace of the network's grid. It is also what cannot be carried along: moved
 * by half a pixel it is gone, and comes back after the next half. Each pixel becomes a quarter, a
 * half and a quarter of its neighbours and itself, along both axes, which removes that frequency
 * altogether and leaves three quarters of a stroke of six pixels.
 *
 * @param strokes RGB, a pixel
 */
function withoutWeave(strokes: Float32Array, { width, height }: Size): void {
  for (let y = 0; y < height; y++) along(strokes, y * width * 3, 3, width)
  const row = width * 3
  let above = strokes.slice(0, row)
  let here = new Float32Array(row)
  for (let y = 0; y < height; y++) {
    const at = y * row
    here.set(strokes.subarray(at, at + row))
    below(strokes, above, here, at, y < height - 1 ? row : 0)
    ;[above, here] = [here, above]
  }
}

// Loops of their own, as in layers.ts.

/** A row of pixels with those beside them; ends count twice. */
function along(data: Float32Array, from: number, step: number, count: number): void {
  for (let c = 0; c < step; c++) {
    let before = data[from + c]!
    let here = before
    for (let n = 0, at = from + c; n < count; n++, at += step) {
      const next = n < count - 1 ? data[at + step]! : here
      data[at] = (before + here + here + next) / 4
      before = here
      here = next
    }
  }
}

/** A row with those above and below it. @param next values to the row below, 0 where there is none */
function below(
  data: Float32Array,
  above: Float32Array,
  here: Float32Array,
  at: number,
  next: number,
): void {
  for (let n = 0; n < here.length; n++) {
    const mine = here[n]!
    data[at + n] = (above[n]! + mine + mine + data[at + n + next]!) / 4
  }
}
