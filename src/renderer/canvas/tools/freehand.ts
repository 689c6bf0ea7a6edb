import type { PointerSample } from './tool.js'
import { constrainAngle } from './tool.js'

/** A freehand path in the making; what brush, eraser and lasso share. */
export interface FreehandState {
  readonly erase: boolean
  /** x0, y0, x1, y1 ... so far, without the running straight piece. */
  readonly points: readonly number[]
  /** End of the straight piece while Shift is held, from the last of `points`. */
  readonly straight: { readonly x: number; readonly y: number } | null
}

export function pathPoints(state: FreehandState): readonly number[] {
  return state.straight === null
    ? state.points
    : [...state.points, state.straight.x, state.straight.y]
}

/** Adds the sample; with Shift it turns the running straight piece instead. */
export function movePath<S extends FreehandState>(state: S, sample: PointerSample): S {
  const x = state.points.at(-2) ?? sample.x
  const y = state.points.at(-1) ?? sample.y
  if (sample.constrain) return { ...state, straight: constrainAngle({ x, y }, sample) }
  const before = pathPoints(state)
  if (before.at(-2) === sample.x && before.at(-1) === sample.y) return state
  return { ...state, points: [...before, sample.x, sample.y], straight: null }
}
