import { describe, expect, it } from 'vitest'
import { centredCursor, cursorKey } from './keyboardCursor.js'

const source = { width: 640, height: 360 }

describe('keyboard cursor', () => {
  it('starts in the middle and moves by one or ten pixels', () => {
    const start = centredCursor(source)
    expect(cursorKey(start, 'ArrowLeft', false, source)).toMatchObject({
      action: 'move',
      cursor: { x: 319, y: 180 },
    })
    expect(cursorKey(start, 'ArrowDown', true, source)?.cursor.y).toBe(190)
  })

  it('stays on the picture', () => {
    const corner = { x: 3, y: 358, pressed: false }
    expect(cursorKey(corner, 'ArrowLeft', true, source)?.cursor.x).toBe(0)
    expect(cursorKey(corner, 'ArrowDown', true, source)?.cursor.y).toBe(359)
  })

  it('presses, drags and releases', () => {
    const pressed = cursorKey(centredCursor(source), ' ', false, source)
    expect(pressed).toMatchObject({ action: 'press', cursor: { pressed: true } })
    const moved = pressed && cursorKey(pressed.cursor, 'ArrowRight', true, source)
    expect(moved?.cursor.pressed).toBe(true)
    expect(moved && cursorKey(moved.cursor, 'Enter', false, source)).toMatchObject({
      action: 'release',
      cursor: { pressed: false },
    })
  })

  it('cancels with Escape only while pressed, and leaves other keys alone', () => {
    const start = centredCursor(source)
    expect(cursorKey(start, 'Escape', false, source)).toBeNull()
    expect(cursorKey({ ...start, pressed: true }, 'Escape', false, source)?.action).toBe('cancel')
    expect(cursorKey(start, 'j', false, source)).toBeNull()
  })
})
