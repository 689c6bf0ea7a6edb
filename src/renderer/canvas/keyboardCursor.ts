import type { Point, Size } from './view.js'

/** Painting without a pointer: a cursor in source pixels that presses and releases like a button. */
export interface KeyboardCursor extends Point {
  readonly pressed: boolean
}

/** What a key asks of the canvas. */
export type CursorAction = 'move' | 'press' | 'release' | 'cancel'

const STEPS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
}

/** Source pixels per arrow key press. */
export const FINE_STEP = 1
export const COARSE_STEP = 10

export function centredCursor(source: Size): KeyboardCursor {
  return { x: Math.floor(source.width / 2), y: Math.floor(source.height / 2), pressed: false }
}

/**
 * The cursor after a key, and what it means for the gesture: arrows move (Shift: ten pixels),
 * Space or Enter presses and releases in turn, Escape cancels. Null for any other key.
 */
export function cursorKey(
  cursor: KeyboardCursor,
  key: string,
  coarse: boolean,
  source: Size,
): { readonly cursor: KeyboardCursor; readonly action: CursorAction } | null {
  const step = STEPS[key]
  if (step !== undefined) {
    const by = coarse ? COARSE_STEP : FINE_STEP
    const within = (value: number, size: number): number => Math.max(0, Math.min(size - 1, value))
    return {
      cursor: {
        ...cursor,
        x: within(cursor.x + step.x * by, source.width),
        y: within(cursor.y + step.y * by, source.height),
      },
      action: 'move',
    }
  }
  if (key === ' ' || key === 'Enter') {
    return {
      cursor: { ...cursor, pressed: !cursor.pressed },
      action: cursor.pressed ? 'release' : 'press',
    }
  }
  if (key === 'Escape' && cursor.pressed) {
    return { cursor: { ...cursor, pressed: false }, action: 'cancel' }
  }
  return null
}
