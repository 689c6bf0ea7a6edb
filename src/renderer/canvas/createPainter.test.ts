import { describe, expect, it } from 'vitest'
import type { MaskShape } from '../../shared/document/model.js'
import type { Tool } from '../state/editor.js'
import { createPainter } from './createPainter.js'

function setUp(tool: Tool = 'brush', target: string | null = 'frame 7') {
  const marks: { target: string; shape: MaskShape }[] = []
  const painter = createPainter<string>({
    tool: () => ({ tool, size: 20 }),
    target: () => target,
    sourceOf: () => ({ width: 640, height: 360 }),
    commit: (on, shape) => marks.push({ target: on, shape }),
    changed: () => undefined,
  })
  return { painter, marks }
}

const at = (x: number, y: number) => ({ x, y, constrain: false })

describe('painter', () => {
  it('commits one mark for a whole gesture, on what was there when it began', () => {
    const { painter, marks } = setUp()
    painter.begin(at(10, 10), false)
    painter.move(at(50, 10))
    painter.move(at(90, 10))
    expect(marks).toEqual([])
    painter.end()
    expect(marks).toMatchObject([{ target: 'frame 7', shape: { points: [10, 10, 90, 10] } }])
    painter.end()
    expect(marks).toHaveLength(1)
  })

  it('drops a cancelled gesture', () => {
    const { painter, marks } = setUp()
    painter.begin(at(10, 10), false)
    expect(painter.cancel()).toBe(true)
    painter.end()
    expect(marks).toEqual([])
    expect(painter.preview()).toBeNull()
    expect(painter.cancel()).toBe(false)
  })

  it('does nothing without a painting tool or a picture', () => {
    expect(setUp('select').painter.begin(at(1, 1), false)).toBe(false)
    expect(setUp('brush', null).painter.begin(at(1, 1), false)).toBe(false)
    expect(setUp('hand').painter.key('ArrowLeft', false)).toBeNull()
  })

  it('paints a stroke by keyboard', () => {
    const { painter, marks } = setUp()
    painter.key('ArrowLeft', true)
    painter.key(' ', false)
    painter.key('ArrowRight', true)
    painter.key('ArrowRight', true)
    painter.key('Enter', false)
    expect(marks[0]?.shape).toMatchObject({ kind: 'stroke', points: [310, 180, 330, 180] })
  })

  it('marks the corners of a rectangle by keyboard', () => {
    const { painter, marks } = setUp('rectangle')
    painter.key('Enter', false)
    for (let i = 0; i < 3; i += 1) painter.key('ArrowRight', true)
    for (let i = 0; i < 2; i += 1) painter.key('ArrowDown', true)
    painter.key('Enter', false)
    expect(marks[0]?.shape).toMatchObject({ x: 320, y: 180, width: 30, height: 20 })
  })

  it('cancels by Escape and by leaving', () => {
    const { painter, marks } = setUp()
    painter.key(' ', false)
    expect(painter.key('Escape', false)).toBe('cancel')
    painter.key(' ', false)
    painter.hideCursor()
    expect(painter.cursor()).toBeNull()
    expect(marks).toEqual([])
  })
})
