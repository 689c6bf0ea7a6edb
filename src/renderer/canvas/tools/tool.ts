import type { MaskShape } from '../../../shared/document/model.js'

/** One pointer sample in source pixels, with the modifiers held at that moment. */
export interface PointerSample {
  readonly x: number
  readonly y: number
  /** Shift: straight strokes, squares, circles, lasso edges at multiples of 45 degrees. */
  readonly constrain: boolean
}

export interface ToolOptions {
  /** Brush diameter in source pixels. */
  readonly size: number
  /** The gesture takes away instead of adding. */
  readonly erase: boolean
}

/**
 * A painting tool as a pure reducer: `start` and `move` give the gesture's next state, `shape`
 * what it would commit now (null while there is nothing worth keeping). Leaving the state
 * behind cancels the gesture.
 */
export interface PaintTool<State> {
  start(sample: PointerSample, options: ToolOptions): State
  move(state: State, sample: PointerSample): State
  /** For the preview while the gesture runs. */
  preview(state: State): MaskShape | null
  /** For the command when it ends: smoothed, thinned out and rounded. */
  commit(state: State): MaskShape | null
}

/** The end of a line from `from` turned to the nearest multiple of 45 degrees. */
export function constrainAngle(
  from: { readonly x: number; readonly y: number },
  to: { readonly x: number; readonly y: number },
): { x: number; y: number } {
  const dx = to.x - from.x
  const dy = to.y - from.y
  const step = Math.PI / 4
  const angle = Math.round(Math.atan2(dy, dx) / step) * step
  // Projecting keeps the end beside the pointer rather than at its distance.
  const along = dx * Math.cos(angle) + dy * Math.sin(angle)
  return { x: from.x + along * Math.cos(angle), y: from.y + along * Math.sin(angle) }
}
