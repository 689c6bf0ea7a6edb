import { boxMean } from '../boxMean.js'
import { luma } from '../image.js'
import type { Picture, Plane, Size } from '../image.js'
import { eachRow, resample } from './resample.js'
import type { Channels } from './resample.js'

/** Pixels of a painted frame to a cell of its ground, along a side. */
const CELL = 2
/** Half-width in cells of the window in which paint is compared with the light of the source. */
const REACH = 8
/** Levels of contrast below which the light says nothing about the paint. */
const NOISE = 8
/** Half-width in cells of what counts as a rim and not as a stroke. */
const RIM = 3
/** How far in cells an edge is followed by a rim. */
const RIM_REACH = 6
/** Levels from cell to cell from which on light has an edge, and where it is a strong one. */
const EDGE = { from: 5, whole: 22 } as const
/** Share of a window that an edge fills where it passes through; and from which on all is edges, none of them alone. */
const FILLED = { least: 0.08, much: 0.35, most: 0.6 } as const
/**
 * Of a stroke's light, what is left out where all is edges: there it is taken for one of them, and covers
 * those that are.
 */
const COVERING = 0.6

/**
 * A painted frame taken apart. The ground is what the paint makes of the source's light, one colour
 * line a cell: painted again it has the source's own edges, which move as the source does. Strokes
 * are all the rest.
 */
export interface Layers extends Size {
  /** Light of the source. */
  readonly light: Plane
  /** Slope and offset of red, green and blue over light, in cells of {@link CELL} pixels. */
  readonly ground: Channels
  /** RGB in levels, a pixel. */
  readonly strokes: Float32Array
}

/**
 * Takes a painted frame apart (a guided filter, He et al., "Guided Image Filtering", 2010). Rims
 * that the network leaves around things, light where a thing is dark, are no strokes: they are left
 * out, near strong edges of the source.
 *
 * @param small the source at the painted frame's size
 * @param boldness how much stronger strokes become where no edge is near, neither one that stands alone
 * nor a thicket of them, 0 for as they are. In a thicket rims are not told from strokes, and made bolder
 * their colours look like the fringes of a bad lens
 */
export function takeApart(small: Picture, painted: Picture, boldness: number): Layers {
  const { width, height } = small
  const light = luma(small)
  const cells = { width: Math.ceil(width / CELL), height: Math.ceil(height / CELL) }
  const [shade, ...paint] = lightAndPaint(light, painted, cells)
  const { near, thicket } = besideEdges(shade)
  // Beside edges there may be a rim: what the paint makes of the light is seen elsewhere.
  const weights = new Float32Array(near.length)
  for (let n = 0; n < weights.length; n++) weights[n] = 1.03 - near[n]!
  const ground = fit(shade, paint, REACH, weights)
  const at = withRims(ground, rimsOf(shade, paint, ground, near), near, thicket)
  const strokes = new Float32Array(width * height * 3)
  eachRow(at, small, (row, y) => {
    strokesOf(row, light.data, painted.data, boldness, strokes, y * width)
  })
  return { width, height, light, ground, strokes }
}

/** @param row what is no stroke ({@link withRims}), a pixel; `n` the first one */
function strokesOf(
  row: Float32Array,
  light: Float32Array,
  painted: Uint8Array,
  boldness: number,
  strokes: Float32Array,
  n: number,
): void {
  const steppedBack = COVERING * Math.min(1, boldness)
  for (let from = 0, to = n * 3; from < row.length; n++, from += 8, to += 3) {
    const gain = 1 + boldness * (1 - row[from + 6]! - row[from + 7]!)
    const shining = light[n]!
    const red = painted[to]! - row[from]! * shining - row[from + 3]!
    const green = painted[to + 1]! - row[from + 1]! * shining - row[from + 4]!
    const blue = painted[to + 2]! - row[from + 2]! * shining - row[from + 5]!
    const covering = steppedBack * row[from + 7]! * (0.299 * red + 0.587 * green + 0.114 * blue)
    strokes[to] = gain * red - covering
    strokes[to + 1] = gain * green - covering
    strokes[to + 2] = gain * blue - covering
  }
}

/** The painted frame of its layers. */
export function putTogether({ width, height, light, ground, strokes }: Layers): Picture {
  const size = { width, height }
  const data = new Uint8ClampedArray(width * height * 3)
  eachRow(ground, size, (row, y) => {
    paintOver(row, light.data, strokes, data, y * width)
  })
  return { ...size, data: new Uint8Array(data.buffer) }
}

/** @param row slopes and offsets of the ground, a pixel; `n` the first one */
function paintOver(
  row: Float32Array,
  light: Float32Array,
  strokes: Float32Array,
  out: Uint8ClampedArray,
  n: number,
): void {
  for (let from = 0, to = n * 3; from < row.length; n++, from += 6, to += 3) {
    const shining = light[n]!
    // The array rounds and clamps.
    out[to] = row[from]! * shining + row[from + 3]! + strokes[to]!
    out[to + 1] = row[from + 1]! * shining + row[from + 4]! + strokes[to + 1]!
    out[to + 2] = row[from + 2]! * shining + row[from + 5]! + strokes[to + 2]!
  }
}

/** Light, red, green and blue in cells, each a plane of its own. */
function lightAndPaint(light: Plane, painted: Picture, cells: Size): [Plane, ...Plane[]] {
  const { width, height } = light
  const four = new Float32Array(width * height * 4)
  for (let n = 0; n < width * height; n++) {
    four[n * 4] = light.data[n]!
    for (let c = 0; c < 3; c++) four[n * 4 + 1 + c] = painted.data[n * 3 + c]!
  }
  const { data } = resample({ width, height, channels: 4, data: four }, cells)
  const plane = (channel: number): Plane => ({ ...cells, data: channelOf(data, channel) })
  return [plane(0), plane(1), plane(2), plane(3)]
}

/** One of four channels. */
function channelOf(data: Float32Array, channel: number): Float32Array {
  const one = new Float32Array(data.length / 4)
  for (let n = 0, from = channel; n < one.length; n++, from += 4) one[n] = data[from]!
  return one
}

/**
 * Per cell the line over light that the paint around it follows best.
 *
 * @param weights how much each cell counts; all the same where absent
 */
function fit(
  light: Plane,
  paint: readonly Plane[],
  reach: number,
  weights: Float32Array | null = null,
): Channels {
  const { width, height } = light
  const data = new Float32Array(width * height * 6)
  const total = weights === null ? null : boxMean(weights, light, reach)
  const meanOf = (values: Float32Array): Float32Array => {
    if (weights !== null) multiply(values, weights, values)
    boxMean(values, light, reach, values)
    if (total !== null) divide(values, total)
    return values
  }
  const product = (values: Float32Array): Float32Array =>
    multiply(values, light.data, new Float32Array(values.length))
  const mean = meanOf(light.data.slice())
  const spread = meanOf(product(light.data))
  varianceOf(spread, mean)
  for (const [c, one] of paint.entries()) {
    const offset = meanOf(one.data.slice())
    const slope = meanOf(product(one.data))
    lineOf(slope, offset, mean, spread)
    boxMean(slope, light, reach, slope)
    boxMean(offset, light, reach, offset)
    scatter(slope, data, c)
    scatter(offset, data, c + 3)
  }
  return { width, height, channels: 6, data }
}

// Loops of their own: what they read lies in their own variables, and not in those of a function around
// them, which are fetched again for every cell.

function multiply(values: Float32Array, by: Float32Array, out: Float32Array): Float32Array {
  for (let n = 0; n < out.length; n++) out[n] = values[n]! * by[n]!
  return out
}

function divide(values: Float32Array, by: Float32Array): void {
  for (let n = 0; n < values.length; n++) values[n] = values[n]! / by[n]!
}

/** Mean squares to the variance, and what is held against noise. */
function varianceOf(squares: Float32Array, mean: Float32Array): void {
  for (let n = 0; n < squares.length; n++) {
    squares[n] = Math.max(0, squares[n]! - mean[n]! * mean[n]!) + NOISE * NOISE
  }
}

/** Means of products and of paint to slopes and offsets. */
function lineOf(
  slope: Float32Array,
  offset: Float32Array,
  mean: Float32Array,
  spread: Float32Array,
): void {
  for (let n = 0; n < slope.length; n++) {
    slope[n] = (slope[n]! - mean[n]! * offset[n]!) / spread[n]!
    offset[n] = offset[n]! - slope[n]! * mean[n]!
  }
}

/** A plane into its channel of six. */
function scatter(plane: Float32Array, out: Float32Array, channel: number): void {
  for (let n = 0, to = channel; n < plane.length; n++, to += 6) out[to] = plane[n]!
}

/** Per cell what of the paint is a rim beside an edge, in levels of red, green and blue. */
function rimsOf(
  light: Plane,
  paint: readonly Plane[],
  ground: Channels,
  near: Float32Array,
): Channels {
  const { width, height } = light
  const rest = paint.map((one, c) => ({
    ...{ width, height },
    data: lessGround(one.data, ground.data, light.data, c),
  }))
  const { data } = fit(light, rest, RIM)
  const rims = new Float32Array(near.length * 3)
  for (let n = 0, from = 0, to = 0; n < near.length; n++, from += 6, to += 3) {
    for (let c = 0; c < 3; c++) {
      rims[to + c] = near[n]! * (data[from + c]! * light.data[n]! + data[from + 3 + c]!)
    }
  }
  return { width, height, channels: 3, data: rims }
}

/** A channel of the paint without what the ground makes of the light. */
function lessGround(
  paint: Float32Array,
  ground: Float32Array,
  light: Float32Array,
  channel: number,
): Float32Array {
  const out = new Float32Array(paint.length)
  for (let n = 0, at = channel; n < out.length; n++, at += 6) {
    out[n] = paint[n]! - ground[at]! * light[n]! - ground[at + 3]!
  }
  return out
}

/** What is no stroke: slopes and offsets of the ground, rims in the offsets; and what edges are there. */
function withRims(
  ground: Channels,
  rims: Channels,
  near: Float32Array,
  thicket: Float32Array,
): Channels {
  const data = new Float32Array(near.length * 8)
  for (let n = 0, to = 0; n < near.length; n++, to += 8) {
    for (let c = 0; c < 3; c++) {
      data[to + c] = ground.data[n * 6 + c]!
      data[to + 3 + c] = ground.data[n * 6 + 3 + c]! + rims.data[n * 3 + c]!
    }
    data[to + 6] = near[n]!
    data[to + 7] = thicket[n]!
  }
  return { width: ground.width, height: ground.height, channels: 8, data }
}

/** 0..1 per cell each. */
interface Edges {
  /** How near a strong edge of the light is that stands alone. */
  readonly near: Float32Array
  /** How far edges stand so close that none of them is alone. */
  readonly thicket: Float32Array
}

function besideEdges(light: Plane): Edges {
  const { width, height, data } = light
  const edges = new Float32Array(data.length)
  for (let y = 0, n = 0; y < height; y++) {
    for (let x = 0; x < width; x++, n++) {
      const across = data[x < width - 1 ? n + 1 : n]! - data[x > 0 ? n - 1 : n]!
      const down = data[y < height - 1 ? n + width : n]! - data[y > 0 ? n - width : n]!
      // Math.hypot minds overflow and takes ten times as long.
      const share =
        (Math.sqrt(across * across + down * down) / 2 - EDGE.from) / (EDGE.whole - EDGE.from)
      edges[n] = share < 0 ? 0 : share > 1 ? 1 : share
    }
  }
  boxMean(edges, light, RIM_REACH, edges)
  const near = boxMean(edges, light, RIM_REACH >> 1, edges)
  const thicket = new Float32Array(near.length)
  for (let n = 0; n < near.length; n++) {
    const filled = near[n]!
    // In a thicket of edges a rim is no longer told from a stroke.
    const alone = (FILLED.most - filled) / (FILLED.most - FILLED.much)
    const there = Math.min(1, filled / FILLED.least)
    near[n] = there * Math.min(1, Math.max(0, alone))
    thicket[n] = there - near[n]!
  }
  return { near, thicket }
}
