import { onlyWhereUneven } from './crop.js'
import type { Box } from './drawn.js'

/**
 * Signed distance in pixels to the edge of the region where `data` >= 128: negative inside,
 * positive outside, the edge halfway between pixel centres, so `clamp(0.5 - d)` gives the
 * binary mask back. An empty region is +Infinity everywhere, a full one -Infinity: the
 * border of the picture is not an edge. Exact Euclidean distances by two passes of
 * Felzenszwalb & Huttenlocher, Distance Transforms of Sampled Functions (2012).
 */
export function signedDistance(data: Uint8Array, width: number, height: number): Float32Array {
  const signed = squaredDistance(data, width, height, true)
  for (let at = 0; at < signed.length; at++) signed[at] = Math.sqrt(signed[at] ?? 0) - 0.5
  // What is nearest from inside lies at most one pixel outside of the box.
  const box = grown(boxOf(data, width, height), width, height)
  const [boxWidth, boxHeight] = [box.right - box.left, box.bottom - box.top]
  const part = new Uint8Array(boxWidth * boxHeight)
  for (let row = 0; row < boxHeight; row++) {
    const from = (box.top + row) * width + box.left
    part.set(data.subarray(from, from + boxWidth), row * boxWidth)
  }
  const inside = squaredDistance(part, boxWidth, boxHeight, false)
  for (let at = 0; at < part.length; at++) {
    if ((part[at] ?? 0) < 128) continue
    const row = Math.floor(at / boxWidth)
    const to = (box.top + row) * width + box.left + at - row * boxWidth
    signed[to] = 0.5 - Math.sqrt(inside[at] ?? 0)
  }
  return signed
}

/** The smallest box around the region where `data` >= 128; of no size where there is none. */
export function boxOf(data: Uint8Array, width: number, height: number): Box {
  let [left, top, right, bottom] = [width, height, 0, 0]
  for (let y = 0; y < height; y++) {
    const base = y * width
    let first = 0
    while (first < width && (data[base + first] ?? 0) < 128) first++
    if (first === width) continue
    let last = width - 1
    while ((data[base + last] ?? 0) < 128) last--
    left = Math.min(left, first)
    right = Math.max(right, last + 1)
    top = Math.min(top, y)
    bottom = y + 1
  }
  return right === 0 ? { left: 0, top: 0, right: 0, bottom: 0 } : { left, top, right, bottom }
}

function grown({ left, top, right, bottom }: Box, width: number, height: number): Box {
  return {
    left: Math.max(0, left - 1),
    top: Math.max(0, top - 1),
    right: Math.min(width, right + 1),
    bottom: Math.min(height, bottom + 1),
  }
}

/** Squared distance of every pixel to the nearest one inside (`inside`) or outside the region. */
function squaredDistance(
  data: Uint8Array,
  width: number,
  height: number,
  inside: boolean,
): Float32Array {
  const columns = columnDistance(data, width, height, inside)
  const result = new Float32Array(width * height)
  // Lower envelope of the parabolas (x - site)² + g(site)², one row at a time.
  const sites = new Int32Array(width)
  const starts = new Float64Array(width + 1)
  const heights = new Float64Array(width)
  for (let row = 0; row < height; row++) {
    const base = row * width
    let top = -1
    for (let x = 0; x < width; x++) {
      const g = columns[base + x] ?? 0
      if (g === Infinity) continue
      const value = g * g
      let start = -Infinity
      while (top >= 0) {
        const site = sites[top] ?? 0
        start = (value + x * x - (heights[top] ?? 0) - site * site) / (2 * (x - site))
        if (start > (starts[top] ?? 0)) break
        top--
      }
      if (top < 0) start = -Infinity
      top++
      sites[top] = x
      heights[top] = value
      starts[top] = start
    }
    if (top < 0) {
      result.fill(Infinity, base, base + width)
      continue
    }
    let at = 0
    for (let x = 0; x < width; x++) {
      while (at < top && (starts[at + 1] ?? 0) <= x) at++
      const offset = x - (sites[at] ?? 0)
      result[base + x] = offset * offset + (heights[at] ?? 0)
    }
  }
  return result
}

/** Distance along its column of every pixel to the nearest one of the wanted kind. */
function columnDistance(
  data: Uint8Array,
  width: number,
  height: number,
  inside: boolean,
): Float32Array {
  const distance = new Float32Array(width * height)
  for (let x = 0; x < width; x++) {
    distance[x] = (data[x] ?? 0) >= 128 === inside ? 0 : Infinity
  }
  for (let at = width; at < distance.length; at++) {
    distance[at] = (data[at] ?? 0) >= 128 === inside ? 0 : (distance[at - width] ?? 0) + 1
  }
  for (let at = distance.length - width - 1; at >= 0; at--) {
    const below = (distance[at + width] ?? 0) + 1
    if (below < (distance[at] ?? 0)) distance[at] = below
  }
  return distance
}

/** Grows a 0..255 mask by a disc of `radius` pixels (fractions allowed), with an anti-aliased edge. */
export function dilate(
  data: Uint8Array,
  width: number,
  height: number,
  radius: number,
): Uint8Array {
  return radius <= 0 ? data.slice() : moveEdge(data, width, height, radius)
}

/** Shrinks a 0..255 mask by a disc of `radius` pixels; the picture's border does not shrink it. */
export function erode(data: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  return radius <= 0 ? data.slice() : moveEdge(data, width, height, -radius)
}

/** Moves the edge outwards (positive) or inwards; a growing mask never loses and a shrinking one never gains. */
function moveEdge(data: Uint8Array, width: number, height: number, offset: number): Uint8Array {
  const margin = Math.ceil(Math.abs(offset)) + 1
  return onlyWhereUneven(data, width, height, margin, (part, partWidth, partHeight) => {
    const distance = signedDistance(part, partWidth, partHeight)
    const result = new Uint8Array(part.length)
    for (let at = 0; at < result.length; at++) {
      const before = part[at] ?? 0
      const after = coverage((distance[at] ?? 0) - offset)
      result[at] = offset > 0 ? Math.max(before, after) : Math.min(before, after)
    }
    return result
  })
}

/** 0..255 coverage of a pixel whose centre lies this far outside the edge. */
export function coverage(distance: number): number {
  if (distance >= 0.5) return 0
  return distance <= -0.5 ? 255 : Math.round((0.5 - distance) * 255)
}
