import { boxMean } from '../../boxMean.js'
import type { FlowField } from '../../flow.js'
import type { Plane, Size } from '../../image.js'
import { bilinear } from '../../sample.js'
import type { Frame } from '../../between/pairMotion.js'
import { refineFlow } from '../../between/patchFlow.js'

/** Where each cell of a frame lies in a key frame, and how far that is believed. */
export interface Way extends Size {
  /** Cells from here to there (x, y interleaved). */
  readonly move: Float32Array
  /** 0..1 per cell: how far the way came without a gap, and looks like what lies at its end. */
  readonly belief: Float32Array
}

/** A way with what the next step needs of it. */
export interface Trail extends Way {
  /** 0..1 per cell: how far the way came without a gap. */
  readonly unbroken: Float32Array
}

/** Trust of one step below which the way is lost, and from which nothing of it is. */
const LOST = 0.1
const SURE = 0.6

/** Cells over which looks are compared, and those whose mean light does not count. */
const NEAR = 1
const AROUND = 6
/** Levels of brightness by which a place may look different before it is believed a third as much. */
const LEVELS = 14
/** Part of a cell by which a place may lie beside itself: at an edge that looks like a difference. */
const SLACK = 0.75
/** The same for a place that looks just the same. */
const SAME_LEVELS = 4
const SAME_SLACK = 0.3
/** Noise makes the same place look a little different: so much of a likeness is whole. */
const ALIKE = 0.87

/** The key frame itself. */
export function stillWay({ width, height }: Size): Trail {
  const cells = width * height
  const all = new Float32Array(cells).fill(1)
  return { width, height, move: new Float32Array(cells * 2), belief: all, unbroken: all }
}

/**
 * The way from a frame to the key frame by one more step: first to the neighbour that is nearer to
 * the key, then along the neighbour's way; what comes of that is found to the fraction of a cell in
 * the key frame itself, so that nothing drifts.
 *
 * @param step motion from the frame to its neighbour, with how far it is believed per cell; at the
 * way's size or at half of it, as `coarseMotion` gives it
 */
export function followed(
  way: Trail,
  step: { readonly flow: FlowField; readonly trust: Float32Array },
  frame: Frame,
  key: Frame,
): Trail {
  const { width, height, move: ways, unbroken: whole } = way
  const known = kept(0, width * height * 2)
  const unbroken = new Float32Array(width * height)
  const across = new Float32Array(width)
  const below = new Float32Array(width)
  const trust = new Float32Array(width)
  for (let y = 0, n = 0; y < height; y++) {
    stepRow(step.flow.data, 2, 0, step.flow, way, y, across)
    stepRow(step.flow.data, 2, 1, step.flow, way, y, below)
    stepRow(step.trust, 1, 0, step.flow, way, y, trust)
    for (let x = 0; x < width; x++, n++) {
      const dx = across[x]!
      const dy = below[x]!
      const px = hold(x + dx, width)
      const py = hold(y + dy, height)
      const ix = Math.min(width - 1, Math.floor(px))
      const iy = Math.min(height - 1, Math.floor(py))
      const fx = px - ix
      const fy = py - iy
      const a = iy * width + ix
      const b = ix < width - 1 ? a + 1 : a
      const down = iy < height - 1 ? width : 0
      const w00 = (1 - fx) * (1 - fy)
      const w10 = fx * (1 - fy)
      const w01 = (1 - fx) * fy
      const w11 = fx * fy
      const c = a + down
      const d = b + down
      known[n * 2] =
        w00 * ways[a * 2]! + w10 * ways[b * 2]! + w01 * ways[c * 2]! + w11 * ways[d * 2]! + dx
      known[n * 2 + 1] =
        w00 * ways[a * 2 + 1]! +
        w10 * ways[b * 2 + 1]! +
        w01 * ways[c * 2 + 1]! +
        w11 * ways[d * 2 + 1]! +
        dy
      const before = w00 * whole[a]! + w10 * whole[b]! + w01 * whole[c]! + w11 * whole[d]!
      unbroken[n] = before * rise(trust[x]!)
    }
  }
  const { data: move } = refineFlow(frame.pyramid, key.pyramid, { width, height, data: known })
  const { alike: belief, same } = likeness(frame.plane, key.plane, move)
  for (let n = 0; n < belief.length; n++) {
    unbroken[n] = Math.max(unbroken[n]!, same[n]!)
    belief[n] = belief[n]! * unbroken[n]!
  }
  return { width, height, move, belief, unbroken }
}

/**
 * Large buffers of one call, kept for the next: the system fills each new one with zeros page by page,
 * which took longer than what they were used for.
 */
const buffers: Float32Array[] = []

function kept(index: number, length: number): Float32Array {
  const there = buffers[index]
  if (there?.length === length) return there
  return (buffers[index] = new Float32Array(length))
}

/**
 * A channel of a step along a row of cells, in cells; between those of twice the size in straight
 * lines.
 */
function stepRow(
  data: Float32Array,
  channels: 1 | 2,
  channel: 0 | 1,
  from: Size,
  to: Size,
  y: number,
  out: Float32Array,
): void {
  if (from.width === to.width && from.height === to.height) {
    for (let x = 0, at = y * to.width * channels + channel; x < out.length; x++, at += channels) {
      out[x] = data[at]!
    }
    return
  }
  const v = hold((y + 0.5) / 2 - 0.5, from.height)
  const top = Math.floor(v)
  const down = top < from.height - 1 ? from.width * channels : 0
  const first = top * from.width * channels + channel
  // Motion is twice as long in cells half as large; trust stays what it is.
  const [above, under] = [channels * (1 - v + top), channels * (v - top)]
  for (let x = 0; x < out.length; x++) {
    const u = hold((x + 0.5) / 2 - 0.5, from.width)
    const left = Math.floor(u)
    const a = first + left * channels
    const b = left < from.width - 1 ? a + channels : a
    const here = above * data[a]! + under * data[a + down]!
    const beside = above * data[b]! + under * data[b + down]!
    out[x] = here + (u - left) * (beside - here)
  }
}

const FALL_PARTS = 256
const FALL = Float32Array.from({ length: 4 * FALL_PARTS + 1 }, (_, n) =>
  Math.exp(-((n / FALL_PARTS) ** 2)),
)

/** exp(-x²) of x >= 0, to 1/500: the function itself took a quarter of this file's time. */
function fall(x: number): number {
  return x >= 4 ? 0 : FALL[(x * FALL_PARTS + 0.5) | 0]!
}

interface Likeness {
  /** 0..1 per cell: how much a place looks like the one it is said to be, whatever the light there. */
  readonly alike: Float32Array
  /**
   * 0..1 per cell: how far it looks just the same. That mends a way: along an edge there and back
   * may not meet, and any place of it is as good as another.
   */
  readonly same: Float32Array
}

function likeness(here: Plane, there: Plane, move: Float32Array): Likeness {
  const { width, height, data } = here
  const difference = kept(1, data.length)
  const slope = kept(2, data.length)
  for (let y = 0, n = 0; y < height; y++) {
    for (let x = 0; x < width; x++, n++) {
      difference[n] = bilinear(there, x + move[n * 2]!, y + move[n * 2 + 1]!) - data[n]!
      const across = data[x < width - 1 ? n + 1 : n]! - data[x > 0 ? n - 1 : n]!
      const down = data[y < height - 1 ? n + width : n]! - data[y > 0 ? n - width : n]!
      // Math.hypot minds overflow and takes ten times as long.
      slope[n] = Math.sqrt(across * across + down * down) / 2
    }
  }
  const light = boxMean(difference, here, AROUND, kept(3, data.length))
  for (let n = 0; n < difference.length; n++) {
    difference[n] = Math.abs(difference[n]! - light[n]!)
  }
  const steep = boxMean(slope, here, NEAR, slope)
  const apart = boxMean(difference, here, NEAR, difference)
  const alike = new Float32Array(data.length)
  const same = kept(4, data.length)
  for (let y = 0, n = 0; y < height; y++) {
    for (let x = 0; x < width; x++, n++) {
      const tx = x + move[n * 2]!
      const ty = y + move[n * 2 + 1]!
      same[n] = 0
      if (tx <= -0.5 || ty <= -0.5 || tx >= width - 0.5 || ty >= height - 0.5) continue
      const likely = fall(apart[n]! / (LEVELS + SLACK * steep[n]!)) / ALIKE
      alike[n] = likely > 1 ? 1 : likely
      same[n] = fall(apart[n]! / (SAME_LEVELS + SAME_SLACK * steep[n]!))
    }
  }
  return { alike, same }
}

function rise(trust: number): number {
  const share = Math.min(1, Math.max(0, (trust - LOST) / (SURE - LOST)))
  return share * share * (3 - 2 * share)
}

function hold(value: number, length: number): number {
  return value < 0 ? 0 : value > length - 1 ? length - 1 : value
}

/** A way at a quarter of the room: 1/32 of a cell, 1/255 of belief. */
export interface PackedWay {
  readonly move: Int16Array
  readonly belief: Uint8Array
}

const PARTS = 32

// By loops: `from` with a function of what becomes of each value takes fifty times as long.

export function packWay({ move, belief }: Pick<Way, 'move' | 'belief'>): PackedWay {
  const moves = new Int16Array(move.length)
  for (let n = 0; n < moves.length; n++) {
    const parts = move[n]! * PARTS
    // Rounded by cutting off what is above zero: a fifth of the time of Math.round.
    moves[n] =
      parts < -32_768 ? -32_768 : parts > 32_767 ? 32_767 : ((parts + 32_768.5) | 0) - 32_768
  }
  const beliefs = new Uint8Array(belief.length)
  for (let n = 0; n < beliefs.length; n++) beliefs[n] = belief[n]! * 255 + 0.5
  return { move: moves, belief: beliefs }
}

/** @param into one that is no longer needed */
export function unpackWay(
  { move, belief }: PackedWay,
  { width, height }: Size,
  into: Way | null = null,
): Way {
  const fits = into?.belief.length === belief.length ? into : null
  const moves = fits?.move ?? new Float32Array(move.length)
  for (let n = 0; n < moves.length; n++) moves[n] = move[n]! / PARTS
  const beliefs = fits?.belief ?? new Float32Array(belief.length)
  for (let n = 0; n < beliefs.length; n++) beliefs[n] = belief[n]! / 255
  return { width, height, move: moves, belief: beliefs }
}
