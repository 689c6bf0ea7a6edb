import { describe, expect, it } from 'vitest'
import { SHORTCUTS, actionFor, keysOf } from './keymap.js'
import type { KeyPress } from './keymap.js'

function press(key: string, code: string, modifiers: Partial<KeyPress> = {}): KeyPress {
  return { key, code, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...modifiers }
}

describe('keys', () => {
  it('spells modifiers the same way on every system', () => {
    expect(keysOf(press('z', 'KeyZ', { ctrlKey: true }))).toBe('Mod+Z')
    expect(keysOf(press('Z', 'KeyZ', { metaKey: true, shiftKey: true }))).toBe('Mod+Shift+Z')
    expect(keysOf(press(' ', 'Space'))).toBe('Space')
    expect(keysOf(press('ArrowLeft', 'ArrowLeft', { shiftKey: true }))).toBe('Shift+ArrowLeft')
  })

  it('takes signs as typed, whatever the layout needs for them', () => {
    expect(keysOf(press('?', 'Slash', { shiftKey: true }))).toBe('?')
    expect(keysOf(press('?', 'Minus', { shiftKey: true }))).toBe('?')
    expect(keysOf(press('[', 'BracketLeft', { ctrlKey: true, altKey: true }))).toBe('[')
    expect(keysOf(press('\\', 'Backquote'))).toBe('\\')
  })

  it('follows the printed letter, and the place of the key where there is no Latin letter', () => {
    expect(keysOf(press('q', 'KeyA'))).toBe('Q')
    expect(keysOf(press('о', 'KeyJ'))).toBe('J')
  })

  it('treats Backspace as Delete', () => {
    expect(actionFor(keysOf(press('Backspace', 'Backspace')))).toBe('deleteSelection')
  })
})

describe('key map', () => {
  it('binds every combination once', () => {
    const all = SHORTCUTS.flatMap(({ bindings }) => bindings.map(({ keys }) => keys))
    expect(new Set(all).size).toBe(all.length)
  })

  it('leaves J, K, L, I and O to the transport', () => {
    expect(['J', 'K', 'L', 'I', 'O'].map(actionFor)).toEqual([
      'shuttleBack',
      'shuttleStop',
      'shuttleForward',
      'markIn',
      'markOut',
    ])
  })
})
