import { describe, expect, it } from 'vitest'
import { frameOfName, nameOfFrame, paintedIn, withPainted } from './style.js'

describe('frames painted by hand', () => {
  it.each([
    ['12.png', 12],
    ['shot 2 - 0040.png', 40],
    ['frame 7 (final).png', 7],
    ['clip.v3.0120.tif', 120],
    ['frame_000001.png', 0],
    ['frame_000121.png', 120],
    ['frame_12.png', 12],
    ['poster.png', null],
    ['20261126183000123.png', null],
  ])('%s stands for frame %s', (name, frame) => {
    expect(frameOfName(name)).toBe(frame)
  })

  it.each([0, 7, 40, 123_456])('saved as frame %i come back to it', (frame) => {
    expect(frameOfName(nameOfFrame(frame))).toBe(frame)
  })

  it('are kept in order, one a frame', () => {
    const on = (frame: number, path: string) => ({ frame, path })
    const list = withPainted(withPainted([on(4, 'a'), on(9, 'b')], on(6, 'c')), on(9, 'd'))
    expect(list).toEqual([on(4, 'a'), on(6, 'c'), on(9, 'd')])
    expect(paintedIn(list, { from: 6, to: 9 })).toEqual([on(6, 'c')])
  })
})
