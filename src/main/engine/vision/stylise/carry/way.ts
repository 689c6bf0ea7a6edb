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
 * @param step motion from the frame to its neighbour, with how far it is believed per cell
 */
export function followed(
  way: Trail,
  step: { readonly flow: FlowField; readonly trust: Float32Array },
  frame: Frame,
  key: Frame,
): Trail {
  const { width, height, move: ways, unbroken: whole } = way
  const { trust } = step
  const flow = step.flow.data
  const known = new Float32Array(width * height * 2)
  const unbroken = new Float32Array(width * height)
  for (let y = 0, n = 0; y < height; y++) {
    for (let x = 0; x < width; x++, n++) {
      const dx = flow[n * 2]!
      const dy = flow[n * 2 + 1]!
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
      const [c, d] = [a + down, b + down]
      known[n * 2] =
        w00 * ways[a * 2]! + w10 * ways[b * 2]! + w01 * ways[c * 2]! + w11 * ways[d * 2]! + dx
      known[n * 2 + 1] =
        w00 * ways[a * 2 + 1]! +
        w10 * ways[b * 2 + 1]! +
        w01 * ways[c * 2 + 1]! +
        w11 * ways[d * 2 + 1]! +
        dy
      const before = w00 * whole[a]! + w10 * whole[b]! + w01 * whole[c]! + w11 * whole[d]!
      unbroken[n] = before * rise(trust[n]!)
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
  const difference = new Float32Array(data.length)
  const slope = new Float32Array(data.length)
  for (let y = 0, n = 0; y < height; y++) {
    for (let x = 0; x < width; x++, n++) {
      difference[n] = bilinear(there, x + move[n * 2]!, y + move[n * 2 + 1]!) - data[n]!
      const across = data[x < width - 1 ? n + 1 : n]! - data[x > 0 ? n - 1 : n]!
      const down = data[y < height - 1 ? n + width : n]! - data[y > 0 ? n - width : n]!
      // Math.hypot minds overflow and takes ten times as long.
      slope[n] = Math.sqrt(across * across + down * down) / 2
    }
  }
  const light = boxMean(difference, here, AROUND)
  for (let n = 0; n < difference.length; n++) {
    difference[n] = Math.abs(difference[n]! - light[n]!)
  }
  const steep = boxMean(slope, here, NEAR)
  const apart = boxMean(difference, here, NEAR)
  const alike = new Float32Array(data.length)
  const same = new Float32Array(data.length)
  for (let y = 0, n = 0; y < height; y++) {
    for (let x = 0; x < width; x++, n++) {
      const tx = x + move[n * 2]!
      const ty = y + move[n * 2 + 1]!
      if (tx <= -0.5 || ty <= -0.5 || tx >= width - 0.5 || ty >= height - 0.5) continue
      const likely = Math.exp(-((apart[n]! / (LEVELS + SLACK * steep[n]!)) ** 2)) / ALIKE
      alike[n] = likely > 1 ? 1 : likely
      same[n] = Math.exp(-((apart[n]! / (SAME_LEVELS + SAME_SLACK * steep[n]!)) ** 2))
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
    const parts = Math.round(move[n]! * PARTS)
    moves[n] = parts < -32_768 ? -32_768 : parts > 32_767 ? 32_767 : parts
  }
  const beliefs = new Uint8Array(belief.length)
  for (let n = 0; n < beliefs.length; n++) beliefs[n] = Math.round(belief[n]! * 255)
  return { move: moves, belief: beliefs }
}

export function unpackWay({ move, belief }: PackedWay, { width, height }: Size): Way {
  const moves = new Float32Array(move.length)
  for (let n = 0; n < moves.length; n++) moves[n] = move[n]! / PARTS
  const beliefs = new Float32Array(belief.length)
  for (let n = 0; n < beliefs.length; n++) beliefs[n] = belief[n]! / 255
  return { width, height, move: moves, belief: beliefs }
}
