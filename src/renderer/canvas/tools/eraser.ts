import type { PaintTool } from './tool.js'
import type { StrokeState } from './brush.js'
import { brush } from './brush.js'

/** The brush that takes away. */
export const eraser: PaintTool<StrokeState> = {
  ...brush,
  start: (sample, options) => brush.start(sample, { ...options, erase: true }),
}
