import type { MaskKeyframe, MaskRec } from '../../../../shared/document/model.js'
import { maskAt, rasteriseShapes } from '../../../../shared/mask/index.js'
import type { Size } from '../image.js'

/** A tracked frame as shapes; empty where there is nothing. */
export interface TrackedShapes {
  readonly frame: number
  readonly shapes: MaskKeyframe
  /** Kept whatever its neighbours show. */
  readonly pinned?: boolean
}

/** Frames between two key frames at most: further apart, a correction would reach too far. */
const LONGEST_GAP = 6

/**
 * What lies between two key frames may differ from what was tracked there by this share of its area
 * and, along its outline, by this share of the picture's height: less than a sixth of what removal
 * grows a mask by, and about what an outline trembles.
 */
const AREA_OFF = 0.02
const OUTLINE_OFF = 0.004

/** Side of the picture in which shapes are compared. */
const LOOK = 96

/**
 * The fewest of the tracked frames that, interpolated, show the others: few diamonds to edit, and
 * a small project. Frames in order, without gaps.
 */
export function chooseKeyframes(
  tracked: readonly TrackedShapes[],
  source: Size,
): Record<string, MaskKeyframe> {
  const keyframes: Record<string, MaskKeyframe> = {}
  let at = 0
  while (at < tracked.length) {
    const key = tracked[at]!
    keyframes[String(key.frame)] = key.shapes
    let gap = Math.min(LONGEST_GAP, tracked.length - 1 - at)
    const pin = tracked.slice(at + 1, at + gap + 1).findIndex((one) => one.pinned === true)
    if (pin >= 0) gap = pin + 1
    while (gap > 1 && !isFaithful(tracked.slice(at, at + gap + 1), source)) gap--
    at += Math.max(1, gap)
  }
  return keyframes
}

/** True when the first and last frame of a run, interpolated, show those between. */
function isFaithful(run: readonly TrackedShapes[], source: Size): boolean {
  const first = run[0]!
  const last = run.at(-1)!
  if (run.some(({ shapes }) => shapes.length === 0)) return false
  const view = viewOf(run, source)
  const shift = (shapes: MaskKeyframe): MaskKeyframe =>
    shapes.map((shape) =>
      shape.kind === 'lasso'
        ? { ...shape, points: shape.points.map((v, i) => v - (i % 2 === 0 ? view.x : view.y)) }
        : shape,
    )
  const mask: Pick<MaskRec, 'keyframes'> = {
    keyframes: { [first.frame]: shift(first.shapes), [last.frame]: shift(last.shapes) },
  }
  const plain: MaskRec = { ...NEUTRAL, ...mask }
  return run.slice(1, -1).every(({ frame, shapes }) => {
    const shown = maskAt(plain, frame, view, view.out)
    const wanted = rasteriseShapes(shift(shapes), view, view.out)
    let area = 0
    let off = 0
    for (let i = 0; i < shown.length; i++) {
      area += wanted[i]! / 255
      off += Math.abs(shown[i]! - wanted[i]!) / 255
    }
    const scale = view.out.width / view.width
    const slack = outlineLength(shapes) * OUTLINE_OFF * source.height * scale ** 2
    return off <= AREA_OFF * area + slack
  })
}

function outlineLength(shapes: MaskKeyframe): number {
  let length = 0
  for (const shape of shapes) {
    if (shape.kind !== 'lasso') continue
    const { points } = shape
    for (let i = 0; i < points.length; i += 2) {
      const j = (i + 2) % points.length
      length += Math.hypot(points[j]! - points[i]!, points[j + 1]! - points[i + 1]!)
    }
  }
  return length
}

/** A mask without settings of its own. */
const NEUTRAL: MaskRec = {
  id: 'mask_run',
  type: 'mask',
  assetId: 'asset_run',
  name: 'run',
  keyframes: {},
  between: 'interpolate',
  feather: 0,
  grow: 0,
  inverted: false,
  overlay: { colour: '#ffffff', opacity: 1 },
}

/** The part of the picture that holds all shapes of a run, and the size to look at it. */
function viewOf(
  run: readonly TrackedShapes[],
  source: Size,
): Size & { readonly x: number; readonly y: number; readonly out: Size } {
  let left = Infinity
  let top = Infinity
  let right = -Infinity
  let bottom = -Infinity
  for (const { shapes } of run) {
    for (const shape of shapes) {
      if (shape.kind !== 'lasso') return { ...source, x: 0, y: 0, out: look(source) }
      for (let i = 0; i < shape.points.length; i += 2) {
        left = Math.min(left, shape.points[i]!)
        right = Math.max(right, shape.points[i]!)
        top = Math.min(top, shape.points[i + 1]!)
        bottom = Math.max(bottom, shape.points[i + 1]!)
      }
    }
  }
  const margin = 0.1 * Math.max(right - left, bottom - top) + 4
  const size = { width: right - left + 2 * margin, height: bottom - top + 2 * margin }
  return { ...size, x: left - margin, y: top - margin, out: look(size) }
}

function look({ width, height }: Size): Size {
  const scale = LOOK / Math.max(width, height)
  return {
    width: Math.max(8, Math.round(width * scale)),
    height: Math.max(8, Math.round(height * scale)),
  }
}
