import type { MaskShape } from '../../../shared/document/model.js'
import type { FreehandState } from './freehand.js'
import { movePath, pathPoints } from './freehand.js'
import { finishPoints } from '../../../shared/mask/points.js'
import type { PaintTool } from './tool.js'

export interface StrokeState extends FreehandState {
  readonly size: number
}

function stroke(state: StrokeState, points: readonly number[]): MaskShape {
  return { kind: 'stroke', erase: state.erase, size: state.size, points }
}

/** Freehand stroke with round ends; a click leaves a dot; Shift draws straight pieces. */
export const brush: PaintTool<StrokeState> = {
  start: (sample, options) => ({
    size: options.size,
    erase: options.erase,
    points: [sample.x, sample.y],
    straight: null,
  }),
  move: movePath,
  preview: (state) => stroke(state, pathPoints(state)),
  commit: (state) => stroke(state, finishPoints(pathPoints(state))),
}
