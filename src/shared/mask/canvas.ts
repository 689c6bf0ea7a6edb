/** A coverage map being drawn, 0..255 a pixel, row by row. */
export interface Coverage {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** Sets a pixel to at least (paint) or at most the inverse of (erase) `value` 0..255. */
export function touch(target: Coverage, at: number, value: number, erase: boolean): void {
  const { data } = target
  const current = data[at] ?? 0
  if (erase) {
    if (current > 255 - value) data[at] = 255 - value
  } else if (current < value) data[at] = value
}

/** Fully paints or erases the pixels `[from, to)` of the buffer. */
export function fillRun(target: Coverage, from: number, to: number, erase: boolean): void {
  if (to > from) target.data.fill(erase ? 0 : 255, from, to)
}
