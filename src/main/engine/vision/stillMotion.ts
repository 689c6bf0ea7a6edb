import { signedDistance } from '../../../shared/mask/index.js'
import type { Plane, Size } from './image.js'
import { bilinear } from './sample.js'

/**
 * Motion that stands still while things move along it (Holynski et al., 2021, "Eulerian" motion):
 * for every cell a velocity in cells a frame. What a point shows n frames later is found by
 * following the field backwards, so no holes open.
 */
export interface MotionField extends Size {
  readonly x: Float32Array
  readonly y: Float32Array
}

/** Most that anything may travel in a cycle, as a share of the picture's width: more tears apart. */
const LONGEST_PATH = 0.12
/** Width of the edge inside a region over which motion sets in, as a share of the region's depth. */
const EDGE = 0.35
/** Share of moving cells whose speed is not counted when the field is scaled. */
const OUTLIERS = 0.05

/** A field that goes one way everywhere. @param degrees 0 is right, 90 up */
export function uniformField(size: Size, degrees: number): MotionField {
  const angle = (degrees * Math.PI) / 180
  const cells = size.width * size.height
  return {
    ...size,
    x: new Float32Array(cells).fill(Math.cos(angle)),
    y: new Float32Array(cells).fill(-Math.sin(angle)),
  }
}

/**
 * How much of the motion each cell takes part in, 0..1: none outside the region, rising from its
 * edge inwards. The picture's own border is no edge.
 *
 * @param region coverage 0..255
 */
export function motionShare(region: Uint8Array, size: Size): Float32Array {
  const share = new Float32Array(region.length)
  const edge = edgeOf(region, size)
  if (edge === null) return share.fill(1)
  const { distance, ramp } = edge
  for (let n = 0; n < share.length; n++) {
    const inside = Math.min(1, Math.max(0, -distance[n]! / ramp))
    share[n] = inside * inside * (3 - 2 * inside)
  }
  return share
}

/** How far inside the region each cell lies, and over how many cells motion sets in; null without an edge. */
function edgeOf(
  region: Uint8Array,
  { width, height }: Size,
): { readonly distance: Float32Array; readonly ramp: number } | null {
  if (region.every((value) => value === 255)) return null
  const distance = signedDistance(region, width, height)
  let depth = 0
  for (const value of distance) depth = Math.max(depth, -value)
  return { distance, ramp: Math.max(1, depth * EDGE) }
}

/**
 * How many turns a loop has to take so that nothing travels further in one of them than motion
 * takes to set in. Where it did, what lies along the edge would be squeezed into folds, and what
 * crosses it would be bent. More turns are as fast, and go less far.
 *
 * @param most beyond that a turn would be too short: one would see the fade rather than the motion
 */
export function turnsOf(region: Uint8Array, size: Size, strength: number, most: number): number {
  const edge = edgeOf(region, size)
  if (edge === null) return 1
  const turns = Math.ceil((LONGEST_PATH * size.width * strength) / edge.ramp)
  return Math.max(1, Math.min(most, turns))
}

/**
 * Scales a field so that its fast parts travel `strength` of the longest path in a cycle, or the
 * same path in so many turns, and fades it out by `share`.
 *
 * @returns null where nothing moves
 */
export function scaleField(
  field: MotionField,
  share: Float32Array,
  options: {
    readonly strength: number
    readonly cycle: number
    readonly turns?: number
    readonly least: number
  },
): MotionField | null {
  const speeds: number[] = []
  for (let n = 0; n < share.length; n++) {
    if (share[n]! > 0.5) speeds.push(Math.hypot(field.x[n]!, field.y[n]!))
  }
  speeds.sort((a, b) => a - b)
  const fast = speeds[Math.floor((speeds.length - 1) * (1 - OUTLIERS))] ?? 0
  if (fast < options.least) return null
  const { strength, cycle, turns = 1 } = options
  const longest = (LONGEST_PATH * field.width * strength) / (cycle * turns)
  const scaled = (values: Float32Array): Float32Array =>
    values.map((value, n) => {
      const speed = Math.hypot(field.x[n]!, field.y[n]!)
      const limit = speed > fast ? fast / speed : 1
      return (value / fast) * limit * longest * share[n]!
    })
  return { width: field.width, height: field.height, x: scaled(field.x), y: scaled(field.y) }
}

/** Where every cell's content lies after following the field, as offsets in cells. */
export interface Offsets {
  readonly x: Plane
  readonly y: Plane
}

/**
 * Offsets after 0, 1, ... `steps` frames along the field.
 *
 * @param sense 1 follows it, -1 goes back to where things came from
 */
export function followField(field: MotionField, steps: number, sense: 1 | -1): Offsets[] {
  const { width, height } = field
  const speedX: Plane = { width, height, data: field.x }
  const speedY: Plane = { width, height, data: field.y }
  const still = (): Plane => ({ width, height, data: new Float32Array(width * height) })
  const all: Offsets[] = [{ x: still(), y: still() }]
  for (let step = 0; step < steps; step++) {
    const before = all[step]!
    const after = { x: still(), y: still() }
    for (let n = 0; n < width * height; n++) {
      const x = (n % width) + before.x.data[n]!
      const y = Math.floor(n / width) + before.y.data[n]!
      after.x.data[n] = before.x.data[n]! + sense * bilinear(speedX, x, y)
      after.y.data[n] = before.y.data[n]! + sense * bilinear(speedY, x, y)
    }
    all.push(after)
  }
  return all
}
