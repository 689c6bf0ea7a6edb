/** A small picture of one value a cell that is spread over the whole frame. */
export interface Field {
  readonly width: number
  readonly height: number
  readonly data: Float32Array
}

/**
 * One row of the field at a frame's width, straight lines between the cells' middles.
 *
 * @param v how far down the row lies, 0..1
 */
export function fieldRow({ width, height, data }: Field, v: number, row: Float32Array): void {
  const y = Math.min(height - 1, Math.max(0, v * height - 0.5))
  const above = (y | 0) * width
  const below = Math.min(height - 1, (y | 0) + 1) * width
  const ty = y - (y | 0)
  const cell = (x: number): number =>
    (data[above + x] as number) * (1 - ty) + (data[below + x] as number) * ty
  const step = width / row.length
  let at = -1
  let left = 0
  let right = 0
  for (let n = 0; n < row.length; n++) {
    const x = Math.min(width - 1, Math.max(0, (n + 0.5) * step - 0.5))
    const x0 = x | 0
    if (x0 !== at) {
      at = x0
      left = cell(x0)
      right = cell(Math.min(width - 1, x0 + 1))
    }
    row[n] = left + (right - left) * (x - x0)
  }
}

/** Three running means each way: close to a Gaussian of about `radius` cells. */
export function blurField({ width, height, data }: Field, radius: number): Field {
  let from = data
  for (let pass = 0; pass < 3; pass++) {
    from = runningMean(from, height, width, width, 1, radius)
    from = runningMean(from, width, height, 1, width, radius)
  }
  return { width, height, data: from }
}

function runningMean(
  data: Float32Array,
  lines: number,
  length: number,
  lineStride: number,
  stride: number,
  radius: number,
): Float32Array {
  const out = new Float32Array(data.length)
  const last = length - 1
  const share = 1 / (2 * radius + 1)
  for (let line = 0; line < lines; line++) {
    const start = line * lineStride
    const at = (n: number): number =>
      data[start + Math.min(last, Math.max(0, n)) * stride] as number
    let sum = 0
    for (let n = -radius; n <= radius; n++) sum += at(n)
    for (let n = 0; n < length; n++) {
      out[start + n * stride] = sum * share
      sum += at(n + radius + 1) - at(n - radius)
    }
  }
  return out
}
