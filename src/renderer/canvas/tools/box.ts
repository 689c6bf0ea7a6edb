import { roundCoordinate } from '../../../shared/mask/points.js'
import type { PointerSample, ToolOptions } from './tool.js'

/** A gesture that spans a box between two opposite corners; what rectangle and ellipse share. */
export interface BoxState {
  readonly erase: boolean
  readonly from: { readonly x: number; readonly y: number }
  readonly to: { readonly x: number; readonly y: number }
}

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export function startBox(sample: PointerSample, options: ToolOptions): BoxState {
  const point = { x: sample.x, y: sample.y }
  return { erase: options.erase, from: point, to: point }
}

export function moveBox(state: BoxState, sample: PointerSample): BoxState {
  if (!sample.constrain) return { ...state, to: { x: sample.x, y: sample.y } }
  const dx = sample.x - state.from.x
  const dy = sample.y - state.from.y
  const side = Math.max(Math.abs(dx), Math.abs(dy))
  return {
    ...state,
    to: {
      x: state.from.x + (dx < 0 ? -side : side),
      y: state.from.y + (dy < 0 ? -side : side),
    },
  }
}

/** The box as position and size; null while it is thinner than a pixel either way. */
export function boxOf(state: BoxState): Box | null {
  const width = Math.abs(state.to.x - state.from.x)
  const height = Math.abs(state.to.y - state.from.y)
  if (width < 1 || height < 1) return null
  return {
    x: roundCoordinate(Math.min(state.from.x, state.to.x)),
    y: roundCoordinate(Math.min(state.from.y, state.to.y)),
    width: roundCoordinate(width),
    height: roundCoordinate(height),
  }
}
