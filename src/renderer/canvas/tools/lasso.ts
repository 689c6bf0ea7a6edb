import type { FreehandState } from './freehand.js'
import { movePath, pathPoints } from './freehand.js'
import { finishPoints } from '../../../shared/mask/points.js'
import type { PaintTool } from './tool.js'

/** Twice the enclosed area, by the shoelace formula; always positive. */
function doubleArea(points: readonly number[]): number {
  let sum = 0
  for (let i = 0; i < points.length; i += 2) {
    const next = (i + 2) % points.length
    sum += (points[i] ?? 0) * (points[next + 1] ?? 0) - (points[next] ?? 0) * (points[i + 1] ?? 0)
  }
  return Math.abs(sum)
}

/** A closed freehand outline; Shift draws straight edges at multiples of 45 degrees. */
export const lasso: PaintTool<FreehandState> = {
  start: (sample, options) => ({
    erase: options.erase,
    points: [sample.x, sample.y],
    straight: null,
  }),
  move: movePath,
  preview: (state) => ({ kind: 'lasso', erase: state.erase, points: pathPoints(state) }),
  commit(state) {
    const points = finishPoints(pathPoints(state))
    if (points.length < 6 || doubleArea(points) < 2) return null
    return { kind: 'lasso', erase: state.erase, points }
  },
}
