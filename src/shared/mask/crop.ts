/**
 * Runs a filter on the part of a mask that it can change: the surroundings of all pixels
 * that differ from the corner, `margin` pixels wide. Most masks are small in their picture.
 * `filter` must leave even areas as they are and reach no further than `margin`.
 */
export function onlyWhereUneven(
  data: Uint8Array,
  width: number,
  height: number,
  margin: number,
  filter: (data: Uint8Array, width: number, height: number) => Uint8Array,
): Uint8Array {
  const even = data[0] ?? 0
  let top = height
  let bottom = -1
  let left = width
  let right = -1
  for (let row = 0; row < height; row++) {
    const base = row * width
    let first = 0
    while (first < width && data[base + first] === even) first++
    if (first === width) continue
    let last = width - 1
    while (data[base + last] === even) last--
    if (top === height) top = row
    bottom = row
    left = Math.min(left, first)
    right = Math.max(right, last)
  }
  const result = data.slice()
  if (bottom < 0) return result
  const x = Math.max(0, left - margin)
  const y = Math.max(0, top - margin)
  const cropWidth = Math.min(width, right + 1 + margin) - x
  const cropHeight = Math.min(height, bottom + 1 + margin) - y
  const crop = new Uint8Array(cropWidth * cropHeight)
  for (let row = 0; row < cropHeight; row++) {
    const from = (y + row) * width + x
    crop.set(data.subarray(from, from + cropWidth), row * cropWidth)
  }
  const filtered = filter(crop, cropWidth, cropHeight)
  for (let row = 0; row < cropHeight; row++) {
    result.set(filtered.subarray(row * cropWidth, (row + 1) * cropWidth), (y + row) * width + x)
  }
  return result
}
