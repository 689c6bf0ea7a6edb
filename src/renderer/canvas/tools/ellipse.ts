import type { MaskShape } from '../../../shared/document/model.js'
import type { BoxState } from './box.js'
import { boxOf, moveBox, startBox } from './box.js'
import type { PaintTool } from './tool.js'

function shapeOf(state: BoxState): MaskShape | null {
  const box = boxOf(state)
  return box === null ? null : { kind: 'ellipse', erase: state.erase, ...box }
}

/** Inside the box from corner to corner; Shift makes a circle. */
export const ellipse: PaintTool<BoxState> = {
  start: startBox,
  move: moveBox,
  preview: shapeOf,
  commit: shapeOf,
}
