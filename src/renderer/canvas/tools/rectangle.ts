import type { MaskShape } from '../../../shared/document/model.js'
import type { BoxState } from './box.js'
import { boxOf, moveBox, startBox } from './box.js'
import type { PaintTool } from './tool.js'

function shapeOf(state: BoxState): MaskShape | null {
  const box = boxOf(state)
  return box === null ? null : { kind: 'rectangle', erase: state.erase, ...box }
}

/** Corner to corner; Shift makes a square. */
export const rectangle: PaintTool<BoxState> = {
  start: startBox,
  move: moveBox,
  preview: shapeOf,
  commit: shapeOf,
}
