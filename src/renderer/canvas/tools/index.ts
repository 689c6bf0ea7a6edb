import type { MaskShape } from '../../../shared/document/model.js'
import type { Tool } from '../../state/editor.js'
import { brush } from './brush.js'
import { ellipse } from './ellipse.js'
import { eraser } from './eraser.js'
import { lasso } from './lasso.js'
import { rectangle } from './rectangle.js'
import type { PaintTool, PointerSample, ToolOptions } from './tool.js'

export type PaintToolName = Exclude<Tool, 'select' | 'hand'>

export function isPaintTool(tool: Tool): tool is PaintToolName {
  return tool !== 'select' && tool !== 'hand'
}

/** A gesture that has begun, whichever tool it belongs to. Immutable: `move` gives the next one. */
export interface Gesture {
  move(sample: PointerSample): Gesture
  preview(): MaskShape | null
  commit(): MaskShape | null
}

function running<State>(tool: PaintTool<State>, state: State): Gesture {
  return {
    move(sample) {
      return running(tool, tool.move(state, sample))
    },
    preview: () => tool.preview(state),
    commit: () => tool.commit(state),
  }
}

/** The first sample of a gesture with the named tool. */
export function beginGesture(
  name: PaintToolName,
  sample: PointerSample,
  options: ToolOptions,
): Gesture {
  switch (name) {
    case 'brush':
      return running(brush, brush.start(sample, options))
    case 'eraser':
      return running(eraser, eraser.start(sample, options))
    case 'rectangle':
      return running(rectangle, rectangle.start(sample, options))
    case 'ellipse':
      return running(ellipse, ellipse.start(sample, options))
    case 'lasso':
      return running(lasso, lasso.start(sample, options))
  }
}
