import type { MaskShape } from '../../shared/document/model.js'
import type { Tool } from '../state/editor.js'
import type { CursorAction, KeyboardCursor } from './keyboardCursor.js'
import { centredCursor, cursorKey } from './keyboardCursor.js'
import { beginGesture, isPaintTool } from './tools/index.js'
import type { Gesture } from './tools/index.js'
import type { PointerSample } from './tools/tool.js'
import type { Size } from './view.js'

export interface PainterDeps<Target> {
  tool(): { readonly tool: Tool; readonly size: number }
  /** What would be painted on now; null where there is no picture. */
  target(): Target | null
  sourceOf(target: Target): Size
  commit(target: Target, shape: MaskShape): void
  changed(): void
}

/** Painting with pointer and keyboard, apart from any canvas. Points are in source pixels. */
export interface Painter {
  begin(sample: PointerSample, erase: boolean): boolean
  move(sample: PointerSample): void
  end(): void
  /** Drops the gesture under way; true when there was one. */
  cancel(): boolean
  /** A key while the canvas has the keyboard; what it did, or null when it means nothing here. */
  key(key: string, shift: boolean): CursorAction | null
  /** The mark under way as it would be now. */
  preview(): MaskShape | null
  cursor(): KeyboardCursor | null
  hideCursor(): void
}

export function createPainter<Target>(deps: PainterDeps<Target>): Painter {
  let running: { readonly gesture: Gesture; readonly target: Target } | null = null
  let cursor: KeyboardCursor | null = null

  const begin = (sample: PointerSample, erase: boolean): boolean => {
    const { tool, size } = deps.tool()
    const target = deps.target()
    if (!isPaintTool(tool) || target === null) return false
    running = { gesture: beginGesture(tool, sample, { size, erase }), target }
    deps.changed()
    return true
  }

  const move = (sample: PointerSample): void => {
    if (running === null) return
    running = { ...running, gesture: running.gesture.move(sample) }
    deps.changed()
  }

  const end = (): void => {
    if (running === null) return
    const { gesture, target } = running
    running = null
    const shape = gesture.commit()
    if (shape !== null) deps.commit(target, shape)
    deps.changed()
  }

  const cancel = (): boolean => {
    if (cursor?.pressed === true) cursor = { ...cursor, pressed: false }
    if (running === null) return false
    running = null
    deps.changed()
    return true
  }

  return {
    begin,
    move,
    end,
    cancel,

    key(key, shift) {
      const target = running?.target ?? deps.target()
      if (!isPaintTool(deps.tool().tool) || target === null) return null
      const source = deps.sourceOf(target)
      const before = cursor ?? centredCursor(source)
      const result = cursorKey(before, key, shift, source)
      if (result === null) return null
      cursor = result.cursor
      // Shift means ten pixels here, not a constraint.
      const sample = { x: cursor.x, y: cursor.y, constrain: false }
      if (result.action === 'move') move(sample)
      else if (result.action === 'cancel') cancel()
      else if (result.action === 'release') end()
      else if (!begin(sample, false)) cursor = { ...cursor, pressed: false }
      deps.changed()
      return result.action
    },

    preview: () => running?.gesture.preview() ?? null,
    cursor: () => cursor,
    hideCursor() {
      if (cursor === null) return
      cancel()
      cursor = null
      deps.changed()
    },
  }
}
